"""Findings counted by rule: what a run is made of, where single findings are too many."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from cardlint.model import SEVERITIES
from cardlint.report.text import footer

if TYPE_CHECKING:
    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally


_RANK: dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}


@dataclass(slots=True)
class _Count:
    name: str
    severity: str
    findings: int = 0
    cards: int = 0
    fixable: Counter[str] = field(default_factory=Counter)


class StatisticsWriter:
    """One line a rule: findings, how many of them a fix mends, cards affected; most frequent first."""

    shows_text = False

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self.out = out
        self.as_json = as_json
        self._counts: dict[str, _Count] = {}

    def start(self, info: RunInfo) -> None:
        """Nothing stands before the counts."""

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Count one card's findings; silent ones do not count."""
        for finding in outcome.findings:
            self._count(finding)
        for code in {finding.code for finding in outcome.findings}:
            self._counts[code].cards += 1

    def end(self, tally: Tally) -> None:
        """Write the counts."""
        rows = sorted(self._counts.items(), key=lambda row: (-row[1].findings, _RANK[row[1].severity], row[0]))
        if self.as_json:
            listed = [_record(code, count) for code, count in rows]
            value = {
                "version": 1,
                "statistics": listed,
                "summary": {"cards": tally.cards, "flagged": tally.flagged, "failed": tally.failed},
            }
            self.out.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
            return
        if rows:
            self.out.write("findings  fixable  cards  rule\n")
        for code, count in rows:
            fixable = count.fixable["safe"] + count.fixable["unsafe"]
            numbers = f"{count.findings:8}  {fixable or '-':>7}  {count.cards:5}"
            self.out.write(f"{numbers}  {code} {count.name} ({count.severity})\n")
        self.out.write(footer(tally) + "\n")

    def _count(self, finding: Finding) -> None:
        count = self._counts.setdefault(finding.code, _Count(finding.name, finding.severity))
        count.findings += 1
        if finding.fix is not None:
            count.fixable[finding.fix.safety] += 1


def _record(code: str, count: _Count) -> dict[str, Any]:
    return {
        "code": code,
        "name": count.name,
        "severity": count.severity,
        "findings": count.findings,
        "fixable": {"safe": count.fixable["safe"], "unsafe": count.fixable["unsafe"]},
        "cards": count.cards,
    }
