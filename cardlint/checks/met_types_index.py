"""MET020 to MET024: the structure of ``model-index``, the results that a card reports for machines.

Shapes: the hub's own types (huggingface.js, ``ApiModelIndex``) and huggingface_hub's ``EvalResult``. A real card holds
thousands of results, so they are walked once and each rule says at most a few findings.
"""

from __future__ import annotations

from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, Any

from cardlint.checks.met_types import demand, is_a, placed
from cardlint.model import Problem
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_MOST = 5
_MOST_FAULTS = 1_000
_DATASET_TYPE = Pattern(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_.-]+")
"""The hub's own pattern, /^(?:[\\w-]+\\/)?[\\w-.]+$/."""


class Fault(NamedTuple):
    """One fault: ``kind`` (missing, type, pattern, value, dataset), the path as steps below ``model-index``, what the hub says."""

    kind: str
    path: tuple[str | int, ...]
    says: str

    @property
    def at(self) -> str:
        """Its pointer into the facts."""
        return "/metadata/model-index" + "".join(f"/{step}" for step in self.path)

    @property
    def message(self) -> str:
        """What the hub says of it, path first."""
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f'"model-index{path}" {self.says}'


def faults(index: Any) -> Iterator[Fault]:
    """The faults of a ``model-index``, in its order."""
    if not isinstance(index, list):
        yield Fault("type", (), "must be an array")
        return
    for number, entry in enumerate(index):
        path: tuple[str | int, ...] = (number,)
        if not isinstance(entry, dict):
            yield Fault("type", path, "must be of type object")
            continue
        yield from _member(entry, path, "name", "string")
        yield from _member(entry, path, "results", "array")
        results = entry.get("results")
        for place, result in enumerate(results if isinstance(results, list) else ()):
            if not _sound(result):
                yield from _result(result, (*path, "results", place))


def _sound(result: Any) -> bool:
    """Whether a result is surely without a fault, told fast: most are."""
    try:
        task, dataset, metrics = result["task"], result["dataset"], result["metrics"]
        if type(task["type"]) is not str or type(dataset["name"]) is not str or not _DATASET_TYPE.fullmatch(dataset["type"]):
            return False
        for name in ("config", "split", "revision", "args"):
            if name in dataset and type(dataset[name]) is not str:
                return False
        for metric in metrics:
            value = metric["value"]
            if type(metric["type"]) is not str or "args" in metric or value is None or (type(value) is float and not isfinite(value)):
                return False
    except (KeyError, TypeError):
        return False
    return type(metrics) is list and "source" not in result


def _result(result: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if not isinstance(result, dict):
        yield Fault("type", path, "must be of type object")
        return
    yield from _member(result, path, "task", "object")
    if isinstance(result.get("task"), dict):
        yield from _member(result["task"], (*path, "task"), "type", "string")
    if "dataset" not in result and "metrics" in result:
        yield Fault("dataset", (*path, "dataset"), "is required by clients")
    elif "dataset" in result:
        yield from _member(result, path, "dataset", "object")
    if isinstance(result.get("dataset"), dict):
        yield from _dataset(result["dataset"], (*path, "dataset"))
    yield from _member(result, path, "metrics", "array")
    metrics = result.get("metrics")
    for place, metric in enumerate(metrics if isinstance(metrics, list) else ()):
        yield from _metric(metric, (*path, "metrics", place))
    source = result.get("source")
    if isinstance(source, dict):
        yield from _member(source, (*path, "source"), "url", "string")


def _dataset(dataset: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[Fault]:
    yield from _member(dataset, path, "name", "string")
    yield from _member(dataset, path, "type", "string")
    kind = dataset.get("type")
    if isinstance(kind, str) and not _DATASET_TYPE.fullmatch(kind):
        yield Fault("pattern", (*path, "type"), f"with value {kind[:40]!r} is no dataset id")
    for name in ("config", "split", "revision"):
        if name in dataset and not isinstance(dataset[name], str):
            yield Fault("type", (*path, name), "must be a string")
    if "args" in dataset and not isinstance(dataset["args"], str | dict | int | float):
        yield Fault("type", (*path, "args"), "must be one of [string, object]")


def _metric(metric: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if not isinstance(metric, dict):
        yield Fault("type", path, "must be of type object")
        return
    yield from _member(metric, path, "type", "string")
    if isinstance(metric.get("args"), list):
        yield Fault("type", (*path, "args"), "must be one of [string, object]")
    value = metric.get("value")
    if value is None:
        yield Fault("value", (*path, "value"), "has no value" if "value" in metric else "is required")
    elif isinstance(value, float) and not isfinite(value):
        yield Fault("value", (*path, "value"), "is not a finite number")


def _member(owner: dict[str, Any], path: tuple[str | int, ...], name: str, kind: str) -> Iterator[Fault]:
    """A required member of one type."""
    value = owner.get(name)
    if name not in owner:
        yield Fault("missing", (*path, name), "is required")
    elif not is_a(value, (kind,)):
        yield Fault("type", (*path, name), demand((kind,)))


def _of(card: Card) -> tuple[Fault, ...]:
    """The faults of a card's results."""
    return tuple(islice(faults(card.front_matter.metadata["model-index"]), _MOST_FAULTS))


def _problems(card: Card, *kinds: str) -> Iterator[Problem]:
    found = (fault for fault in card.once(_of) if fault.kind in kinds)
    for fault in islice(found, _MOST):
        yield Problem(placed(card, fault.at), fault.message, help=_advice(card, fault), value=fault.message)


def _advice(card: Card, fault: Fault) -> str | None:
    """What to write where a list lost its dash, or a mapping is named by one word."""
    value = card.front_matter.metadata["model-index"]
    if fault.kind != "type":
        return None
    for step in fault.path:
        value = value[step]
    if isinstance(value, dict) and fault.says == demand(("array",)):
        return "a list begins each of its items with '- ': put one before the first member, and indent the rest alike"
    if isinstance(value, str) and fault.says == demand(("object",)) and fault.path[-1:] == ("task",):
        return f"write `task: {{type: {value[:40]}}}`"
    return None


def types(card: Card) -> Iterator[Problem]:
    """MET020: members of a wrong type."""
    if card.front_matter.metadata["model-index"] is not None:
        yield from _problems(card, "type")


def missing(card: Card) -> Iterator[Problem]:
    """MET021: members that hubs require."""
    yield from _problems(card, "missing")


def patterns(card: Card) -> Iterator[Problem]:
    """MET022: a dataset's type that is no id."""
    yield from _problems(card, "pattern")


def values(card: Card) -> Iterator[Problem]:
    """MET023: metrics without a value, or with one that is no number."""
    yield from _problems(card, "value")


def datasets(card: Card) -> Iterator[Problem]:
    """MET024: results that do not say on which data; one finding a card."""
    yield from islice(_problems(card, "dataset"), 1)
