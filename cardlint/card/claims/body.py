"""The prose of a card made ready for reading claims: its text in one piece, topics, labelled values, links, places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

import re2

from cardlint.card.claims.claim import Claim
from cardlint.card.claims.fields import read_fields
from cardlint.card.outline import Block
from cardlint.data import vocabulary
from cardlint.lazy import lazy
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.card.claims.fields import Field

_HEADING = "heading"
_LONGEST_TOPIC = 60
_BOLD = 7
_WIDEST = 400
_MOST_CHECKS = 60
"""Places looked up in one block to tell the label of a link from the same words before it; a place costs as much as its block is long."""
_TITLE = Pattern(r"(?![a-z])[^\W\d_]+(?: \w+)?\W*")
"""A first heading that can tell a topic ("Usage"), not the name of a model ("acme-base-colab")."""
_WORKS = "works"
_REFERENCES = Pattern(r"(?i)\W*(?:\d+\.?\s*)?(?:references|bibliography|further reading|related work)\W*")
"""Headings on other works: what a heading below them is called tells no topic, as "Datasets" below "References"."""
_MOST_DECLARED = 20
_LONGEST_DECLARED = 80


class Anchor(NamedTuple):
    """A link in the text of a block: ``text[start:end]`` is its label."""

    start: int
    end: int
    url: str


class Body:
    """What claims are read from; each part is made when it is asked for and shared by all kinds."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.outline = card.outline
        self._anchors: dict[int, tuple[Anchor, ...]] = {}

    @lazy
    def blocks(self) -> list[Block]:
        """The title (a block of kind "heading") and the blocks of prose, in order."""
        blocks = [block for block in self.outline.blocks if block.kind != "code"]
        if self.outline.headings:
            title = self.outline.headings[0]
            blocks.insert(0, Block(_HEADING, title.text, title.start, title.end, 0))
        return blocks

    @lazy
    def text(self) -> str:
        """The texts of ``blocks``, an empty line between them.

        "İ", the one character whose lower case is longer, would shift what is found in ``low``.
        """
        text = self.card.prose
        if self.outline.headings:
            title = self.outline.headings[0].text
            text = f"{title}\n\n{text}" if text or len(self.blocks) > 1 else title
        return text if text.isascii() else text.replace("İ", "I")

    @lazy
    def low(self) -> str:
        """``text`` in lower case."""
        low = self.text.lower()
        return low if low.isascii() else low.replace("‑", "-")

    @lazy
    def starts(self) -> list[int]:
        """Where each block begins in ``text``."""
        return list(accumulate([len(block.text) + 2 for block in self.blocks], initial=0))

    def at(self, offset: int) -> tuple[Block, int]:
        """The block at an offset of ``text`` and where it begins there."""
        index = bisect_right(self.starts, offset) - 1
        return self.blocks[index], self.starts[index]

    @lazy
    def prose(self) -> list[Block]:
        """The blocks without the title."""
        return self.blocks[1:] if self.outline.headings else self.blocks

    def under(self, topic: str) -> list[Block]:
        """The blocks of prose under a topic, in order."""
        topics = self.topics
        if topic not in topics:
            return []
        return [block for block in self.prose if block.heading >= 0 and topics[block.heading] == topic]

    def holding(self, stem: str) -> list[Block]:
        """The blocks whose lower-case text holds a stem, in order."""
        low = self.low
        found: list[Block] = []
        at = low.find(stem)
        while at >= 0:
            index = bisect_right(self.starts, at) - 1
            found.append(self.blocks[index])
            at = low.find(stem, self.starts[index + 1])
        return found

    @lazy
    def declared(self) -> tuple[str, ...]:
        """The names that ``datasets`` lists in the front matter, as far as they can be names."""
        given = self.card.front_matter.metadata.get("datasets")
        listed = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        return tuple([name for name in listed[:_MOST_DECLARED] if isinstance(name, str) and len(name) <= _LONGEST_DECLARED])

    @lazy
    def topics(self) -> list[str]:
        """The topic of each heading (license, data, train, eval, base, code, hyper, else ""), its own or that of one above it."""
        topics: list[str] = []
        stack: list[tuple[int, str]] = []
        for heading in self.outline.headings:
            level = heading.level
            while stack and stack[-1][0] >= level:
                stack.pop()
            text = heading.text
            topic = _topic(text) if len(text) <= _LONGEST_TOPIC and (level > 1 or topics or _TITLE.fullmatch(text)) else ""
            above = stack[-1][1] if stack else ""
            if above == _WORKS or _REFERENCES.fullmatch(text):
                topic = _WORKS
            topic = topic or ("train" if level == _BOLD and above == "data" else above)
            topics.append(topic)
            stack.append((level, topic))
        return topics

    def topic(self, block: Block) -> str:
        """The topic a block stands under."""
        return self.topics[block.heading] if block.heading >= 0 else ""

    @lazy
    def fields(self) -> list[Field]:
        """Labelled values that can hold a claim."""
        return read_fields(self)

    @lazy
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
        # Places in headings and tables are not exact enough to tell where a label stands.
        checks = _MOST_CHECKS if block.kind in (_HEADING, "table") else 0
        for index in range(bisect_left(self._link_starts, block.start), len(links)):
            link = links[index]
            if link.start >= block.end:
                break
            if link.image or not link.text:
                continue
            label = link.text.strip()
            at = block.text.find(label, cursor) if label else -1
            while checks < _MOST_CHECKS and at >= 0 and (later := block.text.find(label, at + 1)) >= 0:
                checks += 1
                if self.outline.place(block, at, at + 1).start >= link.start:
                    break
                at = later
            if at >= 0:
                cursor = at + len(label)
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


@cache
def _topics() -> tuple[re2.Set, list[str]]:
    """The patterns of each topic, and their names: the first that matches tells which one a heading has."""
    words = vocabulary("claims_words")["topics"]
    topics = re2.Set.SearchSet()
    for _, patterns in words:
        topics.Add("|".join(patterns))
    topics.Compile()
    return topics, [name for name, _ in words]


# Headings repeat from card to card, so which topic a text has is worked out once.
@lru_cache(8192)
def _topic(heading: str) -> str:
    topics, names = _topics()
    found = topics.Match(heading.lower())
    return names[min(found)] if found else ""
