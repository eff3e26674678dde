"""GitLab's code quality report: one array, written while the cards come.

Fields are those of its documentation ("Code Quality report format"); it shows only the first of two entries with one fingerprint.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, TextIO

from cardlint.report.plain import card_path, plain
from cardlint.report.writer import encode

if TYPE_CHECKING:
    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally

SEVERITY = {"error": "major", "warning": "minor", "note": "info"}


class GitlabWriter:
    """Writes the findings that count; the format has no word for silent ones. A failure of ours is a blocker."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._first = True

    def start(self, info: RunInfo) -> None:  # noqa: ARG002  # the protocol's shape
        """Open the array."""
        self.out.write("[")

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card's findings."""
        path = card_path(outcome)
        for finding in outcome.findings:
            self._write(_issue(path, finding))
        if outcome.failure:
            self._write(
                {
                    "description": f"cardlint failed on this card: {plain(outcome.failure)}",
                    "check_name": "cardlint-failed",
                    "fingerprint": _fingerprint(path, "cardlint-failed"),
                    "severity": "blocker",
                    "location": {"path": path, "lines": {"begin": 1}},
                }
            )

    def end(self, tally: Tally) -> None:  # noqa: ARG002  # the protocol's shape
        """Close the array."""
        self.out.write("\n]\n")

    def _write(self, issue: dict[str, Any]) -> None:
        self.out.write(("\n" if self._first else ",\n") + encode(issue))
        self._first = False


def _issue(path: str, finding: Finding) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "description": f"{plain(finding.message)} ({finding.code})",
        "check_name": finding.name,
        "fingerprint": _fingerprint(path, finding.fingerprint),
        "severity": SEVERITY[finding.severity],
        "location": {"path": path, "lines": {"begin": finding.span.line, "end": finding.span.end_line}},
    }
    if finding.help:
        issue["content"] = {"body": plain(finding.help)}
    return issue


def _fingerprint(path: str, own: str) -> str:
    """A finding's fingerprint in a project of many cards: cards whose id is not known share their own ones."""
    return sha256(f"{path}\0{own}".encode()).hexdigest()[:32]
