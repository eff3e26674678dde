"""Results in the card, against the files that training and evaluation left beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.checks.art_files import unread
from cardlint.checks.eva_read import agree, decimal, summary
from cardlint.model import NotChecked, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo
    from cardlint.repo.results import Results

_SIZES = frozenset({"epoch", "step", "runtime", "samples_per_second", "steps_per_second", "samples", "mem_cpu_alloc_delta"})


def _key(name: str) -> str:
    """A metric's name without the prefix of its split, letters and digits alone."""
    name = re.sub(r"^(?:eval|test|validation|predict)_", "", name.strip().lower())
    return re.sub(r"[\W_]+", "", name)


def _measured(results: Results) -> dict[str, list[tuple[str, float]]]:
    """Values of evaluations by name: file and value."""
    found: dict[str, list[tuple[str, float]]] = {}
    for metric in results.metrics:
        if metric.path != "train_results.json" and not metric.name.startswith("train_"):
            found.setdefault(_key(metric.name), []).append((metric.path, metric.value))
    training = results.training
    for name, value in (training.evaluation if training else {}).items():
        found.setdefault(_key(name), []).append(("trainer_state.json", value))
    if training and training.best_metric is not None:
        for values in found.values():
            values.append(("trainer_state.json", training.best_metric))
    return found


def _lacking(results: Results) -> Iterator[NotChecked]:
    yield from unread(*results.unread)


def against_files(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A result of the list that no file of results has."""
    stated = summary(card)
    if not stated:
        return
    measured = _measured(repo.results)
    if not measured:
        yield from _lacking(repo.results)
        return
    differ = []
    for each in stated:
        values = measured.get(_key(each.name), ())
        if each.name not in _SIZES and values and not any(agree(each.number, value) for _, value in values):
            differ.append((each, values[0]))
    if differ:
        if repo.results.unread:
            yield from _lacking(repo.results)
            return
        first, (path, value) = differ[0]
        more = f" ({len(differ) - 1} more differ)" if len(differ) > 1 else ""
        yield Problem(first.place, f"{first.name} is {first.text} here, {value:.6g} in {path}{more}", value=first.name)


def index_against_files(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A value of `model-index` that no file of results has."""
    entries = list(_index(card.front_matter.metadata.get("model-index")))
    if not entries or len({at.rpartition("/metrics/")[0] for at, _, _ in entries}) != 1:
        return
    measured = _measured(repo.results)
    if not measured:
        yield from _lacking(repo.results)
        return
    differ = []
    for at, kind, number in entries:
        values = measured.get(_key(kind), ())
        if values and not any(agree(number, value) for _, value in values):
            differ.append((at, kind, number, values[0]))
    if differ:
        if repo.results.unread:
            yield from _lacking(repo.results)
            return
        at, kind, number, (path, value) = differ[0]
        yield Problem(f"{at}/value", f"{kind} is {number:g} here, {value:.6g} in {path}", value=kind)


def _index(index: Any) -> Iterator[tuple[str, str, float]]:
    """Metrics of a `model-index`: pointer, type, value as a number."""
    for one, model in enumerate(index if isinstance(index, list) else ()):
        for two, result in enumerate(_list(model, "results")):
            for three, metric in enumerate(_list(result, "metrics")):
                kind, value = (metric.get("type"), metric.get("value")) if isinstance(metric, dict) else (None, None)
                number = decimal(str(value)) if type(value) in (int, float, str) else None
                if isinstance(kind, str) and number is not None:
                    yield f"/metadata/model-index/{one}/results/{two}/metrics/{three}", kind, number


def _list(holder: Any, key: str) -> list[Any]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def eval_results(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A value of `model-index` that differs from `.eval_results` on the same dataset."""
    entries = [entry for entry in repo.results.eval_results if entry.dataset]
    if not entries:
        if any(answer.path.startswith(".eval_results/") for answer in repo.results.unread):
            yield from _lacking(repo.results)
        return
    index = card.front_matter.metadata.get("model-index")
    for one, model in enumerate(index if isinstance(index, list) else ()):
        for two, result in enumerate(_list(model, "results")):
            dataset = result.get("dataset") if isinstance(result, dict) else None
            name = dataset.get("type") if isinstance(dataset, dict) else None
            same = [entry for entry in entries if isinstance(name, str) and entry.dataset == name and type(entry.value) in (int, float)]
            metrics = [(three, metric.get("value")) for three, metric in enumerate(_list(result, "metrics")) if isinstance(metric, dict)]
            three, value = metrics[0] if len(metrics) == 1 else (0, None)
            if len(same) == 1 and isinstance(value, int | float) and not agree(value, same[0].value):
                at = f"/metadata/model-index/{one}/results/{two}/metrics/{three}/value"
                yield Problem(at, f"{name} is {value:g} here, {same[0].value:g} in {same[0].path}", value=name)
                return
