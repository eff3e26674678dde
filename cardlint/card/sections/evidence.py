"""What a piece of prose speaks of, whatever the heading above it says.

Two hundred patterns are too many to run one by one, and those with gaps ("trained[^.]*dataset") too many for one
automaton, which needs a state for every set of gaps that are open at once. So a few automata look for the gapless
patterns and for the longest piece of the others, which then run alone where their piece was found.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import re2

from cardlint.data import vocabulary

if TYPE_CHECKING:
    from collections.abc import Container

    from cardlint.model import Kind

FULL = 2
THIN = 1

_LONGEST = 20_000
"""Characters that are read; what a text of that size has not said by then is rare."""
_GAP = re.compile(r"(?:\[\^[^\]]*\]|\[\\w\. -\])[*+]")
_MOST_TOGETHER = 24
"""Patterns in one automaton: its states are sets of what was found so far, so it grows with them."""


class Evidence(NamedTuple):
    """That a text speaks of a section: FULL (something specific) or THIN (it touches the topic), and by which pattern."""

    level: int
    pattern: str


class _Pattern(NamedTuple):
    section: str
    evidence: Evidence
    alone: bool


class _Group(NamedTuple):
    """Patterns that are looked for together, the best and cheapest first; ``foreign`` ones hold letters beyond ASCII."""

    sections: frozenset[str]
    set: Any
    patterns: tuple[_Pattern, ...]
    foreign: bool


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


def _new_set(patterns: list[str]) -> Any:
    made = re2.Set.SearchSet(_options())
    for pattern in patterns:
        made.Add(pattern)
    made.Compile()
    return made


def _piece(pattern: str) -> str:
    """What is looked for first: the longest piece of a pattern between its gaps."""
    pieces = [piece for piece in _GAP.split(pattern) if piece.count("(") == piece.count(")")]
    return max(pieces, key=len)


@cache
def _alone(pattern: str) -> Any:
    return _new_set([pattern])


@cache
def _groups(kind: Kind) -> tuple[_Group, ...]:
    native: list[list[_Pattern]] = [[]]
    foreign: list[_Pattern] = []
    for section, levels in vocabulary("section_evidence")[kind].items():
        own: list[_Pattern] = []
        for level, value in (("full", FULL), ("thin", THIN)):
            for pattern in levels[level]:
                made = _Pattern(section, Evidence(value, pattern), _GAP.search(pattern) is not None)
                (own if _is_native(pattern) else foreign).append(made)
        if len(native[-1]) + len(own) > _MOST_TOGETHER:
            native.append([])
        native[-1].extend(own)
    groups = [_group(patterns, foreign=False) for patterns in native if patterns]
    return (*groups, _group(foreign, foreign=True)) if foreign else tuple(groups)


def _is_native(pattern: str) -> bool:
    return pattern.isascii() or re.search("[^\\x00-\\x7f’：₂]", pattern) is None


def _group(patterns: list[_Pattern], *, foreign: bool) -> _Group:
    patterns.sort(key=lambda one: (-one.evidence.level, one.alone))
    looked_for = [_piece(one.evidence.pattern) if one.alone else one.evidence.pattern for one in patterns]
    return _Group(frozenset(one.section for one in patterns), _new_set(looked_for), tuple(patterns), foreign)


def evidence(kind: Kind, text: str, wanted: Container[str] | None = None) -> dict[str, Evidence]:
    """The best evidence in a text for each section (or for the wanted ones)."""
    data = text[:_LONGEST].encode()
    found: dict[str, Evidence] = {}
    ascii_only = len(data) == min(len(text), _LONGEST)
    for sections, matcher, patterns, foreign in _groups(kind):
        if foreign and ascii_only:
            continue
        if wanted is not None and not any(section in wanted for section in sections):
            continue
        for index in sorted(matcher.Match(data) or ()):
            section, said, alone = patterns[index]
            if wanted is not None and section not in wanted:
                continue
            best = found.get(section)
            if (best is None or said.level > best.level) and (not alone or _alone(said.pattern).Match(data)):
                found[section] = said
    return found


def shows(said: Evidence, text: str) -> bool:
    """Whether a piece of the text is where the evidence was found."""
    return _alone(said.pattern).Match(text) is not None
