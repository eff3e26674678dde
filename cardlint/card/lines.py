"""Offsets to lines and columns. A line ends at LF, CRLF or CR, as editors count."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, count
from operator import add

from cardlint.model import Span
from cardlint.patterns import Pattern

_LINE_END = Pattern(r"\r\n|\r|\n")
_new = tuple.__new__
"""Makes a span of its four numbers, at a third of what its own call costs."""


class Lines:
    """The line table of a text; offsets are code points."""

    __slots__ = ("length", "starts")

    def __init__(self, text: str) -> None:
        self.length = len(text)
        if text.isascii():  # bytes have no other ends of lines
            ended = text.encode().splitlines(keepends=True)
            self.starts = list(accumulate(map(len, ended), initial=0))
            if ended and ended[-1][-1] not in b"\r\n":
                del self.starts[-1]
        elif "\r" in text and text.count("\r") != text.count("\r\n"):
            self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        else:
            lines = text.split("\n")
            del lines[-1]
            self.starts = [0, *map(add, accumulate(map(len, lines)), count(1))]

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span of a range; offsets beyond the text are cut to it."""
        length, starts = self.length, self.starts
        if not 0 <= start <= end <= length:
            start = min(max(start, 0), length)
            end = min(max(end, start), length)
        line = bisect_right(starts, start)
        end_line = bisect_right(starts, end, line - 1)
        return _new(Span, (line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1))

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a 1-based line and column; the end of the text where the line does not exist."""
        if line > len(self.starts):
            return self.length
        return min(self.starts[line - 1] + column - 1, self.length)
