"""What stands under a heading that opens sections, and how much of an answer that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.sections.evidence import FULL, THIN
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.sections.passage import Passage

_ENOUGH = 8
"""Meaningful words below which a section on topic is thin."""
_ENOUGH_FOR = {
    "license": 1,
    "contact_authors": 2,
    "contact": 2,
    "training_data": 3,
    "source_data": 3,
    "evaluation_data": 3,
    "environmental_impact": 3,
    "citation": 5,
    "evaluation_results": 1,
}
_DIGIT = Pattern(r"\d")
_NO_RESULT = Pattern(r"(?i)\b(?:tables?|figures?|sections?|appendix) \d+(?:(?:,| and|, and) \d+)*|\b\d+ ?x ?\d+\b")
"""Numbers that are no results: those of tables and sections, resolutions."""
_ELSEWHERE = Pattern(r"(?i)(?:^|(?<=[.!?] ))[^.!?\n]*\b(?:we|please|kindly) refer (?:readers )?to\b[^\n]*?(?:[.!?](?= |$)|$)")
"""A sentence that sends its reader to another document."""


def said_here(text: str) -> str:
    """A text without the sentences that send their reader to another document."""
    return _ELSEWHERE.sub("", text) if "refer" in text else text


def enough(section: str) -> int:
    """The words from which a section is substantive: a named licence is one."""
    return _ENOUGH_FOR.get(section, _ENOUGH)


class Part:
    """The content under one heading, read block by block."""

    __slots__ = ("code", "end", "fillers", "hint", "said", "table", "unusable", "words")

    def __init__(self) -> None:
        self.fillers = 0
        self.code = 0
        self.table = 0
        self.words = 0
        self.end = 0
        self.said: list[Passage] = []
        self.unusable = False
        """Whether its code loads a model that does not exist ("None")."""
        self.hint = False
        """Whether its citation is that of a tool, not of the work."""

    @property
    def empty(self) -> bool:
        """Whether nothing was said: no text that is more than a filler, no code, no table."""
        return not (self.said or self.code or self.table)

    def rank(self, section: str, support: int | None) -> int:
        """How much the part says on a section that its heading opens: FULL, THIN, or 0 for nothing.

        ``support`` is what its words say on the section, where the heading opens several; None where it is the only one.
        """
        words = self.words
        if not (self.code or self.table) and self.said and not any(said_here(each.text).strip() for each in self.said):
            return THIN
        if section == "how_to_use":
            if self.code:
                return THIN if self.unusable else FULL
            return FULL if words >= _ENOUGH else THIN
        if section == "citation":
            if self.hint:
                return THIN
            return FULL if self.code or words >= _ENOUGH else THIN
        if section == "evaluation_results":
            return FULL if self.table or any(_DIGIT.search(_NO_RESULT.sub("", each.text)) for each in self.said) else THIN
        if self.code or self.table:
            return FULL
        if section in _ENOUGH_FOR:
            return FULL if words >= _ENOUGH_FOR[section] else THIN
        if support is not None and support < FULL and words < 3 * _ENOUGH:
            return THIN
        return FULL if words >= _ENOUGH else THIN
