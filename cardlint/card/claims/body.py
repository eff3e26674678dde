"""The prose of a card made ready for reading claims: its text in one piece, topics, labelled values, links, places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cardlint.card.claims.claim import Claim
from cardlint.card.outline import Block
from cardlint.data import vocabulary

if TYPE_CHECKING:
    from cardlint.card.card import Card

_HEADING = "heading"
_LONGEST_TOPIC = 60
_BOLD = 7
_WIDEST = 400
_LONGEST_LABEL = 62
_LABEL_EDGE = " \t*_-–•>|:：\"'`"


class Anchor(NamedTuple):
    """A link in the text of a block: ``text[start:end]`` is its label."""

    start: int
    end: int
    url: str


class Field(NamedTuple):
    """A labelled value: ``block.text[start:end]`` follows a label of this kind (license, base, data, evaluation)."""

    block: Block
    kind: str
    label: str
    start: int
    end: int


class Body:
    """What claims are read from; each part is made when it is asked for and shared by all kinds."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.outline = card.outline
        self._anchors: dict[int, tuple[Anchor, ...]] = {}

    @cached_property
    def blocks(self) -> list[Block]:
        """The title (a block of kind "heading") and the blocks of prose, in order."""
        blocks = [block for block in self.outline.blocks if block.kind != "code"]
        if self.outline.headings:
            title = self.outline.headings[0]
            blocks.insert(0, Block(_HEADING, title.text, title.start, title.end, 0))
        return blocks

    @cached_property
    def text(self) -> str:
        """The texts of ``blocks``, an empty line between them."""
        # "İ" is the one character whose lower case is longer, which would shift what is found in ``low``.
        return "\n\n".join([block.text for block in self.blocks]).replace("İ", "I")

    @cached_property
    def low(self) -> str:
        """``text`` in lower case."""
        return self.text.lower()

    @cached_property
    def starts(self) -> list[int]:
        """Where each block begins in ``text``."""
        starts = []
        at = 0
        for block in self.blocks:
            starts.append(at)
            at += len(block.text) + 2
        return starts

    def at(self, offset: int) -> tuple[Block, int]:
        """The block at an offset of ``text`` and where it begins there."""
        index = bisect_right(self.starts, offset) - 1
        return self.blocks[index], self.starts[index]

    @cached_property
    def passages(self) -> list[tuple[Block, str]]:
        """The blocks of prose with their lower-case text."""
        low = self.low
        return [
            (block, low[start : start + len(block.text)])
            for block, start in zip(self.blocks, self.starts, strict=True)
            if block.kind != _HEADING
        ]

    @cached_property
    def topics(self) -> list[str]:
        """The topic of each heading (license, data, train, eval, base, code, hyper, else ""), its own or that of one above it."""
        topics: list[str] = []
        stack: list[tuple[int, str]] = []
        for heading in self.outline.headings:
            level = heading.level
            while stack and stack[-1][0] >= level:
                stack.pop()
            text = heading.text
            topic = _topic(text) if len(text) <= _LONGEST_TOPIC and (level > 1 or topics or text.count(" ") <= 1) else ""
            above = stack[-1][1] if stack else ""
            topic = topic or ("train" if level == _BOLD and above == "data" else above)
            topics.append(topic)
            stack.append((level, topic))
        return topics

    def topic(self, block: Block) -> str:
        """The topic a block stands under."""
        return self.topics[block.heading] if block.heading >= 0 else ""

    @cached_property
    def fields(self) -> list[Field]:
        """Labelled values that can hold a claim: ``label: value`` at the start of a line, and table rows of two cells."""
        fields: list[Field] = []
        for block in self.blocks:
            if block.kind == "table":
                if len(block.rows[0]) == 2:
                    _row_fields(block, fields)
            elif ":" in block.text or "：" in block.text:
                _line_fields(block, fields)
        return fields

    @cached_property
    def _link_starts(self) -> list[int]:
        return [link.start for link in self.outline.links]

    def anchors(self, block: Block) -> tuple[Anchor, ...]:
        """The links in a block, by their place in its text."""
        known = self._anchors.get(block.start)
        if known is not None:
            return known
        links = self.outline.links
        found: list[Anchor] = []
        cursor = 0
        for index in range(bisect_left(self._link_starts, block.start), len(links)):
            link = links[index]
            if link.start >= block.end:
                break
            if link.image or not link.text:
                continue
            at = block.text.find(link.text, cursor)
            if at >= 0:
                cursor = at + len(link.text)
                found.append(Anchor(at, cursor, link.url))
        self._anchors[block.start] = anchors = tuple(found)
        return anchors

    def anchor_at(self, block: Block, at: int) -> Anchor | None:
        """The link whose label covers ``block.text[at]``."""
        anchors = self.anchors(block)
        index = bisect_right(anchors, at, key=_start) - 1
        return anchors[index] if index >= 0 and at < anchors[index].end else None

    def anchors_in(self, block: Block, start: int, end: int) -> tuple[Anchor, ...]:
        """The links whose labels begin in ``block.text[start:end]``."""
        anchors = self.anchors(block)
        if not anchors:
            return anchors
        first = bisect_left(anchors, start, key=_start)
        return anchors[first : bisect_left(anchors, end, first, key=_start)]

    def code_end(self, block: Block, at: int) -> int:
        """Where the code span ends that begins at ``block.text[at]``, else ``at``."""
        if block.kind == _HEADING:
            return at
        text = self.card.text
        if text.find("`", block.start, block.end) < 0:
            return at
        begin = self.outline.place(block, at, at + 1).start
        if begin == 0 or text[begin - 1] != "`":
            return at
        end = text.find("`", begin, begin + 120)
        return at + end - begin if end >= 0 and block.text.startswith(text[begin:end], at) else at

    def claim(self, block: Block, start: int, end: int, detail: str = "") -> Claim:
        """The claim ``block.text[start:end]`` with its place in the card."""
        value = block.text[start:end]
        if block.kind != _HEADING:
            place = self.outline.place(block, start, end)
            # Cells are padded in the source, so that what stands behind the first of a row is further on there.
            at = self.card.text.find(value, place.start, min(block.end, place.start + _WIDEST)) if block.kind == "table" else -1
            return Claim(value, at, at + len(value), detail) if at >= 0 else Claim(value, *place, detail)
        at = self.card.text.find(value, block.start, block.end)
        return Claim(value, at, at + len(value), detail) if at >= 0 else Claim(value, block.start, block.end, detail)


def _start(anchor: Anchor) -> int:
    return anchor.start


def _line_fields(block: Block, fields: list[Field]) -> None:
    text = block.text
    begin = 0
    while begin <= len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        colon = text.find(":", begin, min(end, begin + _LONGEST_LABEL))
        if colon < 0:
            colon = text.find("：", begin, min(end, begin + _LONGEST_LABEL))
        if colon > 0:
            label = text[begin:colon].strip(_LABEL_EDGE).lower()
            kind = _label_kind(label)
            if kind:
                value = colon + 1
                if value >= end and begin == 0 and end < len(text):
                    end = len(text)
                while value < end and text[value] in _LABEL_EDGE + "\n":
                    value += 1
                if value < end:
                    fields.append(Field(block, kind, label, value, end))
        begin = end + 1


def _row_fields(block: Block, fields: list[Field]) -> None:
    begin = 0
    for row in block.rows:
        if len(row) == 2:
            label = row[0].strip(_LABEL_EDGE).lower()
            kind = _label_kind(label)
            start = begin + len(row[0]) + 3
            if kind and row[1]:
                fields.append(Field(block, kind, label, start, start + len(row[1])))
        begin += sum(map(len, row)) + 3 * len(row) - 2


@cache
def _tests() -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    words = vocabulary("claims_words")
    return (
        [(name, re.compile("|".join(patterns))) for name, patterns in words["topics"]],
        [(name, re.compile("|".join(patterns))) for name, patterns in words["labels"].items()],
    )


# Headings and labels repeat from card to card, so what a text is a heading or a label of is worked out once.
@lru_cache(4096)
def _topic(heading: str) -> str:
    low = heading.lower()
    return next((name for name, test in _tests()[0] if test.search(low)), "")


@lru_cache(4096)
def _label_kind(label: str) -> str:
    return next((name for name, test in _tests()[1] if test.match(label)), "") if len(label) > 1 else ""
