"""The tool that wrote a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardlint.card.card import Card


def read_generator(card: Card) -> str | None:
    """The tool whose untouched output the card looks like, else None."""
    return None
