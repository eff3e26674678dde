"""The report, version 1: one object a run, a card and a summary, in the shape of ``schemas/report-v1.schema.json``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cardlint import __version__
from cardlint.model import SILENCERS
from cardlint.report.matrix import control_records
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.engine.select import Selected
    from cardlint.model import Finding, Outcome, Span
    from cardlint.standards.standard import Head

VERSION = 1


class RunInfo(NamedTuple):
    """What a run is made of: profile, scopes, the selected rules and standards; ``engine`` is the digest of code and data.

    ``version`` is that of the cardlint which judged: of a saved report, not always the one that reads it.
    """

    profile: str
    scopes: tuple[str, ...]
    selected: tuple[Selected, ...]
    engine: str
    version: str = __version__
    standards: tuple[Head, ...] = ()


class Tally:
    """Counts that grow while outcomes go by; what the summary and the exit code are made of."""

    def __init__(self) -> None:
        self.cards = self.failed = self.flagged = self.unhonoured = 0
        self.findings: Counter[str] = Counter()
        self.fixable: Counter[str] = Counter()
        self.suppressed: Counter[str] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.cards += 1
        self.failed += outcome.failure is not None
        self.flagged += bool(outcome.findings)
        for finding in outcome.findings:
            self.findings[finding.severity] += 1
            if finding.fix is not None:
                self.fixable[finding.fix.safety] += 1
        self.unhonoured += outcome.unhonoured
        for finding in outcome.suppressed:
            if finding.suppressed is not None:
                self.suppressed[finding.suppressed.by] += 1


def run_record(info: RunInfo) -> dict[str, Any]:
    """The head of a report."""
    return {
        "version": VERSION,
        "tool": {"name": "cardlint", "version": info.version, "engine": info.engine},
        "profile": info.profile,
        "scopes": list(info.scopes),
        "rules": [{"code": rule.code, "severity": severity, "confidence": rule.confidence} for rule, severity in info.selected],
        **({"standards": [each._asdict() for each in info.standards]} if info.standards else {}),
    }


class Families:
    """Names a family in place of its codes, where all of them that were selected are meant."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._of: dict[str, list[str]] = {}
        for code in codes:
            self._of.setdefault(code.rstrip("0123456789"), []).append(code)
        self._known: dict[tuple[str, ...], list[str]] = {}

    def __call__(self, codes: Sequence[str]) -> list[str]:
        """Families and the codes that stand for themselves, in their order."""
        key = tuple(codes)
        if key not in self._known:
            given = set(codes)
            whole = {family: own for family, own in self._of.items() if given.issuperset(own)}
            covered = {code for own in whole.values() for code in own}
            self._known[key] = sorted({*whole, *(given - covered)})
        return self._known[key]


def card_record(outcome: Outcome, families: Families) -> dict[str, Any]:
    """One card's outcome."""
    return {
        "input": outcome.input,
        "repo": outcome.repo,
        "kind": outcome.kind,
        "path": outcome.path,
        "sha256": outcome.sha256,
        "failure": outcome.failure,
        "findings": [_finding_record(finding) for finding in told(outcome)],
        "not_checked": {reason: families(codes) for reason, codes in outcome.not_checked.items()},
        **({"standards": control_records(outcome.controls)} if outcome.controls else {}),
    }


def told(outcome: Outcome) -> Sequence[Finding]:
    """The findings that a report holds of a card, in their order: those that count, and the silent ones that it is to show."""
    if not outcome.suppressed:
        return outcome.findings
    return sorted((*outcome.findings, *outcome.suppressed), key=lambda each: (each.span, each.code, each.message))


def _finding_record(finding: Finding) -> dict[str, Any]:
    """One finding."""
    code, name, severity, confidence, message, help_text, span, at, fingerprint, fix, related, suppressed, _ = finding
    return {
        "code": code,
        "name": name,
        "severity": severity,
        "confidence": confidence,
        "message": message,
        "help": help_text,
        "span": _span(span),
        "at": at,
        "fingerprint": fingerprint,
        "fix": None
        if fix is None
        else {"safety": fix.safety, "edits": [{"span": _span(edit.span), "text": edit.text} for edit in fix.edits]},
        "related": [{"path": each.path, "span": _span(each.span), "message": each.message} for each in related],
        "suppressed": None if suppressed is None else suppressed._asdict(),
    }


def summary_record(tally: Tally) -> dict[str, Any]:
    """The counts of a run."""
    return {
        "cards": tally.cards,
        "failed": tally.failed,
        "findings": {severity: tally.findings[severity] for severity in ("error", "warning", "note")},
        "suppressed": {by: tally.suppressed[by] + (tally.unhonoured if by == "inline" else 0) for by in SILENCERS},
    }


def scopes_of(selected: Sequence[Selected]) -> tuple[str, ...]:
    """The scopes that the selected rules see, in their order."""
    scopes = {rule.scope for rule, _ in selected}
    return tuple(scope for scope in ("card", "repo", "hub") if scope in scopes)


def _span(span: Span) -> dict[str, int]:
    line, column, end_line, end_column = span
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
