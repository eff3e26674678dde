"""Pipeline tags, the hub's tasks: what is valid, what is retired, what a value probably means."""

from __future__ import annotations

from functools import cache

from cardlint import data
from cardlint.tuples import NamedTuple
from cardlint.vocab import nearest
from cardlint.vocab.nearest import Near


class Task(NamedTuple):
    """A pipeline tag. ``order`` is the hub's, the most specific first.

    ``widget`` names what a widget example holds (``text+context``, ``src``), None where there is no widget.
    """

    id: str
    name: str
    modality: str
    order: int
    widget: str | None
    libraries: tuple[str, ...]


def ids() -> frozenset[str]:
    """Every valid pipeline tag."""
    return data.ids("pipeline_tags")


def known(tag: str) -> bool:
    """Whether a pipeline tag is valid today."""
    return tag in ids()


@cache
def get(tag: str) -> Task | None:
    """What is known of a tag, None for one that is not valid."""
    entry = data.vocabulary("pipeline_tags")["tasks"].get(tag)
    if entry is None:
        return None
    return Task(tag, entry["name"], entry["modality"], entry["order"], entry.get("widget"), tuple(entry.get("libraries", ())))


def meant(value: str) -> str | None:
    """The tag that a value surely means: itself, or the one that it is a known spelling of."""
    if known(value):
        return value
    found = data.vocabulary("pipeline_tags")["spellings"].get(value.strip().lower())
    return found if isinstance(found, str) else None


def retired(tag: str) -> tuple[str, ...]:
    """The successors of a tag the hub has given up (``conversational``), the likeliest first; empty for any other."""
    return tuple(data.vocabulary("pipeline_tags")["retired"].get(tag, ()))


@cache
def category_of(subtask: str) -> tuple[str, ...]:
    """The tasks that a subtask (a dataset's ``task_ids`` value) belongs to."""
    tasks = data.vocabulary("pipeline_tags")["tasks"]
    return tuple(tag for tag, entry in tasks.items() if subtask in entry.get("subtasks", ()))


def near(value: str) -> Near:
    """The tags that a value probably means; a retired tag means its successors."""
    successors = retired(value.strip().lower())
    if successors:
        return Near(successors, sure=len(successors) == 1)
    return nearest.near("pipeline_tags", value)
