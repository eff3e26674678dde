"""The closed lists of dataset cards: sizes, creators, multilinguality, task ids."""

from __future__ import annotations

from functools import cache, lru_cache

from cardlint import data
from cardlint.tuples import NamedTuple
from cardlint.vocab import nearest, tasks
from cardlint.vocab.nearest import NOTHING, Near, Spellings

FIELDS = ("annotations_creators", "language_creators", "multilinguality", "size_categories", "task_categories", "task_ids")
"""The metadata keys with a closed list."""


class Bounds(NamedTuple):
    """A size category: ``least`` examples or more, fewer than ``below`` (None: without end)."""

    least: int
    below: int | None


def values(field: str) -> tuple[str, ...]:
    """The values of a field of `FIELDS`, in the hub's order."""
    return tuple(data.vocabulary("dataset_fields")["values"][field])


@cache
def _known(field: str) -> frozenset[str]:
    return frozenset(values(field))


def known(field: str, value: str) -> bool:
    """Whether a field of `FIELDS` takes a value."""
    return value in _known(field)


def legacy(field: str, value: str) -> bool:
    """Whether older hubs took a value that is no longer listed (``unknown`` as a size)."""
    return value in data.vocabulary("dataset_fields")["legacy"].get(field, ())


def bounds(size: str) -> Bounds | None:
    """The numbers of examples that a size category means; None for ``other`` and unknown ones."""
    found = data.vocabulary("dataset_fields")["size_bounds"].get(size)
    return Bounds(*found) if found else None


@cache
def size_of(examples: int) -> str:
    """The size category of a number of examples."""
    sizes: dict[str, tuple[int, int | None]] = data.vocabulary("dataset_fields")["size_bounds"]
    return next(name for name, (least, below) in sizes.items() if least <= examples and (below is None or examples < below))


def special_source(value: str) -> bool:
    """Whether a ``source_datasets`` value is a word of the vocabulary, not a dataset's id."""
    return value.split("|", maxsplit=1)[0] in data.vocabulary("dataset_fields")["source_datasets"]


@cache
def _tables(field: str) -> tuple[Spellings, Spellings]:
    spellings: Spellings = data.vocabulary("dataset_fields")["spellings"].get(field, {})
    if field == "size_categories":  # here the signs carry the meaning: n<1K and n>1K are the same letters
        return spellings | {size.lower(): size for size in values(field)}, {}
    return spellings, nearest.forms(values(field), spellings)


@lru_cache(maxsize=4096)
def near(field: str, value: str) -> Near:
    """The values of a field that were probably meant; sizes by spelling only, as ``1K<n<10K`` is near to them all."""
    if known(field, value):
        return Near((value,), sure=True)
    if field == "task_categories":
        return tasks.near(value)
    if field == "task_ids" and tasks.known(value):
        return NOTHING  # a category, not one of its subtasks
    spellings, table = _tables(field)
    if field == "size_categories":
        value = "".join(value.split())
    return nearest.look_up(value, spellings, table) or (nearest.guess(value, table) if table else NOTHING)
