"""What a piece of prose speaks of, whatever the heading above it says.

The patterns leave gaps ("trained … on … dataset"). One automaton over all of them would have a state for every set of
gaps that are open at once, so it looks for their gapless parts only, and a pattern runs where all its parts occur.
"""

from __future__ import annotations

import re
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
_GAP = re.compile(
    r"\(\?-i:[^()]*\)(?:[*+?]|\{\d+,\d*\})?"
    r"|(?:\[[^\]]*\]|\\[wS])(?:[*+]|\{\d+,\d*\})\??"
    r"|\((?: \\w\+|\\w\+ |\[\\w\.-\]\+ | \[\\w\.-\]\+|\[\\w\./ -\]\+ )\)(?:[*+?]|\{\d+,\d*\})"
)
_OPEN = re.compile(r"\\[wS][*+]|\[\\w[^\]]*\][*+]")
_TELLING = re.compile(r"[a-z]{3}|[^\x00-\x7f]{2}|[@^]")
_GLUE = re.compile(r"\(\??:?(?:the|a|an|on|over|with|from|using|by|via|for|to|of|in|and|is|are|was|were|as|at|it|this|[|?) (])*\)\??")


class _Rule(NamedTuple):
    """A pattern, what it means, and the parts that it cannot do without (bits); without ``gaps`` they say it all."""

    section: str
    level: int
    pattern: str
    parts: int
    gaps: bool


class _Patterns(NamedTuple):
    set: Any
    rules: tuple[tuple[_Rule, ...], ...]
    """The rules to try for each part that was found."""


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


@cache
def _fine(pattern: str) -> Any:
    return re2.compile(pattern, _options())


def _alternatives(pattern: str) -> tuple[list[str], bool]:
    """A pattern of several alternatives is one part, open ends cut."""
    closed = _OPEN.sub("", pattern)
    return ([closed.replace(")\\b", ")").replace("\\b|", "|").removesuffix("\\b")], True) if closed != pattern else ([pattern], False)


def _split(pattern: str) -> tuple[list[str], bool]:
    """The telling parts of a pattern between its top-level gaps, and whether there is any gap."""
    parts: list[str] = []
    start = depth = index = 0
    while index < len(pattern):
        gap = _GAP.match(pattern, index) if depth == 0 else None
        if gap is not None:
            parts.append(pattern[start:index])
            start = index = gap.end()
            continue
        if pattern[index] == "\\":
            index += 1
        elif pattern[index] == "[":
            index = pattern.index("]", index + 2)
        elif pattern[index] == "(":
            depth += 1
        elif pattern[index] == ")":
            depth -= 1
        elif pattern[index] == "|" and depth == 0:
            return _alternatives(pattern)
        index += 1
    parts.append(pattern[start:])
    telling = [part for part in parts if _TELLING.search(_GLUE.sub("", part.replace("\\b", "")))] if len(parts) > 1 else parts
    if not telling:
        return [pattern], False
    closed = [_OPEN.sub("", part).replace(")\\b", ")") if _OPEN.search(part) else part for part in telling]
    return closed, len(parts) > 1 or closed != telling


@cache
def _patterns(kind: Kind) -> _Patterns:
    found = re2.Set.SearchSet(_options())
    numbers: dict[str, int] = {}
    rules: list[tuple[_Rule, list[int]]] = []
    for section, levels in vocabulary("section_evidence")[kind].items():
        for level, value in (("full", FULL), ("thin", THIN)):
            for pattern in levels[level]:
                parts, gaps = _split(pattern)
                ids = []
                for part in parts:
                    if part not in numbers:
                        numbers[part] = found.Add(part)
                    ids.append(numbers[part])
                rules.append((_Rule(section, value, pattern, sum(1 << one for one in set(ids)), gaps), ids))
    found.Compile()
    used = [0] * len(numbers)
    for _, ids in rules:
        for one in ids:
            used[one] += 1
    table: list[list[_Rule]] = [[] for _ in numbers]
    for rule, ids in rules:
        table[min(ids, key=used.__getitem__)].append(rule)
    return _Patterns(found, tuple(tuple(row) for row in table))


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
    seen = 0
    for part in hits:
        seen |= 1 << part
    found: dict[str, int] = {}
    for part in hits:
        for section, level, pattern, parts, gaps in patterns.rules[part]:
            if seen & parts == parts and level > found.get(section, 0) and (not gaps or _fine(pattern).search(text)):
                found[section] = level
    return tuple(found.items())


@lru_cache(maxsize=8192)
def _kept(kind: Kind, text: str) -> tuple[tuple[str, int], ...]:
    return _read(kind, text)
