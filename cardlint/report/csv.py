"""Findings as a table, one a row (RFC 4180), written while the cards come; a spreadsheet runs nothing of it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from cardlint.report.plain import plain
from cardlint.report.records import told

if TYPE_CHECKING:
    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally

COLUMNS = (
    *("input", "repo", "kind", "path", "sha256", "code", "name", "severity", "confidence", "line", "column", "end_line", "end_column"),
    *("message", "help", "at", "fingerprint", "fix", "suppressed_by", "suppressed_reason", "suppressed_until"),
)


class CsvWriter:
    """A row a finding, silent ones where the run tells them; a card on which cardlint failed is a row with the code ``failure``."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out)

    def start(self, info: RunInfo) -> None:  # noqa: ARG002  # the protocol's shape
        """Write the names of the columns."""
        self._rows.writerow(COLUMNS)

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card's rows."""
        card = [cell(each) for each in (outcome.input, outcome.repo, outcome.kind, outcome.path, outcome.sha256)]
        for finding in told(outcome):
            self._rows.writerow((*card, *_cells(finding)))
        if outcome.failure:
            row = (*card, "failure", "cardlint-failed", "error", "", "", "", "", "", cell(outcome.failure))
            self._rows.writerow(row + ("",) * (len(COLUMNS) - len(row)))

    def end(self, tally: Tally) -> None:
        """Nothing stands behind the rows."""


def cell(value: str | None) -> str:
    """A text that a spreadsheet shows and does not compute: what would begin a formula is quoted with an apostrophe."""
    text = plain(value or "")
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@", "|", "%")) else text


def _cells(finding: Finding) -> tuple[str | int, ...]:
    by, reason, until = finding.suppressed or ("", "", "")
    return (
        finding.code,
        finding.name,
        finding.severity,
        finding.confidence,
        *finding.span,
        cell(finding.message),
        cell(finding.help),
        cell(finding.at),
        finding.fingerprint,
        finding.fix.safety if finding.fix else "",
        by,
        cell(reason),
        until or "",
    )
