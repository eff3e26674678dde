"""Findings for people: code frames with carets on a terminal, or one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from cardlint.report.columns import CUT, columns, window
from cardlint.report.matrix import text_lines
from cardlint.report.plain import counted
from cardlint.report.records import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally
    from cardlint.standards.standard import Head

_COLORS = {"error": "31", "warning": "33", "note": "36"}
_WIDTH = 140
"""Columns of a line that a frame shows where there is no terminal, and at most."""
_LEAST_WIDTH = 30
_MOST_REASONS = 4
_SILENT = {"inline": "suppressed", "waiver": "waived", "baseline": "in the baseline"}


class ConciseWriter:
    """``path:line:column: CODE [*] message``, one line a finding."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def start(self, info: RunInfo) -> None:
        """Nothing stands before the findings."""

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card's findings."""
        for finding in told(outcome):
            mark = " [*]" if finding.fix is not None else ""
            span = finding.span
            place = f"{outcome.input}:{span.line}:{span.column}"
            self.out.write(f"{place}: {finding.severity} {finding.code}{mark} {finding.message}{_why_silent(finding)}\n")
        if outcome.failure:
            self.out.write(f"{outcome.input}: cardlint failed: {outcome.failure}\n")

    def end(self, tally: Tally) -> None:
        """Write the counts."""
        self.out.write(footer(tally) + "\n")


_LACKS = ("the card does not document", "the card has no section on")
"""How messages on what a card lacks begin; those that begin alike are told together."""


class TextWriter:
    """A frame of the card around each finding, with help; what a card lacks is told together."""

    shows_text = True

    def __init__(self, out: TextIO, *, color: bool, links: bool) -> None:
        self.out = out
        self.color = color
        self.links = links
        self.width = _width(out)
        self.rules = 0
        self.not_checked: dict[str, set[str]] = {}
        self.standards: tuple[Head, ...] = ()

    def start(self, info: RunInfo) -> None:
        """Remember how many rules run, and by which standards."""
        self.rules = len(info.selected)
        self.standards = info.standards

    def card(self, outcome: Outcome, text: str | None) -> None:
        """Write one card's findings."""
        lines = (text or "").splitlines()
        on_sections = [finding for finding in outcome.findings if finding.at.startswith("section:")]
        alike = {lead: [finding for finding in on_sections if finding.message.startswith(lead)] for lead in _LACKS}
        together = {lead: findings for lead, findings in alike.items() if len(findings) > 1}
        for finding in told(outcome):
            if not any(finding in findings for findings in together.values()):
                self._finding(outcome, finding, lines)
        for lead, findings in together.items():
            self._lacking(outcome, lead, findings)
        for reason, codes in outcome.not_checked.items():
            self.not_checked.setdefault(reason, set()).update(codes)
        if outcome.failure:
            self.out.write(f"{self._paint('error', 'failure')}: {outcome.input}: cardlint failed on this card: {outcome.failure}\n\n")
        self.out.writelines(f"{line}\n" for line in text_lines(outcome, self.standards))

    def end(self, tally: Tally) -> None:
        """Write the counts, or that all is well, and what was not checked."""
        self.out.write(footer(tally, self.rules) + "\n")
        if self.not_checked:
            self.out.write(self._dim(_not_checked(self.not_checked)) + "\n")

    def _finding(self, outcome: Outcome, finding: Finding, lines: Sequence[str]) -> None:
        span = finding.span
        head = self._paint(finding.severity, f"{finding.severity}[{self._linked(finding)}]")
        self.out.write(f"{head}: {finding.message}{_why_silent(finding)}\n")
        self.out.write(f"  {self._dim('-->')} {outcome.input}:{span.line}:{span.column}\n")
        if span.line <= len(lines) and lines[span.line - 1].strip():
            self._frame(finding, lines)
        if finding.help:
            self.out.write(f"   {self._dim('=')} help: {finding.help}\n")
        if finding.fix is not None:
            self.out.write(f"   {self._dim('=')} fix available ({finding.fix.safety})\n")
        self.out.write("\n")

    def _frame(self, finding: Finding, lines: Sequence[str]) -> None:
        span = finding.span
        line = lines[span.line - 1]
        start = span.column - 1
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        number = str(span.line)
        gutter = " " * len(number)
        left, right = window(line, start, self.width - len(number) - 4)
        shown, marked = _visible(line[left:right]), _visible(line[start : min(end, right)])
        before = _padding(" " * (left > 0) + line[left:start])
        carets = "^" * max(1, columns(marked))
        self.out.write(f" {gutter} {self._dim('|')}\n")
        self.out.write(f" {self._dim(number)} {self._dim('|')} {CUT * (left > 0)}{shown}{CUT * (right < len(line))}\n")
        self.out.write(f" {gutter} {self._dim('|')} {before}{self._paint(finding.severity, carets)}\n")

    def _lacking(self, outcome: Outcome, lead: str, findings: Sequence[Finding]) -> None:
        worst = min((finding.severity for finding in findings), key=("error", "warning", "note").index)
        names = ", ".join(f"{finding.at.removeprefix('section:').replace('_', ' ')} ({finding.code})" for finding in findings)
        self.out.write(f"{self._paint(worst, worst)}: {lead} {names}\n")
        self.out.write(f"  {self._dim('-->')} {outcome.input}\n")
        for finding in findings:
            if finding.help:
                self.out.write(f"   {self._dim('=')} {finding.code}: {finding.help}\n")
        self.out.write("\n")

    def _linked(self, finding: Finding) -> str:
        name = f"{finding.code} {finding.name}"
        if not self.links:
            return name
        from cardlint.data import folder

        family = finding.code.rstrip("0123456789")
        place = folder("rules").joinpath(family, f"{finding.code}-{finding.name}.yaml")
        return f"\x1b]8;;file://{place}\x1b\\{name}\x1b]8;;\x1b\\"

    def _paint(self, severity: str, text: str) -> str:
        return f"\x1b[1;{_COLORS[severity]}m{text}\x1b[0m" if self.color else text

    def _dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.color else text


def footer(tally: Tally, rules: int = 0) -> str:
    """The last lines of a run for people."""
    total = sum(tally.findings.values())
    cards = counted(tally.cards, "card")
    if not total and not tally.failed:
        return f"All checks passed ({cards}{', ' + counted(rules, 'rule') if rules else ''}){_silent(tally)}{_fixable(tally)}"
    parts = [counted(count, severity) for severity in ("error", "warning", "note") if (count := tally.findings[severity])]
    text = f"{counted(total, 'finding')} in {tally.flagged:,} of {cards}{_silent(tally)}: {', '.join(parts) or 'none'}"
    if tally.failed:
        text += f"; cardlint failed on {tally.failed}"
    return text + _fixable(tally)


def _silent(tally: Tally) -> str:
    """How many findings were kept silent, and by what."""
    words = [
        *(f"{count} {word}" for by, word in _SILENT.items() if (count := tally.suppressed[by])),
        *([f"{tally.unhonoured} not honoured"] if tally.unhonoured else []),
    ]
    return f" ({', '.join(words)})" if words else ""


def _fixable(tally: Tally) -> str:
    safe, unsafe = tally.fixable["safe"], tally.fixable["unsafe"]
    if not safe and not unsafe:
        return ""
    if not safe:
        return f"\n[*] {unsafe} fixable with --fix --unsafe-fixes"
    return f"\n[*] {safe} fixable with --fix" + (f" ({unsafe} more with --unsafe-fixes)" if unsafe else "")


def _why_silent(finding: Finding) -> str:
    """Who keeps a finding silent, until when and why; nothing where it counts."""
    if finding.suppressed is None:
        return ""
    by, reason, until = finding.suppressed
    from cardlint.engine.place import clean

    return f" [{_SILENT[by]}{f' until {until}' if until else ''}: {clean(reason) or 'no reason given'}]"


def _visible(line: str) -> str:
    """A line of a stranger's card without characters that move the cursor or the reading direction."""
    return "".join(char if char == "\t" or (char.isprintable() and not "\u202a" <= char <= "\u202e") else "\u00b7" for char in line)


def _padding(text: str) -> str:
    """Blanks as wide as a text; tabs stay."""
    return "\t".join(" " * columns(piece) for piece in text.split("\t"))


def _width(out: TextIO) -> int:
    """The columns of a line of output."""
    if not out.isatty():
        return _WIDTH
    from shutil import get_terminal_size

    return max(_LEAST_WIDTH, min(_WIDTH, get_terminal_size().columns))


def _not_checked(reasons: dict[str, set[str]]) -> str:
    """Which rules could not be decided of at least one card, and why."""
    ranked = sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))
    told = [f"{len(codes)}: {reason}" if ranked[1:] else reason for reason, codes in ranked[:_MOST_REASONS]]
    if len(ranked) > _MOST_REASONS:
        more = len(ranked) - _MOST_REASONS
        told.append(f"{more} more reason{'s' if more != 1 else ''}")
    total = len(set().union(*reasons.values()))
    return f"not checked: {counted(total, 'rule')} ({'; '.join(told)})"
