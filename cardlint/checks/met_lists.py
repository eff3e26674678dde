"""MET001: one text where tags, metrics and the like are a list, and the list that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.fm_values import is_filler
from cardlint.checks.met_types import LISTS, wanted
from cardlint.checks.values import place_of
from cardlint.model import Edit, Fix, Problem, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_BULLETS = "•·–— "
"""What a word processor writes at the head of an item."""


def text_not_list(card: Card) -> Iterator[Problem]:
    """MET001: one text where a list is documented; clients take it for a list of characters."""
    metadata = card.front_matter.metadata
    for key in LISTS:
        value = metadata.get(key)
        if not isinstance(value, str) or not value.strip() or wanted(key, card.kind)[0] != ("array",) or is_filler(key, value):
            continue
        at = f"/metadata/{key}"
        lines = _lines(card, key, value)
        parts = [part.strip() for part in (value.split(",") if "," in value else value.split(";"))]
        if len(lines) > 1:
            advice = f"write '- ' at the head of each of the {len(lines)} lines"
            fix: Fix | None = Fix(tuple(lines), "unsafe")
        else:
            advice = f"write a list of {len(parts)} items" if len(parts) > 1 else f"write [{value[:40]}]"
            fix = _listed(card, at, value, parts)
        yield Problem(at, f'"{key}" must be an array', help=advice, value=value, fix=fix)


def _lines(card: Card, key: str, value: str) -> list[Edit]:
    """The dashes of the lines that a text without commas stands on below its key: items that have none, or a bullet in its place."""
    start, end = card.front_matter.values.get(f"/{key}", (0, 0))
    if not start or "," in value or card.text[start] in "\"'|>" or "\n" not in card.text[card.front_matter.keys[f"/{key}"][1] : start]:
        return []
    found, at = [], start
    for line in card.text[start:end].split("\n"):
        first = at + len(line) - len(line.lstrip())
        bare = line.strip().lstrip(_BULLETS)
        if bare:
            found.append(Edit(Range(first, first + len(line.strip()) - len(bare)), "- "))
        at += len(line) + 1
    return found


def _listed(card: Card, at: str, value: str, parts: list[str]) -> Fix | None:
    place = place_of(card, at)
    if place is None or "\n" in card.text[place[0] : place[1]] or not all(parts) or any(c in value for c in "[]{}#:\"'&*!|>%@`"):
        return None
    return Fix((Edit(Range(*place), f"[{', '.join(parts)}]"),), "safe" if len(parts) == 1 else "unsafe")
