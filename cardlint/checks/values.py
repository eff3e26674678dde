"""What checks of the front matter share: walking values with their pointers, edits of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.model import Edit, Fix, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card


def items(card: Card, key: str) -> Iterator[tuple[str, Any]]:
    """The values of a key that takes one or several: pointer (into the facts) and value, nulls left out."""
    value = card.front_matter.metadata.get(key)
    at = f"/metadata/{escape(key)}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            if item is not None:
                yield f"{at}/{index}", item
    elif value is not None:
        yield at, value


def texts(card: Card, key: str) -> Iterator[tuple[str, str]]:
    """Those of `items` that are text."""
    for at, value in items(card, key):
        if isinstance(value, str):
            yield at, value


def replacement(card: Card, at: str, text: str, *, safe: bool = True) -> Fix | None:
    """The fix that puts another plain value at a pointer; None where the value's place is not known or is quoted oddly."""
    place = card.front_matter.values.get(at.removeprefix("/metadata"))
    if place is None or place[0] == place[1]:
        return None
    source = card.text[place[0] : place[1]]
    quote = source[0] if source[0] in "\"'" else ""
    if "\n" in source or quote and source[-1] != quote:
        return None
    return Fix((Edit(Range(*place), f"{quote}{text}{quote}"),), "safe" if safe else "unsafe")
