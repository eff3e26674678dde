"""Annotations of a pull request: workflow commands, errors first, as many as the service shows of one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from cardlint.report.plain import card_path, counted
from cardlint.report.records import told
from cardlint.report.text import footer

if TYPE_CHECKING:
    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally

SHOWN = 10
"""Annotations of each level that the service shows of a step (its documentation, "Usage limits of annotations")."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


class GithubWriter:
    """Keeps the first findings of each severity and writes them at the end.

    Nothing of a card is written but inside a command's escaped values: a card cannot speak to the runner.
    """

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._kept: dict[str, list[str]] = {severity: [] for severity in _COMMANDS}

    def start(self, info: RunInfo) -> None:
        """Nothing stands before the annotations."""

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Keep one card's findings, as far as they will be shown."""
        if outcome.failure:
            self._keep("error", f"::error file={_property(card_path(outcome))},title=cardlint failed::{_value(outcome.failure)}")
        for finding in told(outcome):
            if finding.suppressed is None:
                self._keep(finding.severity, _annotation(outcome, finding))

    def end(self, tally: Tally) -> None:
        """Write the annotations, the counts, and how many of which level are not shown."""
        for lines in self._kept.values():
            self.out.writelines(f"{line}\n" for line in lines)
        self.out.write(footer(tally) + "\n")
        hidden = [
            counted(count - SHOWN, severity)
            for severity in _COMMANDS
            if (count := tally.findings[severity] + (tally.failed if severity == "error" else 0)) > SHOWN
        ]
        if hidden:
            self.out.write(f"Not shown as annotations: {', '.join(hidden)} (a step shows {SHOWN} of each level)\n")

    def _keep(self, severity: str, line: str) -> None:
        if len(self._kept[severity]) < SHOWN:
            self._kept[severity].append(line)


def _annotation(outcome: Outcome, finding: Finding) -> str:
    span = finding.span
    properties = {"file": card_path(outcome), "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:  # columns are refused for several lines
        properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = f"{finding.code} {finding.name}"
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = finding.message + (f"\n{finding.help}" if finding.help else "")
    return f"::{_COMMANDS[finding.severity]} {said}::{_value(message)}"


def _value(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _value(text).replace(":", "%3A").replace(",", "%2C")
