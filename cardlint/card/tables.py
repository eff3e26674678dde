"""Tables read from their lines, ten times as fast as from events: cells of text and plain links, and cells of code."""

from __future__ import annotations

import re
from itertools import accumulate

from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

_MARKUP = ("\\", "<", "&", "!", "~", "[[", "][")
_DEFINES = re.compile(r"\]\s*:")
_LINK = re.compile(r"\[([^\[\]|]*)\]\(([^()\s|]*)\)")
_EMPHASIS = " \t*_`"
_LEAD = " |\t*_`"
_BAR = "\0\0"
"""Stands for an escaped bar while cells are told apart; as long as what it stands for."""
_NOT_BARE = Pattern(r"[^\S ]|[\\<>&!~*_\[\]\0]")
_BOLD = Pattern(r"( *\*\*)([^\W_](?:.*[^\W_])?|`[^`]+`)\*\* *")


class TableLink(NamedTuple):
    """A link in a cell; offsets into the card."""

    url: str
    text: str
    start: int
    end: int


class Table(NamedTuple):
    """Cells by row, the header first; the text's pieces and the offset in the card of each; links."""

    rows: tuple[tuple[str, ...], ...]
    pieces: list[str]
    places: list[int]
    links: list[TableLink]


def read_table(source: str, at: int) -> Table | None:
    """The table that begins at offset ``at`` of the card; None where it takes the parser's events to read it."""
    if _is_plain(source):
        return _plain_table(source, at)
    return _code_table(source, at) if "`" in source and "\0" not in source else None


def _is_plain(source: str) -> bool:
    """Whether cells hold nothing but text and plain links: nothing else has these signs."""
    for sign in _MARKUP:
        if sign in source:
            return False
    return "]" not in source or _DEFINES.search(source) is None


def _plain_table(source: str, at: int) -> Table:
    """A table whose cells hold nothing but text and plain links."""
    rows: list[tuple[str, ...]] = []
    pieces: list[str] = []
    places: list[int] = []
    links: list[TableLink] = []
    for number, line in enumerate(source.split("\n")):
        if number != 1 and line:
            plain = _without_links(line, at, links) if "](" in line else line
            row = [cell.strip(_EMPHASIS) for cell in plain.strip().removeprefix("|").removesuffix("|").split("|")]
            rows.append(tuple(row))
            pieces.append(" | ".join(row) + "\n")
            places.append(at + len(line) - len(line.lstrip(_LEAD)))
        at += 1 + len(line)
    return Table(tuple(rows), pieces, places, links)


def _without_links(line: str, at: int, links: list[TableLink]) -> str:
    """A line with the text of each link in its stead."""

    def told(match: re.Match[str]) -> str:
        links.append(TableLink(match.group(2), match.group(1), at + match.start(), at + match.end()))
        return match.group(1)

    return _LINK.sub(told, line)


def _code_table(source: str, at: int) -> Table | None:
    """A table whose cells hold nothing but text and code, as spaCy writes its labels; None where there is more in it."""
    rows: list[tuple[str, ...]] = []
    pieces: list[str] = []
    places: list[int] = []
    for number, line in enumerate(source.removesuffix("\n").split("\n")):
        cells = line.replace("\\|", _BAR).split("|")
        if cells[0] or cells[-1] or (rows and len(cells) != len(rows[0]) + 2):
            return None
        here = at + 1
        at += 1 + len(line)
        if number == 1:
            continue
        row: list[str] = []
        for cell in cells[1:-1]:
            inner, skipped = _inside(cell)
            parts = inner.split("`")
            if not _is_code(parts):
                return None
            if row:
                pieces.append(" | ")
                places.append(here)
            ends = accumulate(map(len, parts[:-1]), initial=here + skipped)
            places.extend([place + ticks for ticks, place in enumerate(ends)])
            if _BAR in inner:
                parts = inner.replace(_BAR, "|").split("`")
            pieces.extend(parts)
            row.append("".join(parts))
            here += len(cell) + 1
        rows.append(tuple(row))
        pieces.append("\n")
        places.append(at)
    return Table(tuple(rows), pieces, places, [])


def _inside(cell: str) -> tuple[str, int]:
    """A cell without the blanks and the bold marks round it, and how much stands before."""
    bold = _BOLD.fullmatch(cell) if "**" in cell else None
    if bold is not None:
        return bold.group(2), len(bold.group(1))
    return cell.strip(" "), len(cell) - len(cell.lstrip(" "))


def _is_code(parts: list[str]) -> bool:
    """Whether what stands between backticks is text without markup and code by turns."""
    if _NOT_BARE.search("".join(parts[::2])) is not None:
        return False
    if len(parts) == 1:
        return True
    codes = f"`{'`'.join(parts[1::2])}`"
    odd = "``" in codes or "` " in codes or " `" in codes or "\\" in codes
    return len(parts) % 2 == 1 and "" not in parts[2:-1:2] and not odd
