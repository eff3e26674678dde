"""The tool that wrote a card, known by a sentence it always writes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import re2

from cardlint.data import vocabulary
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card

_HEAD = 3_000
"""Characters of the body in which a tool has named itself."""


class _Fingerprints(NamedTuple):
    set: Any
    names: tuple[str, ...]


@cache
def _fingerprints() -> _Fingerprints:
    listed = vocabulary("generators")["fingerprints"]
    options = re2.Options()
    options.literal = True
    fingerprints = re2.Set.SearchSet(options)
    for _, sentence in listed:
        fingerprints.Add(sentence)
    fingerprints.Compile()
    return _Fingerprints(fingerprints, tuple(name for name, _ in listed))


def read_generator(card: Card) -> str | None:
    """The tool whose untouched output the card looks like, else None."""
    start = card.front_matter.end
    known = _fingerprints()
    hits = known.set.Match(card.text[start : start + _HEAD])
    return known.names[min(hits)] if hits else None
