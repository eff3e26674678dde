"""Texts compared across a hub by hashes of their lines: what is copied, and what many have in common."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SKETCH = 64
"""Lines kept of a text: those with the smallest hashes, a fair sample of all lines that is the same for equal texts."""
FEWEST = 12
"""Lines below which a text is too short to call it a copy."""
ALIKE = 0.8
"""Share of common lines from which one text is a copy of the other."""
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 4
_SHORTEST_SECTION = 25


def line_hashes(text: str) -> tuple[int, ...]:
    """The sketch of a text: up to `SKETCH` hashes of its lines of four words and more, markup and case aside, sorted."""
    found = set()
    for line in text.splitlines():
        words = _WORD.findall(line.lower())
        if len(words) >= _SHORTEST:
            found.add(_hash(words))
    return tuple(sorted(found)[:SKETCH])


def section_hash(text: str) -> int | None:
    """The hash of a section's words; None where it has under 25 of them."""
    words = _WORD.findall(text.lower())
    return _hash(words) if len(words) >= _SHORTEST_SECTION else None


def alike(one: Collection[int], other: Collection[int]) -> float:
    """The share of lines that two texts have in common (Jaccard), from their sketches; 0 where one is too short."""
    if len(one) < FEWEST or len(other) < FEWEST:
        return 0.0
    first, second = set(one), set(other)
    union = sorted(first | second)[:SKETCH]
    return len(first & second & set(union)) / len(union)


def _hash(words: Iterable[str]) -> int:
    """63 bits, so that every table has a type for it."""
    return int.from_bytes(blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
