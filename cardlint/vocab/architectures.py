"""Architecture classes of ``config.json`` and the tasks that their head serves."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cardlint import data
from cardlint.tuples import NamedTuple

_PREFIXES = ("TF", "Flax")
_NUMBER = re.compile(r"\d+")


class Architecture(NamedTuple):
    """A model class: ``tasks`` with the primary one first, ``model_types`` of the configurations that use it.

    ``ambiguous`` marks heads that serve several tasks by training alone (a sequence to sequence model translates or
    summarizes), or whose task was concluded from a suffix; ``listed`` is False for the latter.
    """

    name: str
    tasks: tuple[str, ...]
    model_types: tuple[str, ...]
    ambiguous: bool
    listed: bool


@lru_cache(maxsize=1024)
def get(name: str) -> Architecture | None:
    """What is known of a class, also under its TensorFlow or Flax name; None where not even the suffix tells."""
    vocabulary = data.vocabulary("architectures")
    for candidate in (name, *(name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix))):
        entry = vocabulary["classes"].get(candidate)
        if entry is not None:
            tasks, model_types = entry
            doubtful = len(tasks) > 1 or candidate.endswith(tuple(vocabulary["ambiguous"]))
            return Architecture(name, tuple(tasks), tuple(model_types), doubtful, listed=True)
    suffix = next((suffix for suffix in vocabulary["suffixes"] if name.endswith(suffix)), None)
    if suffix is None:
        return None
    return Architecture(name, tuple(vocabulary["suffixes"][suffix]), (), ambiguous=True, listed=False)


@cache
def compatible(task: str) -> frozenset[str]:
    """The card tags that do not contradict a task concluded from the class, itself included."""
    return frozenset((task, *data.vocabulary("architectures")["compatible"].get(task, ())))


def agrees(name: str, tag: str) -> bool | None:
    """Whether a card's pipeline tag agrees with a class; None where the class tells too little."""
    found = get(name)
    if found is None or not found.tasks:
        return None
    if any(tag in compatible(task) for task in found.tasks):
        return True
    return None if found.ambiguous else False


def known_model_type(model_type: str) -> bool:
    """Whether transformers knows a ``model_type``."""
    return model_type in data.vocabulary("architectures")["model_types"]


def is_later(version: str | None) -> bool:
    """Whether a version of transformers is later than the release whose kinds are known here, as far as its numbers tell."""
    known = data.vocabulary("architectures")["_meta"]["release"].rsplit(" ", 1)[-1]
    return version is not None and _numbers(version) > _numbers(known)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in _NUMBER.findall(version)[:3]]
