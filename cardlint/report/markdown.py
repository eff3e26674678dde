"""A report as Markdown, for step summaries, comments and pages: one card's findings, or a table of many cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from cardlint.model import SEVERITIES
from cardlint.report.matrix import markdown_lines
from cardlint.report.plain import counted
from cardlint.report.records import told
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.model import Outcome
    from cardlint.report.records import RunInfo, Tally
    from cardlint.standards.standard import Head

MOST_CARDS = 200
"""Cards with findings that are told; the counts speak of all."""
MOST_FINDINGS = 1_000
"""Findings that are told of all cards together."""
_MARKS = re.compile(r"[\\`*_{}\[\]<>()#!|&~$:]")
_AT_WORDS = re.compile(r"(?i)(@|www)(?=[\w.])")
_SPACES = re.compile(r"\s+")


class _Row(NamedTuple):
    input: str
    counts: tuple[int, int, int]
    lines: tuple[str, ...]
    failure: str | None
    matrix: tuple[str, ...] = ()


class MarkdownWriter:
    """Keeps the first cards with findings and writes them at the end, below the counts.

    What cards say is escaped: it makes no link, image, mention or markup.
    """

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._rows: list[_Row] = []
        self._left = MOST_FINDINGS
        self._cards = 0
        self._standards: tuple[Head, ...] = ()

    def start(self, info: RunInfo) -> None:
        """Nothing stands before the counts."""
        self._standards = info.standards

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Keep one card."""
        findings = told(outcome)
        if not findings and not outcome.failure and not outcome.controls:
            return
        self._cards += 1
        if len(self._rows) >= MOST_CARDS:
            return
        lines = []
        for each in findings[: self._left]:
            silent = f" *({each.suppressed.by}: {escape(each.suppressed.reason)})*" if each.suppressed else ""
            fix = f" · fix: {each.fix.safety}" if each.fix else ""
            said = f"{escape(each.message)}{silent}" + (f"<br>{escape(each.help)}" if each.help else "") + fix
            lines.append(f"| {each.severity} | {each.code} {escape(each.name)} | {each.span.line}:{each.span.column} | {said} |")
        self._left -= len(lines)
        counts = tuple(sum(each.severity == severity for each in outcome.findings) for severity in SEVERITIES)
        self._rows.append(
            _Row(
                outcome.input,
                (counts[0], counts[1], counts[2]),
                tuple(lines),
                outcome.failure,
                tuple(markdown_lines(outcome, self._standards)),
            )
        )

    def end(self, tally: Tally) -> None:
        """Write the counts, then one card in full or a table of many with their findings folded below."""
        self.out.write(f"## cardlint\n\n{_counts(tally)}\n")
        rows = sorted(self._rows, key=lambda row: (not row.failure, *(-count for count in row.counts)))
        if len(rows) > 1:
            self.out.write("\n| card | errors | warnings | notes |\n|---|--:|--:|--:|\n")
            for row in rows:
                failed = " (cardlint failed)" if row.failure else ""
                self.out.write(f"| {escape(row.input)}{failed} | {' | '.join(map(str, row.counts))} |\n")
        for row in rows:
            self._card(row, folded=len(rows) > 1)
        if self._cards > len(rows):
            self.out.write(f"\nCards with findings that are not told here: {self._cards - len(rows)}\n")

    def _card(self, row: _Row, *, folded: bool) -> None:
        title = escape(row.input)
        self.out.write(f"\n<details><summary>{title}</summary>\n" if folded else f"\n### {title}\n")
        if row.failure:
            self.out.write(f"\ncardlint failed on this card: {escape(row.failure)}\n")
        if row.lines:
            self.out.write("\n| | rule | place | finding |\n|---|---|---|---|\n")
            self.out.writelines(f"{line}\n" for line in row.lines)
        if len(row.lines) < sum(row.counts):
            self.out.write(f"\nFindings that are not told here: {sum(row.counts) - len(row.lines)}\n")
        if row.matrix:
            self.out.writelines(f"{line}\n" for line in ("", *row.matrix))
        if folded:
            self.out.write("\n</details>\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], total: int = 0) -> list[str]:
    """The lines of a table, its cells escaped, columns of numbers to the right; how many of the ``total`` rows it lacks is told below."""
    right = [bool(rows) and all(isinstance(row[at], int) for row in rows) for at in range(len(columns))]
    lines = [f"| {' | '.join(map(escape, columns))} |", f"|{'|'.join('--:' if each else '---' for each in right)}|"]
    lines += [f"| {' | '.join(escape(f'{each:,}' if isinstance(each, int) else str(each)) for each in row)} |" for row in rows]
    if total > len(rows):
        lines += ["", f"{total - len(rows):,} more are not shown."]
    return lines


def escape(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    text = _MARKS.sub(lambda match: f"&#{ord(match[0])};", _SPACES.sub(" ", text))
    return _AT_WORDS.sub("\\1\u200b", text)


def _counts(tally: Tally) -> str:
    cards = counted(tally.cards, "card")
    if not sum(tally.findings.values()) and not tally.failed:
        return f"All checks passed ({cards})."
    parts = [f"**{count}** {severity}{'s' if count != 1 else ''}" for severity in SEVERITIES if (count := tally.findings[severity])]
    failed = f"; cardlint failed on {tally.failed}" if tally.failed else ""
    return f"{', '.join(parts) or 'No findings'} in {tally.flagged:,} of {cards}{failed}."
