"""Results of ``model-index`` that belong elsewhere: to another language, another dataset, another metric, the training data."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cardlint.checks.met_results import is_number, metric_entries, odd, results
from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.vocab import languages, metrics
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_LEAD = Pattern(r"(?i)(?:test|validation|val|eval|evaluation|dev|train|best|final|mean|overall)[ _]+")
_PART = Pattern(r"config: ?([a-z]{2}(?:[_-]\w{2,8})?)(?:,|$)")
"""The part of a dataset as the template of a course writes it: "config: hi, split: test"."""
_COMPOSITE = frozenset({"rouge", "squad", "squad_v2", "seqeval", "glue", "super_glue", "roc_auc", "acc", "bertscore", "main_score"})
"""Ids under which tools report several values, each with a name of its own."""
_NO_METRIC = frozenset({"main_score"})
"""What the tools of a benchmark (MTEB) call the leading value of a task, whatever metric it is."""
_ALSO_CALLED = {"auc": "roc_auc"}
"""Types that stand for another one as well: the area under a curve is that under the ROC curve where none is named."""


def other_language(card: Card) -> Iterator[Problem]:
    """Results on a multilingual dataset's part in a language that the card does not declare."""
    declared = {value.split("-")[0].lower() for _, value in texts(card, "language")}
    if len(declared) != 1 or not declared <= languages.ids() or "multilingual" in declared:
        return
    (own,) = declared
    for at, result in results(card):
        data, task = result.get("dataset"), result.get("task")
        kind = task.get("type") if isinstance(task, dict) else None
        if not isinstance(data, dict) or not isinstance(kind, str) or "speech" not in kind.lower():
            continue
        for key in ("config", "args"):
            code = data.get(key)
            if isinstance(code, str) and (part := _PART.match(code)):
                code = part[1]
            tag = languages.split(code) if isinstance(code, str) else None
            if (
                tag
                and len(tag.language) == 2
                and languages.known(tag.language)
                and languages.standard(tag.language) != languages.standard(own)
            ):
                message = f"results on {languages.name(tag.language)} ({code!r}) on a card whose language is {own!r}"
                yield Problem(f"{at}/dataset/{key}", message, value=code)


def repeated(card: Card) -> Iterator[Problem]:
    """Two datasets with the same numbers to the last digit."""
    seen: dict[tuple[tuple[str, Any], ...], tuple[str, dict[str, Any]]] = {}
    listed = results(card)
    for at, result in listed if len(listed) > 1 else ():
        data = result.get("dataset")
        entries = [metric for _, metric in metric_entries(result)]
        if not isinstance(data, dict) or len(entries) < 2:
            continue
        if not all(is_number(value) and value % 1 for value in [metric.get("value") for metric in entries]):
            continue
        values = tuple([(str(metric.get("type")), metric["value"]) for metric in entries])
        place, first = seen.setdefault(values, (at, data))
        if first is data:
            continue
        name, earlier = (tuple(str(each.get(key)) for key in ("type", "name")) for each in (data, first))
        if name != earlier:
            message = f"the results on {name[1]!r} are those on {earlier[1]!r} to the last digit"
            yield Problem(
                f"{at}/dataset/name",
                message,
                value=name[1],
                related=(Related(f"{place}/dataset/name", "the first"), *_marks(at, entries)),
            )


def _marks(at: str, entries: list[dict[str, Any]]) -> Iterator[Related]:
    return (Related(f"{at}/metrics/{index}", "the same number") for index in range(min(len(entries), 3)))


def on_training_split(card: Card) -> Iterator[Problem]:
    """Results that are given as of the training split, but those on data that the card does not count among its own."""
    declared = {squeeze(value.rsplit("/", 1)[-1]) for _, value in texts(card, "datasets")}
    for at, result in results(card):
        data = result.get("dataset")
        if not isinstance(data, dict) or data.get("split") != "train" or not result.get("metrics"):
            continue
        names = [squeeze(data[key].rsplit("/", 1)[-1]) for key in ("type", "name") if isinstance(data.get(key), str)]
        if not declared or not names or any(one in other or other in one for one in names for other in declared):
            yield Problem(f"{at}/dataset/split", "the results are given as of the training split", value="train")


def other_metric(card: Card) -> Iterator[Problem]:
    """A value whose name is one metric and whose type another."""
    for each in odd(card).named:
        name, kind = each.metric["name"], each.type
        if _another(name, kind):
            message = f"the value is named {name!r} but its type is {kind!r}"
            yield Problem(f"{each.at}/type", message, value=kind, related=(Related(f"{each.at}/name", "the name"),))


@lru_cache(maxsize=4096)
def _another(name: str, kind: str) -> bool:
    """Whether a name is surely that of another metric than the type."""
    if kind in _COMPOSITE or not metrics.known(kind):
        return False
    near = metrics.near(_LEAD.sub("", name.strip(), count=1))
    return near.sure and near.ids[0] not in (kind, _ALSO_CALLED.get(kind)) and near.ids[0] not in _NO_METRIC
