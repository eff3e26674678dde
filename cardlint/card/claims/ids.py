"""Hub ids as prose writes them outside of links: what can be an id among the datasets, without reading those."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cardlint.patterns import ALPHANUMERIC, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block, Link

_SLASH = Pattern(r"/(?<=[A-Za-z0-9_.-]/)([A-Za-z0-9][A-Za-z0-9_.-]{2,95})")
_OWNER_SIGNS = ALPHANUMERIC + "_.-"
_LONGEST_OWNER = 96
_DATA_PAGE = "/datasets/"
_LONGEST_TITLE = 200
_MOST_PLACED = 200
"""Ids held against the links; what follows counts as outside of them, for a place costs as much as its block is long."""
_LOOSELY_PLACED = ("heading", "table")
"""Blocks whose claims are found again in the source by their value."""


class Written(NamedTuple):
    """The name of an id that prose writes, and where its block begins in the card."""

    name: str
    block: int


def written_names(body: Body) -> Iterator[Written]:
    """The name of each ``owner/name`` in the title and the prose that is neither a link's label nor a part of a longer path.

    What stands behind ``/datasets/`` in an address counts.
    """
    text = body.text
    placed = 0
    for match in _SLASH.finditer(text):
        slash = match.start()
        before = text[max(0, slash - _LONGEST_OWNER) : slash]
        owner = before[len(before.rstrip(_OWNER_SIGNS)) :]
        start = slash - len(owner)
        if len(owner) < 2 or (text[start - 1 : start] == "/" and not text.endswith(_DATA_PAGE, 0, start)):
            continue
        block, begin = body.at(start)
        if block.kind == "heading" and len(block.text) <= _LONGEST_TITLE and len(block.text.split()) == 1:
            continue  # a title that is a name says nothing on data
        placed += 1
        if block.kind in _LOOSELY_PLACED or placed > _MOST_PLACED or not _linked(body, block, start - begin):
            yield Written(match.group(1).rstrip(".-"), block.start)
    yield from _in_headings(body)


def _in_headings(body: Body) -> Iterator[Written]:
    """The names of ids in the headings below the title."""
    for heading in body.outline.headings[1:]:
        if "/" in heading.text and len(heading.text) <= _LONGEST_TITLE:
            for match in _SLASH.finditer(heading.text):
                yield Written(match.group(1).rstrip(".-"), heading.start)


def _linked(body: Body, block: Block, at: int) -> bool:
    """Whether ``block.text[at]`` stands in a link that leads somewhere."""
    place = body.outline.place(block, at, at + 1).start
    links = body.outline.links
    index = bisect_right(links, place, key=_start) - 1
    return index >= 0 and place < links[index].end and bool(links[index].url)


def _start(link: Link) -> int:
    return link.start
