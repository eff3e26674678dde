"""The outline of a card for an editor: its headings, each with what cardlint read below it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.model import Span

_MOST = 2_000
"""Headings shown; the longest of 32,641 real cards has fewer."""
_LONGEST_NAME = 200


class Symbol(NamedTuple):
    """A heading, or the front matter (level 0). ``whole`` is its section with all below it, ``at`` the heading itself."""

    level: int
    name: str
    detail: str
    whole: Span
    at: Span


def symbols(card: Card) -> tuple[Symbol, ...]:
    """The front matter and the headings in their order; nesting follows from the levels."""
    found = []
    block = card.front_matter
    if block.end:
        opening = card.lines.span(block.start, block.start + 3)
        detail = "metadata" if block.status == "ok" else f"metadata: {block.status}"
        found.append(Symbol(0, "Front matter", detail, card.lines.span(block.start, block.closing + 3), opening))
    headings = [each for each in card.outline.headings if each.kind != "bold"][:_MOST]
    told = _told(card, [each.start for each in headings])
    ends = _ends([each.level for each in headings], [each.start for each in headings], len(card.text))
    for index, heading in enumerate(headings):
        name = " ".join(heading.text.split())[:_LONGEST_NAME] or "(no text)"
        end = max(ends[index], heading.end)
        at = card.lines.span(heading.start, max(heading.end, heading.start))
        found.append(Symbol(heading.level, name, "; ".join(told.get(index, ())), card.lines.span(heading.start, end), at))
    return tuple(found)


def _told(card: Card, starts: list[int]) -> dict[int, list[str]]:
    """For each heading, the sections that were found under it, with their status."""
    told: dict[int, list[str]] = {}
    for name, section in card.sections.items():
        index = bisect_right(starts, section.start) - 1
        if section.status != "absent" and index >= 0:
            told.setdefault(index, []).append(f"{name.replace('_', ' ')}: {section.status}")
    return told


def _ends(levels: list[int], starts: list[int], end: int) -> list[int]:
    """Where each section ends: at the next heading that is not deeper."""
    ends = [end] * len(levels)
    pending: list[int] = []
    for index, level in enumerate(levels):
        while pending and levels[pending[-1]] >= level:
            ends[pending.pop()] = starts[index]
        pending.append(index)
    return ends
