"""Cues: phrases that say what follows or stands before them, found by a stem first so that most text is never matched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block


_MOST = 600
"""Cues read in one card; no real card has a third of them."""


class Cue(NamedTuple):
    """A phrase at ``block.text[start:end]``; ``group`` is what its list in the vocabulary is called."""

    block: Block
    group: str
    start: int
    end: int


class _Stems(NamedTuple):
    present: re2.Set
    stems: list[tuple[str, Pattern]]


@cache
def _stems(name: str) -> _Stems:
    """The stems of a vocabulary, a set that tells which of them a text holds, and the phrases that begin with each."""
    present = re2.Set.SearchSet()
    stems = []
    for stem, groups in vocabulary(name)["cues"].items():
        present.Add(re2.escape(stem))
        stems.append((stem, Pattern("|".join(f"(?P<{group}>{'|'.join(patterns)})" for group, patterns in groups.items()))))
    present.Compile()
    return _Stems(present, stems)


def find_cues(body: Body, name: str, places: Collection[int] | None = None) -> list[Cue]:
    """The cues of the vocabulary ``name`` in the title and the prose, or in those blocks alone that begin at ``places``."""
    low = body.low
    present, stems = _stems(name)
    found: list[Cue] = []
    for first, last in [(0, len(low))] if places is None else _stretches(body, places):
        for index in present.Match(low[first:last]) or ():
            stem, phrases = stems[index]
            at = low.find(stem, first, last)
            while at >= 0 and len(found) < _MOST:
                match = phrases.match(low, at)
                if match:
                    block, start = body.at(at)
                    stop = start + len(block.text)
                    if match.end() > stop:
                        match = phrases.match(low, at, stop)
                    if match:
                        found.append(Cue(block, match.lastgroup or "", at - start, match.end() - start))
                at = low.find(stem, at + len(stem), last)
    return found


def _stretches(body: Body, places: Collection[int]) -> list[tuple[int, int]]:
    """Where in the text the blocks stand that begin at some places of the card."""
    return [(at, at + len(block.text)) for block, at in zip(body.blocks, body.starts, strict=False) if block.start in places]
