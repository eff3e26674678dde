"""Comments in front matter: a ``#`` that begins a line or follows a blank, and stands in no scalar."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MARK = Pattern(r"(?:^|(?<=[ \t\r\n]))#[^\r\n]*")

DIRECTIVE = "cardlint:"
"""Comments are looked for only in cards that hold this word: nobody else reads them."""

Place = tuple[int, int]


def yaml_comments(text: str, start: int, end: int, values: Mapping[str, Place], keys: Mapping[str, Place]) -> tuple[Place, ...]:
    """The ranges of the comments between two offsets of a card, from ``#`` to the end of the line.

    ``values`` and ``keys`` are the places that the reader of the block found, by pointer.
    """
    if text.find(DIRECTIVE, start, end) < 0:
        return ()
    scalars = sorted({*keys.values(), *_scalars(text, values)})
    begins = [place[0] for place in scalars]
    found = []
    at = start
    while (match := _MARK.search(text, at, end)) is not None:
        index = bisect_right(begins, match.start()) - 1
        if index >= 0 and match.start() < scalars[index][1]:
            at = scalars[index][1]
            continue
        found.append(match.span())
        at = match.end()
    return tuple(found)


def _scalars(text: str, values: Mapping[str, Place]) -> Iterable[Place]:
    """The places of values that hold no others: a collection's comments stand between its parts."""
    parents = {pointer.rpartition("/")[0] for pointer in values}
    for pointer, place in values.items():
        if pointer and pointer not in parents and text[place[0] : place[0] + 1] not in ("[", "{"):
            yield place
