"""A piece of prose, read once: tools and templates repeat the same sentences over many cards."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.card.sections.evidence import LONGEST, Evidence, patterns_of
from cardlint.card.sections.words import count_words, unwrapped, verdict
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.model import Kind

_REPEATED = 500
"""Characters up to which passages are remembered."""
_MOST_REMEMBERED = 16_384
_UNKNOWN = Pattern(r"\b(?:the None|an unknown|the imagefolder|the json|the csv|the generator) dataset")
"""What generators write where they do not know the data."""
_SET_PHRASE = Pattern(r"\b(?:with|[Uu]sing) a pipeline for [\w -]+|illegal or harmful outputs or content|非法或有害的产出或内容")
"""Phrases that many cards share and that say nothing on a use or a harm of this model: how a pipeline is made, a clause of a licence."""


class Passage:
    """What a text is (``verdict``: SAID, FILLER, BOILERPLATE), its ``words``, and the ``candidates``: patterns that may match it.

    A pattern that was tried and does not match is no candidate any more; one that does is not tried again.
    """

    __slots__ = ("_matched", "_patterns", "candidates", "text", "verdict", "words")

    def __init__(self, kind: Kind, text: str) -> None:
        self.text = text
        self.verdict = verdict(text)
        self.words = count_words(text)
        self._patterns = patterns_of(kind)
        self.candidates = self._patterns.candidates(text)
        self._matched = 0

    def evidence(self, among: int) -> list[Evidence]:
        """The best evidence for each section that the text speaks of, by some of the patterns."""
        patterns, matched = self._patterns, self._matched
        data: bytes | None = None
        found: list[Evidence] = []
        left = self.candidates & among
        while left:
            bit = left & -left
            index = bit.bit_length() - 1
            if not bit & matched:
                if data is None:
                    data = self._data()
                if not patterns.matches(index, data):
                    self.candidates ^= bit
                    left ^= bit
                    continue
                matched |= bit
            said = patterns.said[index]
            found.append(said)
            left &= ~patterns.of((said.section,))
        self._matched = matched
        return found

    def _data(self) -> bytes:
        text = self.text
        if " dataset" in text:
            text = _UNKNOWN.sub("", text)
        if "a pipeline for " in text or "or harmful outputs" in text or "或有害的产出" in text:
            text = _SET_PHRASE.sub("", text)
        return unwrapped(text[:LONGEST]).encode()


def passage(kind: Kind, text: str) -> Passage:
    """A text as a passage of a kind of card."""
    return _remembered(kind, text) if len(text) <= _REPEATED else Passage(kind, text)


def weighed(kind: Kind, text: str) -> tuple[int, int]:
    """What a text is (SAID, FILLER, BOILERPLATE) and its words, without looking for evidence in a long one."""
    if len(text) > _REPEATED:
        return verdict(text), count_words(text)
    said = _remembered(kind, text)
    return said.verdict, said.words


_remembered = lru_cache(maxsize=_MOST_REMEMBERED)(Passage)
