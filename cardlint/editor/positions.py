"""Offsets in a document to positions of the protocol and back, in the encoding that client and server agreed on."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol import types

from cardlint.card.lines import Lines

if TYPE_CHECKING:
    from cardlint.model import Span

_RUNS = {
    "utf-8": re.compile("[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+"),
    "utf-16": re.compile("[\U00010000-\U0010ffff]+"),
}
"""Runs of characters that take the same number of units, more than one; in UTF-32 there are none."""


class Positions:
    """The line table of a document's text; offsets are code points, a byte order mark at the head counts as one.

    Lines end as cards' lines do (LF, CRLF, CR), which is what the protocol says too: no other character ends one.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self.bom = text.startswith("\ufeff")
        self.lines = Lines(text)
        self._encoding = encoding
        self._starts: list[int] = []
        self._extra: list[int] = []
        self._total: list[int] = []
        if encoding in _RUNS and not text.isascii():
            self._index()

    def _index(self) -> None:
        """Note each run of wide characters, the units that each of them takes beyond one, and the sum up to the run."""
        total = 0
        for run in _RUNS[self._encoding].finditer(self.text):
            extra = _width(self.text[run.start()], self._encoding) - 1
            self._starts.append(run.start())
            self._extra.append(extra)
            self._total.append(total)
            total += extra * (run.end() - run.start())
        self._starts.append(len(self.text))
        self._extra.append(0)
        self._total.append(total)

    @cached_property
    def card_lines(self) -> Lines:
        """The line table of the card, which has no byte order mark."""
        return Lines(self.text[1:]) if self.bom else self.lines

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.lines.starts, offset) - 1
        start = self.lines.starts[line]
        return types.Position(line, self._units(offset) - self._units(start))

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one beyond its line or the text is cut to it."""
        starts = self.lines.starts
        if position.line >= len(starts):
            return len(self.text)
        start = starts[position.line]
        end = starts[position.line + 1] if position.line + 1 < len(starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        wanted = self._units(start) + position.character
        return min(bisect_left(range(end + 1), wanted, lo=start, key=self._units), end)

    def of_span(self, span: Span) -> types.Range:
        """The range of a span of the card, which knows no byte order mark."""
        return self.range(self.of_card(span.line, span.column), self.of_card(span.end_line, span.end_column))

    def of_card(self, line: int, column: int) -> int:
        """The offset of a line and column of the card."""
        return self.card_lines.offset(line, column) + self.bom

    def _units(self, offset: int) -> int:
        """The units before an offset."""
        if not self._starts:
            return offset
        run = bisect_right(self._starts, offset) - 1
        if run < 0:
            return offset
        end = self._run_end(run)
        return offset + self._total[run] + self._extra[run] * (min(offset, end) - self._starts[run])

    def _run_end(self, run: int) -> int:
        """Where a run ends, from the units counted at the next one."""
        if run + 1 == len(self._starts):
            return self._starts[run]
        return self._starts[run] + (self._total[run + 1] - self._total[run]) // self._extra[run]


def _width(character: str, encoding: str) -> int:
    """The units of one character."""
    code = ord(character)
    if encoding == "utf-16":
        return 2
    return 2 if code < 0x800 else 3 if code < 0x10000 else 4
