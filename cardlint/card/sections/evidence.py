"""What prose speaks of, whatever the heading above it says: the patterns of `section_evidence.json`.

Two hundred patterns are too many to run on every paragraph. Each waits for the words without which it cannot match
(`section_stems.json`): one look at a text's words leaves one pattern in a hundred to try.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cardlint.model import Kind

    Search = Callable[[bytes], list[int] | None]

FULL = 2
THIN = 1

LONGEST = 20_000
"""Characters that are read; what a text of that size has not said by then is rare."""
_STEM = 5
"""Letters of a stem."""
_WORDS = bytes(code | 0x20 if chr(code).isalpha() and code < 0x80 else 0x20 for code in range(256))
"""Bytes to the letters that words are made of: capitals are made small, all else is a blank."""
_MARKS = {ord(mark): mark.encode() for mark in "@%|"}
"""By code: bytes look for a number at a fifth of what they take to look for other bytes."""
_DIGIT, _DIGITS = b"#", b"0123456789"
_CENTURIES = (b"19", b"20")
"""Any digit and what a year begins with are words of their own; the first word of a text is one more behind "^"."""
_CLAUSES = 3
_MOST_WORDS, _LONGEST_WORD = 20_000, 24
"""Words that are remembered with their clauses: how many, and up to how many letters."""


class Evidence(NamedTuple):
    """That a text speaks of a section: FULL (something specific) or THIN (it touches the topic)."""

    section: str
    level: int


class _Clauses(dict[bytes, int]):
    """The clauses that a word fulfils by its stem. Whole words are remembered: cutting a word costs more than finding it."""

    def __init__(self, stems: dict[bytes, int]) -> None:
        super().__init__()
        self._stems = stems

    def __missing__(self, word: bytes) -> int:
        clauses = self._stems.get(word[:_STEM], 0)
        if len(word) <= _LONGEST_WORD and len(self) < _MOST_WORDS:
            self[word] = clauses
        return clauses


class Patterns:
    """The patterns of a kind of card, FULL ones first; sets of them are bits of a number.

    ``said`` and ``sources``: what each pattern is evidence of, and its text.
    """

    def __init__(self, listed: list[tuple[Evidence, str]], needs: dict[str, list[str]]) -> None:
        self.said = tuple(each for each, _ in listed)
        self.sources = tuple(source for _, source in listed)
        self._sections: dict[str, int] = {}
        self._thin = 0
        for index, (section, level) in enumerate(self.said):
            bit = 1 << index
            self._sections[section] = self._sections.get(section, 0) | bit
            self._thin |= bit if level == THIN else 0
        self._searches: list[Search | None] = [None] * len(listed)
        self._foreign = tuple(index for index, source in enumerate(self.sources) if source not in needs)
        """Patterns with letters beyond ASCII: they are looked for together where a text has such letters."""
        self._size = len(listed)
        self._stems: dict[bytes, int] = {}
        """The clauses that a stem fulfils: the first of every pattern in the lowest bits, the second in the next, the third in the last."""
        self._given = 0
        """The clauses that patterns do not have."""
        self._read_needs(needs)
        self._clauses = _Clauses(self._stems)

    def _read_needs(self, needs: dict[str, list[str]]) -> None:
        for index, source in enumerate(self.sources):
            clauses = needs.get(source)
            if clauses is None:
                continue
            for number in range(_CLAUSES):
                clause = 1 << (index + number * self._size)
                if number >= len(clauses):
                    self._given |= clause
                    continue
                for stem in clauses[number].encode().split():
                    self._stems[stem] = self._stems.get(stem, 0) | clause

    def of(self, names: Iterable[str]) -> int:
        """The patterns of some sections."""
        found = 0
        for name in names:
            found |= self._sections.get(name, 0)
        return found

    def beyond(self, section: str, level: int) -> int:
        """The patterns that say more than is known, once a section was found at a level."""
        own = self._sections.get(section, 0)
        return ~own if level == FULL else ~(own & self._thin)

    def candidates(self, text: str) -> int:
        """The patterns that may match a text, by the words it holds."""
        data = text[:LONGEST].encode()
        fulfilled, clauses_of, stems = self._given, self._clauses, self._stems
        words = data.translate(_WORDS).split()
        for word in words:
            clauses = clauses_of[word]
            if clauses:
                fulfilled |= clauses
        if words:
            fulfilled |= stems.get(b"^" + words[0][:_STEM], 0)
        for code, mark in _MARKS.items():
            if code in data:
                fulfilled |= stems.get(mark, 0)
        if len(data.translate(None, _DIGITS)) < len(data):
            fulfilled |= stems.get(_DIGIT, 0)
            for century in _CENTURIES:
                if data.find(century) >= 0:
                    fulfilled |= stems.get(century, 0)
        size = self._size
        found = fulfilled & fulfilled >> size & fulfilled >> 2 * size & (1 << size) - 1
        if self._foreign and not text.isascii():
            search = _search(tuple(self.sources[index] for index in self._foreign))
            for number in search(data) or ():
                found |= 1 << self._foreign[number]
        return found

    def matches(self, index: int, data: bytes) -> bool:
        """Whether a pattern matches a text in UTF-8."""
        search = self._searches[index]
        if search is None:
            search = self._searches[index] = _search((self.sources[index],))
        return bool(search(data))


@cache
def patterns_of(kind: Kind) -> Patterns:
    """The patterns of `section_evidence.json` for a kind of card."""
    listed = [
        (Evidence(section, level), pattern)
        for level, name in ((FULL, "full"), (THIN, "thin"))
        for section, levels in vocabulary("section_evidence")[kind].items()
        for pattern in levels[name]
    ]
    return Patterns(listed, vocabulary("section_stems")["stems"])


@cache
def _search(sources: tuple[str, ...]) -> Search:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    patterns = re2.Set.SearchSet(options)
    for source in sources:
        patterns.Add(source)
    patterns.Compile()
    search: Search = patterns.Match
    return search
