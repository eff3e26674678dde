"""What checks of the body share: places of single lines, words for messages."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cardlint.model import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Heading

_LONGEST_QUOTE = 48
_MOST_LISTED = 6


def first_line(card: Card, start: int, end: int) -> Range:
    """The first line with text of ``card.text[start:end]``."""
    while start < end and card.text[start] in "\r\n":
        start += 1
    stop = card.text.find("\n", start, end)
    stop = end if stop < 0 else stop
    return Range(start, start + max(1, len(card.text[start:stop].rstrip())))


def quoted(text: str) -> str:
    """Text of a card in quotes, cut where it is long, in one line."""
    text = " ".join(text.split())
    return f"'{text}'" if len(text) <= _LONGEST_QUOTE else f"'{text[: _LONGEST_QUOTE - 1].rstrip()}…'"


def wordless(card: Card, heading: Heading) -> bool:
    """Whether a heading has no words; an image is as good as some."""
    return not heading.text and any(each.start == heading.start for each in card.placeholders)


def listed(names: Sequence[str]) -> str:
    """Names in a row; of many the first six and how many more."""
    more = len(names) - _MOST_LISTED
    shown = ", ".join(names[:_MOST_LISTED])
    return shown if more <= 0 else f"{shown} and {more} more"


def lacking(names: Sequence[str]) -> str:
    """Names of files in a row, and that they are not there."""
    return f"{listed(names)}, which {'is' if len(names) == 1 else 'are'} not in the repository"


def tables(card: Card) -> list[Block]:
    """The tables."""
    return [block for block in card.outline.blocks if block.kind == "table"]


class Areas:
    """Stretches of a card, merged, that are asked whether an offset lies in one of them."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(ranges):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]


def code_areas(card: Card) -> Areas:
    """Where the code blocks stand."""
    return Areas((block.start, block.end) for block in card.outline.blocks if block.kind == "code")
