"""Findings as diagnostics of the protocol."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from cardlint.editor.bench import Judged
    from cardlint.editor.positions import Positions
    from cardlint.model import Finding

SOURCE = "cardlint"
_SEVERITY = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


def diagnostics(judged: Judged, positions: Positions, uri: str) -> list[types.Diagnostic]:
    """A diagnostic for each finding, in their order; one at the top where the card could not be judged."""
    if judged.outcome is None:
        return [_not_judged(judged.complaint)] if judged.complaint else []
    found = [_diagnostic(each, judged, positions, uri) for each in judged.outcome.findings]
    if judged.outcome.failure:
        found.append(_not_judged(f"cardlint failed on a part of this card: {judged.outcome.failure}"))
    return found


def _diagnostic(finding: Finding, judged: Judged, positions: Positions, uri: str) -> types.Diagnostic:
    page = judged.pages.get(finding.code)
    related = [
        types.DiagnosticRelatedInformation(types.Location(uri, positions.of_span(each.span)), each.message) for each in finding.related
    ]
    return types.Diagnostic(
        range=positions.of_span(finding.span),
        message=f"{finding.message}\n{finding.help}" if finding.help else finding.message,
        severity=_SEVERITY[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(Path(page).as_uri()) if page else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.name == "unused-suppression" else None,
        related_information=related or None,
        data={"fingerprint": finding.fingerprint},
    )


def _not_judged(why: str) -> types.Diagnostic:
    top = types.Range(types.Position(0, 0), types.Position(0, 0))
    return types.Diagnostic(top, why, types.DiagnosticSeverity.Warning, source=SOURCE, code="not-judged")
