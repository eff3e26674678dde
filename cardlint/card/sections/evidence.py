"""What a piece of prose speaks of, whatever the heading above it says.

Two hundred patterns are too many to run over each paragraph, and those with gaps ("trained … dataset") too many for one
automaton, which needs a state for every set of gaps that are open at once. So each comes with words it cannot do
without and is asked only where they occur: those with gaps alone, the others as one automaton a section.
"""

from __future__ import annotations

import re
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import re2

from cardlint.data import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.model import Kind

FULL = 2
THIN = 1

_LONGEST = 6_000
"""Characters of a block that are read; what a paragraph of that size has not said by then is rare."""
_WORD = re.compile(r"([@\d]|[a-z][a-z0-9]{0,4})[a-z0-9]*")
"""The beginnings of words, as `section_evidence.json` lists them; of a number its first digit."""
_NUMBER = "0"


class Subject(NamedTuple):
    """A section: the lists of words (bits) that matter to it, and its patterns with the lists that they need."""

    section: str
    matters: int
    alone: tuple[tuple[int, int, Any], ...]
    """Needs, level and automaton of each pattern with gaps, FULL first."""
    needs: tuple[int, ...]
    levels: tuple[int, ...]
    set: Any


class _Patterns(NamedTuple):
    bits: dict[str, int]
    """For each beginning of a word the lists that hold it."""
    known: frozenset[str]
    subjects: dict[str, Subject]
    foreign: Any
    meaning: tuple[tuple[str, int], ...]


def _new_set() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.Set.SearchSet(options)


@cache
def _patterns(kind: Kind) -> _Patterns:
    bits: dict[str, int] = {}
    lists: dict[tuple[str, ...], int] = {}

    def choice(words: list[list[str]]) -> int:
        chosen = 0
        for some in words:
            bit = lists.setdefault(tuple(some), 1 << len(lists))
            chosen |= bit
            for word in some if some != [_NUMBER] else "0123456789":
                bits[word] = bits.get(word, 0) | bit
        return chosen

    foreign = _new_set()
    meaning: list[tuple[str, int]] = []
    subjects: dict[str, Subject] = {}
    for section, levels in vocabulary("section_evidence")[kind].items():
        own = _new_set()
        needed: list[tuple[int, int]] = []
        alone: list[tuple[int, int, Any]] = []
        for level, value in (("full", FULL), ("thin", THIN)):
            for entry in levels[level]:
                if "alone" in entry:
                    single = _new_set()
                    single.Add(entry["pattern"])
                    single.Compile()
                    alone.append((choice(entry["any"]), value, single))
                elif entry["any"]:
                    own.Add(entry["pattern"])
                    needed.append((choice(entry["any"]), value))
                else:
                    foreign.Add(entry["pattern"])
                    meaning.append((section, value))
        if needed:
            own.Compile()
        distinct = tuple(dict.fromkeys(needs for needs, _ in needed))
        matters = reduce(or_, [*(needs for needs, _ in needed), *(needs for needs, _, _ in alone)], 0)
        subjects[section] = Subject(section, matters, tuple(alone), distinct, tuple(value for _, value in needed), own)
    if meaning:
        foreign.Compile()
    return _Patterns(bits, frozenset(bits), subjects, foreign, tuple(meaning))


def subjects(kind: Kind) -> dict[str, Subject]:
    """The sections of a kind of card that text can speak of."""
    return _patterns(kind).subjects


def evidence(kind: Kind, text: str, wanted: Iterable[Subject]) -> list[tuple[str, int]]:
    """The wanted sections that a piece of text speaks of, each with FULL (specific) or THIN (touched)."""
    patterns = _patterns(kind)
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
    bits = patterns.bits
    seen = 0
    for word in patterns.known.intersection(_WORD.findall(text.lower())):
        seen |= bits[word]
    found: list[tuple[str, int]] = []
    data = b""
    if seen:
        for section, matters, alone, needed, levels, own in wanted:
            if not seen & matters:
                continue
            data = data or text.encode()
            best = 0
            for needs in needed:
                if seen & needs == needs:
                    for index in own.Match(data) or ():
                        if levels[index] > best:
                            best = levels[index]
                    break
            for needs, level, single in alone:
                if level > best and seen & needs == needs and single.Match(data):
                    best = level
            if best:
                found.append((section, best))
    if patterns.meaning and not text.isascii():
        found.extend(patterns.meaning[index] for index in patterns.foreign.Match(text) or ())
    return found
