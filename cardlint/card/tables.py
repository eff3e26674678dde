"""A table whose cells hold nothing but text and plain links, read from its lines: ten times as fast as from events."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_MARKUP = re.compile(r"[\\<&!~]|\[\[|\]\[|\]\s*:")
_LINK = re.compile(r"\[([^\[\]|]*)\]\(([^()\s|]*)\)")
_EMPHASIS = " \t*_`"


class Table(NamedTuple):
    """Cells by row, the header first; the text's pieces and the source offset (bytes in the body) of each."""

    rows: tuple[tuple[str, ...], ...]
    pieces: list[str]
    places: list[int]


def is_plain(source: str) -> bool:
    """Whether `plain_table` reads a table's source as well as events would."""
    return _MARKUP.search(source) is None


def plain_table(source: str, at: int, linked: Callable[[str, str, int, int], None]) -> Table:
    """Read a table that begins at byte ``at``; ``linked`` hears of each link: url, text, start, end (bytes)."""
    rows: list[tuple[str, ...]] = []
    pieces: list[str] = []
    places: list[int] = []
    for number, line in enumerate(source.split("\n")):
        if number != 1 and line:
            plain = _LINK.sub(partial(_told, line=line, at=at, linked=linked), line) if "](" in line else line
            row = tuple(cell.strip(_EMPHASIS) for cell in plain.strip().removeprefix("|").removesuffix("|").split("|"))
            rows.append(row)
            pieces.append(" | ".join(row) + "\n")
            places.append(at + len(line) - len(line.lstrip(" |\t*_`")))
        at += 1 + (len(line) if line.isascii() else len(line.encode("utf-8", "replace")))
    return Table(tuple(rows), pieces, places)


def _told(match: re.Match[str], line: str, at: int, linked: Callable[[str, str, int, int], None]) -> str:
    """Tell of a link and leave its text."""
    start = at + len(line[: match.start()].encode("utf-8", "replace"))
    linked(match.group(2), match.group(1), start, start + len(match.group().encode("utf-8", "replace")))
    return match.group(1)
