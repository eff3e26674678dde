"""Byte offsets of the Markdown parser to code points of the card."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate


class Offsets:
    """UTF-8 byte offsets in the body to code point offsets in the card; the body begins at ``shift``."""

    __slots__ = ("ascii", "bytes", "data", "points", "shift")

    def __init__(self, body: str, shift: int) -> None:
        self.shift = shift
        self.ascii = body.isascii()
        self.data = b""
        if not self.ascii:
            self.data = body.encode("utf-8", "replace")
            lines = body.split("\n")
            self.points = [0, *accumulate(len(line) + 1 for line in lines)]
            self.bytes = [0, *accumulate(len(line) + 1 if line.isascii() else len(line.encode("utf-8", "replace")) + 1 for line in lines)]

    def __call__(self, offset: int) -> int:
        """The code point offset in the card of a byte offset in the body."""
        if self.ascii:
            return self.shift + offset
        line = bisect_right(self.bytes, offset) - 1
        begin = self.bytes[line]
        point = self.points[line]
        if line + 1 < len(self.bytes) and self.bytes[line + 1] - begin == self.points[line + 1] - point:
            return self.shift + point + offset - begin
        return self.shift + point + len(self.data[begin:offset].decode("utf-8", "ignore"))
