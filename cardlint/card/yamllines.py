"""YAML that stands line by line, as nearly all front matter does, read by one expression and without a parser.

Taken are ``key: scalar``, ``key:``, ``- scalar`` and ``- key: scalar`` in block collections, where each scalar is plain or
quoted without escapes and ends on its line, or is ``[]`` or ``{}``. All else, and all that is at fault, is left to the
reader of events (`yamlevents`), so that one place refuses. What is taken is read exactly as that reader reads it.
"""

from __future__ import annotations

import re
from typing import Any

from cardlint.budgets import BUDGETS
from cardlint.card.fences import FrontMatterProblem
from cardlint.card.scalars import UNCERTAIN_START, plain
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

_LINE = Pattern(
    r"""
    (\ *+)
    (-\ ++)?+
    (?: ([^\x00-/:-@\[-^`{-\x7f][^\x00-\x1f\#/:~\x7f]{0,1000}+(?<=\S)) (:(?:\ ++|(?=[\r\n]|\Z))) )?+
    ( "[^\x00-\x1f"\\\x7f]*+"
    | '[^\x00-\x1f'\x7f]*+'
    | \[\]
    | \{\}
    | (?:[^\x00-\ !"\#%&'*,\-:>?@\[\]`{|}\x7f]|-(?=[^\x00-\ \x7f])) [^\x00-\x1f\x7f]*(?<=\S)
    )?+
    (\ *+(?:\r?\n|\Z))
    | [\s\S]
    """,
    re.VERBOSE,
)
"""Indentation, dash, key, colon, value and end of a line; a single character where the line is none that is taken.

A key has no ``#``, ``/``, ``:`` or ``~`` in it, which YAML or JSON pointers may see more in, and is shorter than the 1,024
characters that libyaml looks for a colon.
"""
_ODD = tuple(Pattern(each) for each in ("[\x80-\x9f\u2028\u2029]", "[\ud800-\udfff\ufeff]", "[\ufffe\uffff]"))
"""What YAML refuses or takes for an end of line beyond ASCII. One class of them all takes 3 ms to compile."""


_COMMENT = " #"
_QUOTES = frozenset("'\"")
_EMPTY: dict[str, type] = {"[]": list, "{}": dict}

MAX_DEPTH = BUDGETS.depth
MAX_NODES = BUDGETS.values
MAX_PROBLEMS = BUDGETS.yaml_differences


class YamlRead(NamedTuple):
    """The value of a document; pointers to ranges of its values and keys; what readers may see differently."""

    value: Any
    values: dict[str, tuple[int, int]]
    keys: dict[str, tuple[int, int]]
    problems: list[FrontMatterProblem]


def read_lines(source: str, offset: int = 0) -> YamlRead | None:
    """Read one YAML document that begins ``offset`` code points into the card; None where it is not all lines of that form."""
    if _COMMENT in source or (not source.isascii() and any(odd.search(source) for odd in _ODD)):
        return None
    return _Reader(offset).read(source)


class _Box:
    """A collection that is being read, in the one ``around`` it, ``column`` blanks from the left."""

    __slots__ = ("around", "at", "column", "depth", "is_list", "key", "start", "value")

    def __init__(self, value: Any, at: str, column: int, start: int, around: _Box | None) -> None:
        self.value = value
        self.is_list = type(value) is list
        self.at = at
        self.column = column
        self.start = start
        self.around = around
        self.depth: int = 0 if around is None else around.depth + 1
        self.key = ""


class _Reader:
    """One pass over the lines of a document.

    ``waiting`` is the pointer of a key whose value may stand on the lines below; the document itself is such a value.
    """

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.box = _Box({}, "", -1, offset, None)
        self.waiting: str | None = ""
        self.values: dict[str, tuple[int, int]] = {}
        self.keys: dict[str, tuple[int, int]] = {}
        self.problems: list[FrontMatterProblem] = []

    def read(self, source: str) -> YamlRead | None:
        """The document; the hottest loop of all, so it keeps what it needs at hand and calls little."""
        ground = box = self.box
        values, keys = self.values, self.keys
        at = end = self.offset
        for line in _LINE.finditer(source):
            indent, dash, key, colon, text, line_end = line.groups()
            if line_end is None or len(values) > MAX_NODES:
                return None
            column = len(indent)
            start = at + column
            if key is None and text is None:
                if dash is not None:
                    return None
                at = start + len(line_end)
                continue
            is_item = dash is not None
            if column != box.column or box.is_list is not is_item or self.waiting is not None:
                found = self._box_at(column, start, end, is_item=is_item)
                if found is None:
                    return None
                box = found
            if is_item:
                pointer = f"{box.at}/{len(box.value)}"
                start += len(dash)
                if key is not None:
                    found = self._opened({}, pointer, column + len(dash), start)
                    if found is None:
                        return None
                    box = found
            if key is not None:
                if key in box.value:
                    return None
                pointer = f"{box.at}/{key}"
                end = start + len(key)
                keys[pointer] = (start, end)
                if key[0] in UNCERTAIN_START:
                    _, differs = plain(key)
                    if differs:
                        self._differs(differs, pointer, start, end)
                if text is None:
                    box.value[key] = None
                    box.key = key
                    self.waiting = pointer
                    end += 1
                    at = end + len(colon) - 1 + len(line_end)
                    continue
                start = end + len(colon)
            elif not is_item:
                return None
            end = start + len(text)
            at = end + len(line_end)
            values[pointer] = (start, end)
            first = text[0]
            if first in _QUOTES:
                value: Any = text[1:-1]
            elif ":" in text and (": " in text or text[-1] == ":"):
                return None
            elif first in UNCERTAIN_START:
                value, differs = plain(text)
                if differs:
                    self._differs(differs, pointer, start, end)
            elif text in _EMPTY:
                value = _EMPTY[text]()
            else:
                value = text
            if is_item and key is None:
                box.value.append(value)
            else:
                box.value[key] = value
        return self._whole(ground, end)

    def _box_at(self, column: int, start: int, end: int, *, is_item: bool) -> _Box | None:
        """The collection that a line belongs to, opened or come back to; None where there is none.

        ``end`` is where what was read last ends.
        """
        box = self.box
        if self.waiting is not None:
            waiting, self.waiting = self.waiting, None
            if column > box.column or (column == box.column and is_item and not box.is_list):
                return self._opened([] if is_item else {}, waiting, column, start)
            self.values[waiting] = (end, end)
        while column < box.column or (column == box.column and box.is_list and not is_item):
            box = self._closed(box, end)
        self.box = box
        return box if column == box.column and box.is_list is is_item else None

    def _opened(self, value: Any, at: str, column: int, start: int) -> _Box | None:
        """A new collection in the innermost one; None where that is too deep."""
        around = self.box
        if around.depth >= MAX_DEPTH:
            return None
        if around.is_list:
            around.value.append(value)
        else:
            around.value[around.key] = value
        self.box = _Box(value, at, column, start, around)
        return self.box

    def _closed(self, box: _Box, end: int) -> _Box:
        """The collection around one that ends."""
        self.values[box.at] = (box.start, end)
        return box.around or box

    def _differs(self, differs: str, at: str, start: int, end: int) -> None:
        """Remember a plain scalar that readers of YAML 1.1 see differently."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(FrontMatterProblem("yaml-1.1-differs", at, start, end, differs))

    def _whole(self, ground: _Box, end: int) -> YamlRead | None:
        """What was read, when the lines end."""
        if not ground.value:
            return None
        if self.waiting is not None:
            self.values[self.waiting] = (end, end)
        box = self.box
        while box is not ground:
            box = self._closed(box, end)
        if len(self.values) + len(self.keys) > MAX_NODES:
            return None
        return YamlRead(ground.value[""], self.values, self.keys, self.problems)
