"""How wide text is on a terminal, and the part of a long line that is shown."""

from __future__ import annotations

from unicodedata import category, east_asian_width

CUT = "…"
_BEFORE = 20
"""Columns of context that stand before what is pointed at, where a line is cut."""
_TAB = 8


def columns(text: str) -> int:
    """The columns that a text takes; a tab counts as the eight it may take."""
    if text.isascii():
        return len(text) + (_TAB - 1) * text.count("\t")
    return sum(map(_column, text))


def window(line: str, start: int, width: int) -> tuple[int, int]:
    """The slice of a line that shows the place ``start``: with a `CUT` at either end that is cut, no more than ``width`` columns."""
    left = _back(line, start, min(_BEFORE, width // 3))
    left = _back(line, left, width - 1 - columns(line[left : left + width + 1]))
    left -= left == 1  # one column is what the mark of a cut would take
    right, room = left, width - (left > 0)
    while right < len(line) and room >= (taken := _column(line[right])):
        right += 1
        room -= taken
    return left, right - (right < len(line) and not room)


def _back(line: str, place: int, room: int) -> int:
    """How far to the left of a place so many columns reach."""
    while place and room >= (taken := _column(line[place - 1])):
        place -= 1
        room -= taken
    return place


def _column(char: str) -> int:
    if char == "\t":
        return _TAB
    if east_asian_width(char) in "WF":
        return 2
    return 0 if category(char) in ("Mn", "Me") else 1
