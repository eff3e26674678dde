"""The prose of a card made ready for reading claims: passages with their topic, links in the text, and places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cardlint.card.claims.claim import Claim
from cardlint.card.outline import Block
from cardlint.data import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import re2

    from cardlint.card.card import Card

_HEADING = "heading"
_LONGEST_TOPIC = 60
_LABEL = re.compile(r"[\s>*_\-–•|]*([^\n:：|]{2,60}?)[\s*_]*[:：](?!//)[\s*_]*")


class Passage(NamedTuple):
    """A block of prose or a heading (``block.kind`` "heading") with its lower-case text."""

    block: Block
    low: str


class Anchor(NamedTuple):
    """A link in the text of a block: ``text[start:end]`` is its label."""

    start: int
    end: int
    url: str


class Field(NamedTuple):
    """A labelled value: ``block.text[start:end]`` follows ``label`` (lower case)."""

    block: Block
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
    def passages(self) -> tuple[Passage, ...]:
        """Blocks of prose in order."""
        return tuple(Passage(block, block.text.lower()) for block in self.outline.blocks if block.kind != "code")

    @cached_property
    def headings(self) -> tuple[Passage, ...]:
        """Headings as passages."""
        return tuple(
            Passage(Block(_HEADING, heading.text, heading.start, heading.end, index), heading.text.lower())
            for index, heading in enumerate(self.outline.headings)
        )

    @cached_property
    def _joined(self) -> tuple[str, list[int], list[Block]]:
        blocks = [passage.block for passage in (*self.headings, *self.passages)]
        texts = [block.text for block in blocks]
        return "\n\n".join(texts), [0, *accumulate(len(text) + 2 for text in texts)], blocks

    def find(self, pattern: re2._Regexp[str]) -> Iterator[tuple[Block, str, int, int]]:
        """The block, the group and the place in the block of every match in headings and prose."""
        text, starts, blocks = self._joined
        for match in pattern.finditer(text):
            start, end = match.span()
            while text[start].isspace() and start < end - 1:
                start += 1
            at = bisect_right(starts, start) - 1
            yield blocks[at], match.lastgroup, start - starts[at], end - starts[at]

    @cached_property
    def low(self) -> str:
        """The lower-case prose, for cheap tests."""
        return "\n".join([low for _, low in self.passages] + [heading.text.lower() for heading in self.outline.headings])

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topic of each heading (license, train, eval, base, other, else ""), its own or that of a heading above it."""
        tests = _topics()
        topics: list[str] = []
        stack: list[tuple[int, str]] = []
        for heading in self.outline.headings:
            while stack and stack[-1][0] >= heading.level:
                stack.pop()
            low = heading.text.lower()
            own = next((name for name, test in tests if test.search(low)), "") if len(low) <= _LONGEST_TOPIC and heading.level > 0 else ""
            if heading.level == 1 and not topics and len(low.split()) > 2:  # noqa: PLR2004  # a title is no topic
                own = ""
            topic = own or (stack[-1][1] if stack else "")
            topics.append(topic)
            stack.append((heading.level, topic))
        return tuple(topics)

    def topic(self, block: Block) -> str:
        """The topic a block stands under."""
        return self.topics[block.heading] if block.heading >= 0 else ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Labelled values: ``label: value`` at the start of a line, and table rows of two cells."""
        fields: list[Field] = []
        for block, _ in self.passages:
            if block.kind == "table":
                fields += _row_fields(block)
            elif ":" in block.text or "：" in block.text:
                fields += _line_fields(block)
        return tuple(fields)

    def anchors(self, block: Block) -> tuple[Anchor, ...]:
        """The links in a block, by their place in its text."""
        known = self._anchors.get(block.start)
        if known is not None:
            return known
        links = self.outline.links
        found: list[Anchor] = []
        cursor = 0
        for link in links[bisect_left(links, block.start, key=lambda link: link.start) :]:
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
        return next((anchor for anchor in self.anchors(block) if anchor.start <= at < anchor.end), None)

    def code_end(self, block: Block, at: int) -> int:
        """Where the code span ends that begins at ``block.text[at]``, else ``at``."""
        if block.kind == _HEADING:
            return at
        text = self.card.text
        begin = self.outline.place(block, at, at + 1).start
        if begin == 0 or text[begin - 1] != "`":
            return at
        end = text.find("`", begin)
        return at + end - begin if 0 <= end <= begin + 120 and block.text.startswith(text[begin:end], at) else at

    def claim(self, block: Block, start: int, end: int, detail: str = "") -> Claim:
        """The claim ``block.text[start:end]`` with its place in the card."""
        value = block.text[start:end]
        if block.kind != _HEADING:
            return Claim(value, *self.outline.place(block, start, end), detail)
        at = self.card.text.find(value, block.start, block.end)
        return Claim(value, at, at + len(value), detail) if at >= 0 else Claim(value, block.start, block.end, detail)


def _line_fields(block: Block) -> list[Field]:
    fields = []
    text = block.text
    begin = 0
    while begin <= len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        match = _LABEL.match(text, begin, end)
        if match and match.end() < end:
            fields.append(Field(block, match.group(1).lower(), match.end(), end))
        elif match and begin == 0 and end < len(text):
            fields.append(Field(block, match.group(1).lower(), end + 1, len(text)))
        begin = end + 1
    return fields


def _row_fields(block: Block) -> list[Field]:
    fields = []
    begin = 0
    for row in block.rows:
        line = " | ".join(row)
        if len(row) == 2:  # noqa: PLR2004
            start = begin + len(row[0]) + 3
            fields.append(Field(block, row[0].strip(" *:：").lower(), start, start + len(row[1])))
        begin += len(line) + 1
    return [field for field in fields if field.end > field.start]


@cache
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    topics: dict[str, list[str]] = vocabulary("claims_words")["topics"]
    return tuple((name, re.compile("|".join(words))) for name, words in topics.items())
