"""What a piece of prose speaks of, whatever the heading above it says.

Two hundred patterns are too many to run on every paragraph. Each waits for the words without which it cannot match
(`section_stems.json`): one look at a text's words leaves one pattern in a hundred to try.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cardlint.model import Kind

FULL = 2
THIN = 1

_LONGEST = 20_000
"""Characters that are read; what a text of that size has not said by then is rare."""
_REPEATED = 500
"""Characters up to which texts are remembered: the sentences of tools and templates."""
_STEM = 5
"""Letters of a stem."""
_WORDS = bytes(code | 0x20 if chr(code).isalpha() and code < 0x80 else 0x20 for code in range(256))
"""Bytes to the letters that words are made of: capitals are made small, all else is a blank."""
_MARKS = (b"@", b"%")
_DIGIT, _DIGITS = b"0", b"0123456789"
"""Marks, and any digit, are words of their own; the first word of a text is one more behind "^"."""
_UNKNOWN = Pattern(r"\b(?:the None|an unknown|the imagefolder|the json|the csv|the generator) dataset")
"""What generators write where they do not know the data."""


class Evidence(NamedTuple):
    """That a text speaks of a section: FULL (something specific) or THIN (it touches the topic)."""

    section: str
    level: int


class Patterns(NamedTuple):
    """The patterns of a kind of card, FULL ones first; sets of them are bits of a number.

    ``sections``: the set of each section's patterns; ``thin``: all THIN ones. ``stems``: the clauses that a stem fulfils,
    the first clause of every pattern in the lowest ``size`` bits, the second in the next, the third in the last;
    ``given``: the clauses that patterns do not have. ``foreign``: patterns with letters beyond ASCII, which are looked for
    together where a text has such letters.
    """

    said: tuple[Evidence, ...]
    sources: tuple[str, ...]
    sections: dict[str, int]
    thin: int
    stems: dict[bytes, int]
    given: int
    size: int
    foreign: tuple[int, ...]

    def of(self, names: Iterable[str]) -> int:
        """The patterns of some sections."""
        found = 0
        for name in names:
            found |= self.sections.get(name, 0)
        return found

    def beyond(self, section: str, level: int) -> int:
        """The patterns that say more than is known, once a section was found at a level."""
        own = self.sections.get(section, 0)
        return ~own if level == FULL else ~(own & self.thin)


_CLAUSES = 3


@cache
def patterns_of(kind: Kind) -> Patterns:
    """The patterns of `section_evidence.json` for a kind of card."""
    listed = [
        (Evidence(section, level), pattern)
        for level, name in ((FULL, "full"), (THIN, "thin"))
        for section, levels in vocabulary("section_evidence")[kind].items()
        for pattern in levels[name]
    ]
    needs: dict[str, list[str]] = vocabulary("section_stems")["stems"]
    size = len(listed)
    stems: dict[bytes, int] = {}
    of_section: dict[str, int] = {}
    thin = given = 0
    foreign: list[int] = []
    for index, ((section, level), pattern) in enumerate(listed):
        bit = 1 << index
        of_section[section] = of_section.get(section, 0) | bit
        thin |= bit if level == THIN else 0
        clauses = needs.get(pattern)
        if clauses is None:
            foreign.append(index)
            continue
        for number in range(_CLAUSES):
            clause = bit << (number * size)
            if number >= len(clauses):
                given |= clause
                continue
            for stem in clauses[number].encode().split():
                stems[stem] = stems.get(stem, 0) | clause
    said = tuple(each for each, _ in listed)
    sources = tuple(source for _, source in listed)
    return Patterns(said, sources, of_section, thin, stems, given, size, tuple(foreign))


def _search(sources: Iterable[str]) -> Callable[[bytes], list[int] | None]:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    patterns = re2.Set.SearchSet(options)
    for source in sources:
        patterns.Add(source)
    patterns.Compile()
    search: Callable[[bytes], list[int] | None] = patterns.Match
    return search


@cache
def _alone(source: str) -> Callable[[bytes], list[int] | None]:
    return _search([source])


@cache
def _foreign(kind: Kind) -> Callable[[bytes], list[int] | None]:
    patterns = patterns_of(kind)
    return _search(patterns.sources[index] for index in patterns.foreign)


def candidates(kind: Kind, text: str) -> int:
    """The patterns that may match a text, by the words it holds."""
    return _remembered(kind, text) if len(text) <= _REPEATED else _candidates(kind, text)


def _candidates(kind: Kind, text: str) -> int:
    patterns = patterns_of(kind)
    stems, fulfilled, size = patterns.stems, patterns.given, patterns.size
    data = text[:_LONGEST].encode()
    words = data.translate(_WORDS).split()
    fulfils = stems.get
    for word in words:
        clauses = fulfils(word[:_STEM])
        if clauses:
            fulfilled |= clauses
    if words:
        fulfilled |= fulfils(b"^" + words[0][:_STEM], 0)
    for mark in _MARKS:
        if mark in data:
            fulfilled |= fulfils(mark, 0)
    if len(data.translate(None, _DIGITS)) < len(data):
        fulfilled |= fulfils(_DIGIT, 0)
    found = fulfilled & fulfilled >> size & fulfilled >> 2 * size & (1 << size) - 1
    if patterns.foreign and not text.isascii():
        for number in _foreign(kind)(data) or ():
            found |= 1 << patterns.foreign[number]
    return found


_remembered = lru_cache(maxsize=16384)(_candidates)


def evidence(kind: Kind, text: str, among: int) -> list[Evidence]:
    """The best evidence in a text for each section that it speaks of, by patterns ``among`` its candidates."""
    patterns = patterns_of(kind)
    if " dataset" in text:
        text = _UNKNOWN.sub("", text)
    data = text[:_LONGEST].encode()
    found: list[Evidence] = []
    while among:
        bit = among & -among
        index = bit.bit_length() - 1
        if _alone(patterns.sources[index])(data):
            said = patterns.said[index]
            found.append(said)
            among &= ~patterns.sections[said.section]
        else:
            among ^= bit
    return found
