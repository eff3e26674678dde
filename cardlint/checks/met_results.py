"""Numbers in the front matter: emissions, and the results of ``model-index``."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, TypeGuard

from cardlint.checks.values import replacement, suggestion, texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import metrics, tasks
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_NUMBER = Pattern(r"[-+]?(?:\d[\d,_]*)?\.?\d+(?:[eE][-+]?\d+)?")
_SPREAD = Pattern(
    r"[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*(?:\+/-|\+-|±|\\pm)\s*[\d.]+(?:[eE][-+]?\d+)?"
    r"|-?(?:nan|inf)(?:\s*\+/-\s*(?:nan|inf))?"
)
"""What reinforcement-learning tools write: mean and spread."""

_AVERAGED = Pattern(r"macro|micro|weighted|chrf\d")
"""A name that says how the metric is averaged says more than the bare id."""

MOST_GRAMS = 2e10
"""Grams of CO2 above which an amount is a slip: 20,000 tonnes, twice the largest training that was published (2024)."""

_TRAINING = frozenset({"pre-training", "fine-tuning"})


class Measure(NamedTuple):
    """A metric of a result: the result's pointer, its position there, and the mapping itself."""

    result: str
    place: int
    metric: dict[str, Any]

    @property
    def at(self) -> str:
        """Its pointer."""
        return f"{self.result}/metrics/{self.place}"

    @property
    def type(self) -> str:
        """Its id, "" where that is no text."""
        found = self.metric.get("type")
        return found if isinstance(found, str) else ""


def is_unknown_metric(key: str, value: Any) -> bool:
    """Whether a text is no known metric; results are looked into in any case."""
    return (value is list and key == "model-index") or (isinstance(value, str) and not metrics.known(value))


def results(card: Card) -> list[tuple[str, dict[str, Any]]]:
    """The results of a card with their pointers, those that are mappings."""
    return card.once(_results)


def measures(card: Card) -> list[Measure]:
    """The metrics of all results, those that are mappings."""
    return card.once(_measures)


def _measures(card: Card) -> list[Measure]:
    return [Measure(at, index, metric) for at, result in results(card) for index, metric in metric_entries(result)]


def _results(card: Card) -> list[tuple[str, dict[str, Any]]]:
    listed = []
    index = card.front_matter.metadata.get("model-index")
    for n, model in enumerate(index if isinstance(index, list) else ()):
        found = model.get("results") if isinstance(model, dict) else None
        for m, result in enumerate(found if isinstance(found, list) else ()):
            if isinstance(result, dict):
                listed.append((f"/metadata/model-index/{n}/results/{m}", result))
    return listed


def metric_entries(result: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The metrics of a result with their positions, those that are mappings."""
    found = result.get("metrics")
    return [(index, metric) for index, metric in enumerate(found) if isinstance(metric, dict)] if isinstance(found, list) else []


class Odd(NamedTuple):
    """What a rule may have something to say on: real cards hold thousands of results and few of these."""

    tasks: list[tuple[str, dict[str, Any]]]
    """Results whose task is none of the hub's."""
    texts: list[Measure]
    """Their value is text."""
    outside: list[Measure]
    """Their value is a number that the metric's definition rules out."""
    misspelt: list[Measure]
    """Their type is surely another spelling of a known metric."""
    named: list[Measure]
    """They have a name beside their type, and it is not the type's id."""


def odd(card: Card) -> Odd:
    """The results and metrics of a card that are odd in one way or another."""
    return card.once(_odd)


def _odd(card: Card) -> Odd:
    found = Odd([], [], [], [], [])
    kinds: dict[str, _Kind] = {}
    known_tasks = tasks.ids()
    for at, result in results(card):
        task = result.get("task")
        if isinstance(task, dict) and isinstance(task.get("type"), str) and task["type"] not in known_tasks:
            found.tasks.append((at, result))
        for place, metric in metric_entries(result):
            value, kind, name = metric.get("value"), metric.get("type"), metric.get("name")
            if isinstance(value, str):
                found.texts.append(Measure(at, place, metric))
            if not isinstance(kind, str):
                continue
            if kind not in kinds:
                kinds[kind] = _kind(kind)
            misspelt, least, most = kinds[kind]
            if misspelt:
                found.misspelt.append(Measure(at, place, metric))
            elif is_number(value) and not least <= value <= most and value == value:  # NaN is not itself
                found.outside.append(Measure(at, place, metric))
            if isinstance(name, str) and name != kind:
                found.named.append(Measure(at, place, metric))
    return found


class _Kind(NamedTuple):
    """Whether an id of a metric is surely another one misspelt, and between which bounds its values are possible."""

    misspelt: bool
    least: float = -inf
    most: float = inf


def _kind(identifier: str) -> _Kind:
    known = metrics.get(identifier)
    if known is None:
        return _Kind(misspelt=metrics.near(identifier).sure)
    least, most = -inf if known.least is None else known.least, inf if known.most is None else known.most
    return _Kind(misspelt=False, least=least, most=most)


def not_a_number(card: Card) -> Iterator[Problem]:
    """Results that are text and no number."""
    for each in odd(card).texts:
        value = each.metric["value"]
        if not _NUMBER.fullmatch(value.strip()) and not _SPREAD.fullmatch(value.strip()):
            shown = value if len(value) < 40 else f"{value[:37]}…"
            number = value.strip().removesuffix("%").strip()
            fix = None
            if value.strip().endswith("%") and _NUMBER.fullmatch(number):
                fix = replacement(card, f"{each.at}/value", number, safe=False)
            yield Problem(f"{each.at}/value", f"value of {each.type or 'a metric'} is {shown!r}, not a number", value=value, fix=fix)


def impossible(card: Card) -> Iterator[Problem]:
    """Numbers that the metric's definition rules out."""
    for each in odd(card).outside:
        value, known = each.metric["value"], metrics.get(each.type)
        if known is not None:
            yield Problem(f"{each.at}/value", f"{each.type} is {value:g}, which lies outside {_bounds(known)}", value=f"{value:g}")


def _bounds(known: metrics.Metric) -> str:
    if known.most is None:
        return f"its range from {known.least:g}"
    return f"its range from {known.least:g} to {known.most:g}" if known.least is not None else f"its range to {known.most:g}"


def mixed_scales(card: Card) -> Iterator[Problem]:
    """The same metric once as a fraction and once as a per cent value."""
    whole: dict[str, Measure] = {}
    part: dict[str, Measure] = {}
    for each in measures(card):
        value, name = each.metric.get("value"), each.metric.get("type")
        if not is_number(value) or not isinstance(name, str):
            continue
        if 0.2 <= value < 1:
            part.setdefault(name, each)
        elif 20 <= value <= 100:
            whole.setdefault(name, each)
    for name, one in part.items():
        known = metrics.get(name) if name in whole else None
        if known is None or not known.unit or known.better != "higher" or "@" in name or "_at_" in name:
            continue  # at a hundred ranks precision is rightly below one per cent
        other = whole[name]
        message = f"{name} is {one.metric['value']:g} here and {other.metric['value']:g} elsewhere: fraction and per cent in one card"
        yield Problem(f"{one.at}/value", message, value=name, related=(Related(f"{other.at}/value", f"{name} as per cent"),))


_WITHOUT_ID = "map50"
"""A metric that the hub has no id for: each library of detectors writes it in its own way."""


def misspelt_metric(card: Card) -> Iterator[Problem]:
    """Metrics under another name than the one they are known by."""
    places = list(texts(card, "metrics"))
    places += [(f"{each.at}/type", each.type) for each in odd(card).misspelt]
    for at, value in places:
        if metrics.known(value) or not value.strip():
            continue
        near = metrics.near(value)
        if _AVERAGED.search(value.lower()):
            continue
        if near.sure and near.ids[0] not in (value.lower(), _WITHOUT_ID):
            fix = replacement(card, at, near.ids[0], safe=squeeze(near.ids[0]) == squeeze(value))
            yield Problem(at, f"metric {value!r} has the id {near.ids[0]!r}", value=value, fix=fix)


_EVALUATED = frozenset({"semantic-similarity", "information-retrieval", "reranking", "binary-classification", "paraphrase-mining"})
"""What the evaluators of sentence-transformers call their tasks in the cards they write (its `model_card.py`, version 5)."""


def unknown_task(card: Card) -> Iterator[Problem]:
    """Tasks of results that are none of the hub's but near to one."""
    evaluators = any(value == "sentence-transformers" for _, value in texts(card, "tags"))
    for at, result in odd(card).tasks:
        value, data = result["task"]["type"], result.get("dataset")
        if evaluators and value in _EVALUATED:
            continue
        if tasks.retired(value) or tasks.category_of(value):
            continue
        if isinstance(data, dict) and str(data.get("type")).lower().partition("/")[0] == "mteb":
            continue  # this benchmark's tools write task names of their own
        near = tasks.near(value)
        if near.sure:
            fix = replacement(card, f"{at}/task/type", near.ids[0], safe=squeeze(near.ids[0]) == squeeze(value))
            yield Problem(f"{at}/task/type", f"unknown task {value!r}", help=suggestion(near), value=value, fix=fix)


def emissions(card: Card) -> Iterator[Problem]:
    """Emissions that no training has: negative, or more than any known one."""
    value = card.front_matter.metadata.get("co2_eq_emissions")
    at = "/metadata/co2_eq_emissions"
    if isinstance(value, dict):
        value, at = value.get("emissions"), f"{at}/emissions"
    if not is_number(value):
        return
    if value < 0:
        yield Problem(at, f"emissions of {value:g} g are negative", value=f"{value:g}")
    elif value > MOST_GRAMS:
        message = f"emissions of {value:g} g are {value / 1e6:,.0f} tonnes, more than any known training"
        yield Problem(at, message, help="the unit is grams.", value=f"{value:g}")


def training_type(card: Card) -> Iterator[Problem]:
    """A kind of training that is neither pre-training nor fine-tuning."""
    value = card.front_matter.metadata.get("co2_eq_emissions")
    kind = value.get("training_type") if isinstance(value, dict) else None
    if isinstance(kind, str) and not any(each in kind for each in _TRAINING):
        near = next((each for each in _TRAINING if squeeze(each) == squeeze(kind)), None)
        at = "/metadata/co2_eq_emissions/training_type"
        fix = replacement(card, at, near) if near else None
        yield Problem(at, f"training_type {kind!r} is neither 'pre-training' nor 'fine-tuning'", value=kind, fix=fix)


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
