"""The main language of a card's prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.card.card import Card


def read_language(card: Card) -> str | None:
    """The main language of the prose (ISO 639-1), None where there is too little of it."""
    return None
