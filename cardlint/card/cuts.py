"""Tables taken out before the Markdown parser sees a body: it would make ten events of each row, and lines tell as much."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.card.offsets import Spliced, offsets
from cardlint.card.tables import Table, read_table
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = re.compile(r"(\|[^\n]*\n)(\|[-:| ]+\n)")
_EMPTY_ROW = re.compile(r"\n\|[| \t]*(?:\n|$)")
_FEWEST_ROWS = 2
"""Shorter tables cost the parser less than cutting does."""


class CutTable(NamedTuple):
    """A table whose rows below the header were cut; ``end`` is an offset in the card."""

    end: int
    table: Table


class Cut(NamedTuple):
    """A body without the rows of its tables.

    ``source`` is what is left for the parser, ``offset`` leads from there to the card; ``tables`` are what was cut, by
    the offset in the card of each. A table inside code or a comment is none: the cut only holds where the parser finds
    a table at each of these offsets.
    """

    source: str
    offset: Callable[[int], int]
    tables: dict[int, CutTable]


def whole(body: str, shift: int) -> Cut:
    """A body with nothing cut; it begins at offset ``shift`` of the card."""
    return Cut(body, offsets(body, shift), {})


def cut_tables(body: str, shift: int) -> Cut:
    """A body without the rows of the tables that stand at the margin after a blank line and need no parser."""
    tables: dict[int, CutTable] = {}
    kept: list[str] = []
    at: list[int] = []
    by: list[int] = []
    done = cut = 0
    start = body.find("\n\n|") + 2
    while start > 1:
        stop = body.find("\n\n", start) + 1 or len(body)
        block = body[start:stop]
        rows = _rows(block)
        table = read_table(block, shift + start) if rows else None
        if table is not None:
            tables[shift + start] = CutTable(shift + stop, table)
            kept.append(body[done : start + rows])
            at.append(shift + start + rows - cut)
            cut += len(block) - rows
            by.append(cut)
            done = stop
        start = body.find("\n\n|", stop - 1) + 2
    if not tables:
        return whole(body, shift)
    kept.append(body[done:])
    source = "".join(kept)
    return Cut(source, Spliced(offsets(source, shift), at, by), tables)


def _rows(block: str) -> int:
    """Where in a block of lines the rows of a table begin; 0 where a line begins without a bar or is empty, and in a short one."""
    head = _HEAD.match(block)
    if head is None or "\r" in block or head.group(1).count("|") != head.group(2).count("|"):
        return 0
    rows = block.count("\n") - 2 + (block[-1] != "\n")
    if rows < _FEWEST_ROWS or block.count("\n|") != rows + 1 or _EMPTY_ROW.search(block):
        return 0
    return head.end()
