"""Edits of a text: which of them go together, and the text that they make. Pure; nothing outside the edits changes."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.card.lines import Lines
    from cardlint.model import PlacedFix

_LINE_END = re.compile(r"\r\n|\r|\n")


class Change(NamedTuple):
    """Put ``text`` in place of the code points from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


def apply(text: str, changes: Iterable[Change]) -> str:
    """The text after changes that do not conflict, in any order. Raises ValueError where two do."""
    pieces: list[str] = []
    done = 0
    last: Change | None = None
    for change in sorted(changes):
        if last is not None and _conflict(last, change):
            raise ValueError(f"two changes meet at {change.start}")
        pieces += (text[done : change.start], change.text)
        done = change.end
        last = change
    return "".join((*pieces, text[done:]))


def together(groups: Sequence[Sequence[Change]]) -> list[int]:
    """The indices of groups that can be applied at once, the first by position before others; each group whole or not at all."""
    order = sorted(range(len(groups)), key=lambda index: (sorted(groups[index]), index))
    taken: list[Change] = []
    chosen: list[int] = []
    for index in order:
        held = sorted(groups[index])
        if any(_conflict(*pair) for pair in pairwise(held)):
            continue
        if not any(_meets(change, taken) for change in held):
            for change in held:
                taken.insert(bisect_left(taken, change), change)
            chosen.append(index)
    return sorted(chosen)


def changes_of(fix: PlacedFix, lines: Lines, line_end: str) -> tuple[Change, ...]:
    """The edits of a fix as changes; line ends that they bring are written as the text's own."""
    found = []
    for span, text in fix.edits:
        own = text if line_end == "\n" else _LINE_END.sub(lambda _: line_end, text)
        found.append(Change(lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column), own))
    return tuple(found)


def line_end_of(text: str) -> str:
    """The line end that a text uses first; LF where it has none."""
    found = _LINE_END.search(text)
    return found.group() if found else "\n"


def _meets(change: Change, taken: Sequence[Change]) -> bool:
    """Whether a change conflicts with one of those taken, which are sorted and apart: its neighbours are asked."""
    at = bisect_left(taken, change)
    return any(_conflict(*sorted((change, other))) for other in taken[max(at - 1, 0) : at + 1])


def _conflict(first: Change, second: Change) -> bool:
    """Whether two changes, the earlier first, overlap, or meet where one only inserts, so that their order would matter."""
    if first.start == first.end or second.start == second.end:
        return second.start <= first.end
    return second.start < first.end
