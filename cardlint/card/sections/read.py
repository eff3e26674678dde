"""The sections of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.sections.types import SECTION_NAMES, Section

if TYPE_CHECKING:
    from cardlint.card.card import Card


def read_sections(card: Card) -> dict[str, Section]:
    """Every section of the card's kind, by name. Never raises on a bad card."""
    return dict.fromkeys(SECTION_NAMES[card.kind], Section())
