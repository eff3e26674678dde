"""Rules whose check is a pattern over one part of the body: ``text``.

The patterns of all selected rules form one set a part; only those that hit are run for their places.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cardlint.model import Problem, Range
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.engine.rule import Rule

_MOST = 3
_PROSE = frozenset({"paragraph", "item", "table", "html"})


class Piece(NamedTuple):
    """One element's text, and the block it can be placed in (-1: the element's own place is all there is)."""

    text: str
    start: int
    end: int
    block: int


def pieces(card: Card, part: str) -> list[Piece]:
    """The texts of a part of the body: heading, prose, code, link, comment."""
    outline = card.outline
    if part == "heading":
        return [Piece(each.text, each.start, each.end, -1) for each in outline.headings]
    if part == "link":
        return [Piece(each.url, each.start, each.end, -1) for each in outline.links]
    if part == "comment":
        return [Piece(each.text, each.start, each.end, -1) for each in outline.comments]
    wanted = frozenset({"code"}) if part == "code" else _PROSE
    return [Piece(each.text, each.start, each.end, index) for index, each in enumerate(outline.blocks) if each.kind in wanted]


class TextSet:
    """The patterns of the selected rules over one part; ``words`` holds those one of which a card must have, empty: none need be."""

    def __init__(self, part: str, rules: Sequence[Rule]) -> None:
        self.part = part
        self.rules = tuple(rules)
        words = [rule.check["text"].get("words", ()) if "forbid" in rule.check["text"] else () for rule in rules]
        self.words: tuple[str, ...] = tuple(dict.fromkeys(word for each in words for word in each)) if all(words) else ()

        self._patterns: dict[int, Any] = {}

    @cached_property
    def _set(self) -> Any:
        import re2

        found = re2.Set.SearchSet()
        for rule in self.rules:
            found.Add(rule.check["text"].get("forbid") or rule.check["text"]["require"])
        found.Compile()
        return found

    def problems(self, card: Card) -> Iterator[tuple[Rule, Problem]]:
        """Each rule with its problem, in the order of the rules."""
        text = card.prose if self.part == "prose" else "\n".join([piece.text for piece in pieces(card, self.part)])
        hits = set(self._set.Match(text) or ())  # None: no hit
        found = pieces(card, self.part) if hits else []
        for index, rule in enumerate(self.rules):
            text = rule.check["text"]
            if "forbid" in text:
                if index in hits:
                    yield from ((rule, problem) for problem in self._matches(card, index, found))
            elif index not in hits:
                yield rule, Problem("/metadata", text["message"])

    def _matches(self, card: Card, index: int, found: Sequence[Piece]) -> Iterator[Problem]:
        import re2

        text = self.rules[index].check["text"]
        if index not in self._patterns:
            self._patterns[index] = re2.compile(text["forbid"])
        left = text.get("most", _MOST)
        for piece in found:
            for match in self._patterns[index].finditer(piece.text):
                value = match.group().strip()
                begin = match.start() + len(match.group()) - len(match.group().lstrip())
                place: Range = Range(piece.start, piece.end)
                if piece.block >= 0:
                    block = card.outline.blocks[piece.block]
                    place = Range(*card.outline.place(block, begin, begin + len(value)))
                yield Problem(place, text["message"].replace("{value}", value), value=value)
                left -= 1
                if not left:
                    return
