"""The elements of a body as they are found, each kind kept while its budget lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.budgets import BUDGETS
from cardlint.card.outline import UNMARKED, Block, Comment, Heading, Link, Outline

if TYPE_CHECKING:
    from cardlint.card.outline import Marks

_new = tuple.__new__
"""Makes a named tuple of all its fields, at a third of what its own call costs; thirty of them are made for a card."""


class Elements:
    """Headings, blocks, links, comments and anchors in document order."""

    __slots__ = ("_anchors", "_blocks", "_comments", "_headings", "_links", "_spent")

    def __init__(self) -> None:
        self._headings: list[Heading] = []
        self._blocks: list[Block] = []
        self._links: list[Link] = []
        self._comments: list[Comment] = []
        self._anchors: set[str] = set()
        self._spent: dict[str, None] = {}

    def add_heading(self, level: int, text: str, start: int, end: int, kind: str) -> None:
        """Keep a heading."""
        if len(self._headings) < BUDGETS.headings:
            self._headings.append(_new(Heading, (level, text, start, end, kind)))
        else:
            self._spent["headings"] = None

    def add_block(
        self,
        kind: str,
        text: str,
        start: int,
        end: int,
        label: str = "",
        language: str = "",
        rows: tuple[tuple[str, ...], ...] = (),
        marks: Marks = UNMARKED,
        quoted: bool = False,
    ) -> None:
        """Keep a block."""
        if len(self._blocks) < BUDGETS.blocks:
            heading = len(self._headings) - 1
            self._blocks.append(_new(Block, (kind, text, start, end, heading, label, language, rows, marks, quoted)))
        else:
            self._spent["blocks"] = None

    def add_link(self, url: str, text: str, start: int, end: int, image: bool = False) -> None:
        """Keep a link or an image."""
        if len(self._links) < BUDGETS.links:
            self._links.append(_new(Link, (url, text, start, end, len(self._headings) - 1, image)))
        else:
            self._spent["links"] = None

    def add_comment(self, text: str, start: int, end: int) -> None:
        """Keep a comment."""
        if len(self._comments) < BUDGETS.comments:
            self._comments.append(Comment(text, start, end, len(self._headings) - 1))
        else:
            self._spent["comments"] = None

    def add_anchor(self, name: str) -> None:
        """Keep an id."""
        if len(self._anchors) < BUDGETS.anchors:
            self._anchors.add(name)
        elif name not in self._anchors:
            self._spent["anchors"] = None

    def outline(self) -> Outline:
        """What was kept."""
        return Outline(
            tuple(self._headings),
            tuple(self._blocks),
            tuple(self._links),
            tuple(self._comments),
            frozenset(self._anchors),
            tuple(self._spent),
        )
