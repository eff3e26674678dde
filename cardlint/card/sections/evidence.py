"""What a piece of prose speaks of, whatever the heading above it says."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import re2

from cardlint.data import vocabulary

if TYPE_CHECKING:
    from cardlint.model import Kind

FULL = 2
THIN = 1

_LONGEST = 6_000
"""Characters of a block that are read; what a paragraph of that size has not said by then is rare."""
_LONGEST_KEPT = 300


class _Patterns(NamedTuple):
    set: Any
    meaning: tuple[tuple[str, int], ...]


@cache
def _patterns(kind: Kind) -> _Patterns:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = 64 << 20
    patterns = re2.Set.SearchSet(options)
    meaning: list[tuple[str, int]] = []
    for section, levels in vocabulary("section_evidence")[kind].items():
        for level, value in (("full", FULL), ("thin", THIN)):
            for expression in levels[level]:
                patterns.Add(expression)
                meaning.append((section, value))
    patterns.Compile()
    return _Patterns(patterns, tuple(meaning))


def evidence(kind: Kind, text: str) -> tuple[tuple[str, int], ...]:
    """The sections that a piece of text speaks of, each with FULL (specific) or THIN (touched)."""
    if len(text) <= _LONGEST_KEPT:
        return _kept(kind, text)
    return _read(kind, text[:_LONGEST])


def _read(kind: Kind, text: str) -> tuple[tuple[str, int], ...]:
    patterns = _patterns(kind)
    hits = patterns.set.Match(text)
    if not hits:
        return ()
    found: dict[str, int] = {}
    for index in hits:
        section, level = patterns.meaning[index]
        if level > found.get(section, 0):
            found[section] = level
    return tuple(found.items())


@lru_cache(maxsize=8192)
def _kept(kind: Kind, text: str) -> tuple[tuple[str, int], ...]:
    return _read(kind, text)
