"""Blocks of raw HTML: headings, text, links, images, comments and anchors in them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cardlint.card.html import HtmlPiece, read_html

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cardlint.card.elements import Elements


def add_html(found: Elements, lines: Sequence[str], places: Sequence[int], offset: Callable[[int], int]) -> None:
    """Add what stands in a block of HTML: its lines, where in the source each begins, and from there to the card."""
    source = "".join(lines)
    ascii_only = source.isascii()
    starts: list[int] = []
    length = 0
    for line in lines:
        starts.append(length)
        length += len(line)

    def place(index: int) -> int:
        line = bisect_right(starts, index) - 1
        base = starts[line]
        inside = index - base if ascii_only else len(source[base:index].encode("utf-8", "replace"))
        return offset(places[line] + inside)

    for piece in read_html(source):
        add_piece(found, piece, place(piece.start), place(piece.end))


def add_piece(found: Elements, piece: HtmlPiece, start: int, end: int) -> None:
    """Add a piece of HTML that stands at an offset of the card."""
    if piece.kind == "heading":
        found.add_heading(piece.level, piece.text, start, end, "html")
    elif piece.kind == "comment":
        found.add_comment(piece.text, start, end)
    elif piece.kind == "link" or piece.kind == "image":
        found.add_link(piece.url, piece.text, start, end, piece.kind == "image")
    elif piece.kind == "anchor":
        found.add_anchor(piece.text)
    else:
        found.add_block("html", piece.text, start, end)
