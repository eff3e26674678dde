"""The comment that silences a finding, put where it holds: each place is tried, and the card judged again with it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from cardlint.card.card import Card
from cardlint.fixes.apply import Change, apply, line_end_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.engine.batch import Judge
    from cardlint.model import Finding
    from cardlint.sources.entry import Entry

_UNEXPLAINED = "unexplained-suppression"
_KEY = re.compile(r"[^\s#-]")


def comment(entry: Entry, finding: Finding, judge: Judge) -> Change | None:
    """The change of the card's text that adds the comment; None where no place does: in code, or where no comment is listened to.

    The reason is left to the author; until there is one, cardlint asks for it.
    """
    if entry.text is None or finding.suppressed is not None:
        return None
    card = Card.from_bytes(entry.text)
    before = {each.fingerprint for each in judge(entry).findings}
    for change in _places(card, finding):
        bom = BOM_UTF8 if card.decoded.bom else b""
        text = bom + apply(card.text, [change]).encode("utf-8")
        outcome = judge(entry._replace(text=text))
        silent = finding.fingerprint in {each.fingerprint for each in outcome.suppressed}
        added = [each for each in outcome.findings if each.fingerprint not in before and each.name != _UNEXPLAINED]
        if silent and not added:
            return change
    return None


def _places(card: Card, finding: Finding) -> Iterator[Change]:
    """Places for the comment, the narrowest first."""
    block, lines = card.front_matter, card.lines
    line_end = line_end_of(card.text)
    offset = lines.offset(finding.span.line, finding.span.column)
    here = _line_start(card, finding.span.line)
    yaml = f"# cardlint: ignore[{finding.code}] "
    markup = f"<!-- cardlint: ignore[{finding.code}] -->"
    of_card = finding.at.startswith(("section:", "/sections/")) or block.closing <= offset < block.end
    if block.end and block.start < offset < block.closing:
        yield Change(here, here, f"{_indent(card, here)}{yaml}{line_end}")
        top = _top_key(card, finding.span.line)
        if top != here:
            yield Change(top, top, f"{yaml}{line_end}")
    elif not of_card:
        end = _line_end(card, finding.span.line)
        row = card.text[here:end].rstrip()
        if row.endswith("|"):
            cell = here + len(row) - 1
            yield Change(cell, cell, f"{markup} ")
        elif not card.text[_line_start(card, finding.span.line - 1) : here].strip():
            yield Change(here, here, f"{_indent(card, here)}{markup}{line_end}")
        yield Change(end, end, f" {markup}")
    yield Change(block.end, block.end, f"{markup}{line_end}")


def _line_start(card: Card, line: int) -> int:
    return card.lines.offset(max(line, 1))


def _line_end(card: Card, line: int) -> int:
    """The offset behind a line's last character, its line end left out."""
    start, after = card.lines.offset(line), card.lines.offset(line + 1)
    return start + len(card.text[start:after].rstrip("\r\n"))


def _indent(card: Card, start: int) -> str:
    text = card.text[start : start + 200]
    return text[: len(text) - len(text.lstrip(" \t"))]


def _top_key(card: Card, line: int) -> int:
    """The start of the line on which the top-level key around a line of the front matter stands."""
    first = card.lines.line(card.front_matter.start) + 1
    for number in range(line, first - 1, -1):
        start = card.lines.offset(number)
        if _KEY.match(card.text, start):
            return start
    return card.lines.offset(line)
