"""What a card's body is made of: headings, blocks, links, comments, each with its place.

Every element carries ``start`` and ``end``, code point offsets into the whole card, so that a rule hands an element
over and never computes a position.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Marks = tuple[Sequence[str], Sequence[int], Callable[[int], int]]

UNMARKED: Marks = ((), (), int)
"""The marks of a block whose text stands in the card as it is."""


class Heading(NamedTuple):
    """A heading; ``kind`` is atx, setext, html or bold (a paragraph that is one bold line: level 7)."""

    level: int
    text: str
    start: int
    end: int
    kind: str


class Block(NamedTuple):
    """A leaf of the body, in document order.

    ``kind``: paragraph, item (a list item's own text), code, table, html.
    ``text``: what a reader sees, markup removed, soft line breaks as LF (so source lines can be counted in it); the
    code of a code block; a table's cells joined by `` | `` and rows by LF.
    ``heading``: index of the heading it stands under, -1 above the first.
    ``label``: the bold or colon-ended lead of an item or paragraph ("License" of "**License:** MIT"), else "".
    ``language``: the info string's first word of a code block; ``rows``: a table's cells, the header first.
    ``marks``: the pieces that ``text`` is joined from, where each begins in the parser's source, and what leads from
    there to the card; `Outline.place` reads them.
    """

    kind: str
    text: str
    start: int
    end: int
    heading: int
    label: str = ""
    language: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    marks: Marks = UNMARKED
    quoted: bool = False


class Piece(NamedTuple):
    """A part of a block."""

    start: int
    end: int


class Link(NamedTuple):
    """A link or an image, from Markdown or HTML; ``text`` is the label or the alternative text."""

    url: str
    text: str
    start: int
    end: int
    heading: int
    image: bool


class Comment(NamedTuple):
    """An HTML comment, without its delimiters."""

    text: str
    start: int
    end: int
    heading: int


class Outline(NamedTuple):
    """The body of a card; ``anchors`` are ids that HTML elements give (``id=``, ``name=``)."""

    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    comments: tuple[Comment, ...]
    anchors: frozenset[str]
    spent: tuple[str, ...]
    """Budgets that were spent while reading: ``headings``, ``blocks``, ``links``, ``comments`` or ``anchors``."""

    def place(self, block: Block, start: int, end: int) -> Piece:
        """The place in the card of ``block.text[start:end]``."""
        ends = list(accumulate(map(len, block.marks[0])))
        begin = _place_of(block, ends, start)
        stop = min(_place_of(block, ends, end - 1) + 1, block.end) if end > start else begin
        return Piece(begin, max(begin, stop))

    def entries(self) -> frozenset[str]:
        """The texts of headings and of links to a heading: an item that is one of them alone is a line of a table of contents."""
        links = [link.text for link in self.links if link.url[:1] == "#"]
        return frozenset([*[heading.text for heading in self.headings], *links])

    def under(self, index: int) -> tuple[Block, ...]:
        """The blocks that stand under heading ``index`` or a deeper one that follows it."""
        last = self.last_inside(index)
        return tuple(block for block in self.blocks if index <= block.heading <= last)

    def last_inside(self, index: int) -> int:
        """The index of the last heading inside the section that heading ``index`` opens; itself where none is."""
        level = self.headings[index].level
        last = index
        for heading in self.headings[index + 1 :]:
            if heading.level <= level:
                break
            last += 1
        return last


def _place_of(block: Block, ends: Sequence[int], index: int) -> int:
    """The offset in the card of ``block.text[index]``; ``ends``: where in the text each of its pieces ends."""
    pieces, places, offset = block.marks
    if not places:
        return min(block.start + index, block.end)
    at = bisect_right(ends, index)
    if at == len(ends):
        return min(offset(places[-1]) + len(pieces[-1]), block.end)
    return min(offset(places[at]) + index - ends[at] + len(pieces[at]), block.end)
