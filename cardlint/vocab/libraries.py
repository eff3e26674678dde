"""Library names: those the hub registers, and frameworks and formats that are none."""

from __future__ import annotations

from functools import cache

from cardlint import data
from cardlint.tuples import NamedTuple
from cardlint.vocab.nearest import NOTHING, Near
from cardlint.vocab.nearest import near as near_id


class Library(NamedTuple):
    """A registered model library; ``tasks`` are those the hub serves with it, empty where it lists none."""

    id: str
    name: str
    tasks: tuple[str, ...]


def ids() -> frozenset[str]:
    """Every registered model library."""
    return data.ids("libraries")


def known(identifier: str) -> bool:
    """Whether the hub registers a model library of this very spelling; other values are kept and have no effect."""
    return identifier in ids()


def framework(value: str) -> bool:
    """Whether a value is a framework, format or tool that authors write although the hub registers no such library."""
    return value.strip().lower() in data.vocabulary("libraries")["frameworks"]


@cache
def get(identifier: str) -> Library | None:
    """What is known of a library, None for one that is not registered."""
    entry = data.vocabulary("libraries")["libraries"].get(identifier)
    return Library(identifier, entry["name"], tuple(entry.get("tasks", ()))) if entry else None


def near(value: str) -> Near:
    """The registered libraries that a value probably means; a `framework` is never guessed into a library."""
    found = near_id("libraries", value)
    return NOTHING if framework(value) and not found.sure else found
