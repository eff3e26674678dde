"""Results in the front matter against the body: other values, metrics without a result."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from cardlint.checks.eva_read import agree, cell_place, decimal, summary
from cardlint.checks.values import texts
from cardlint.data import vocabulary
from cardlint.model import Problem, Range, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import metrics
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Piece

_LABELLED = Pattern(r"\W*([^:\n=]{1,40}?)\W{0,4}[:=]\s*(-?[0-9][0-9.,]*)\s?%?\W*")
_TEST = Pattern(r"(?i)\b(?:test|dev|eval|lm\b)")
_SHORT = {"accuracy": r"\bacc\b", "precision": r"\bp *\|", "recall": r"\br *\|"}
_TEST_RESULT = Pattern(r"\bTest [Rr]esult\W{0,6}?:?\W{0,6}?(\d{1,3}(?:\.\d{1,16})?) ?%")
"""The result as the cards of the weeks of fine-tuning on speech tell it, the only one they have."""
_GENERIC = frozenset({"score", "error", "rate", "mean", "macro", "micro", "weighted", "average", "correlation", "distance"})


class _Given(NamedTuple):
    at: str
    value: float


class _Said(NamedTuple):
    place: Piece
    text: str
    value: float


def results(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    """The results of ``model-index`` that are mappings, each with its pointer."""
    index = card.front_matter.metadata.get("model-index")
    for number, model in enumerate(index if isinstance(index, list) else ()):
        found = model.get("results") if isinstance(model, dict) else None
        for position, result in enumerate(found if isinstance(found, list) else ()):
            if isinstance(result, dict):
                yield f"/metadata/model-index/{number}/results/{position}", result


def contradicts_body(card: Card) -> Iterator[Problem]:
    """A metric with one value in ``model-index`` and another one in the body; one problem a card."""
    given = _given(card)
    said = _said(card) if given else {}
    for name, values in given.items():
        found = said.get(name, ())
        if len(values) != 1 or len(found) != 1 or agree(values[0].value, found[0].value, 0.02):
            continue
        message = f"{name} is {values[0].value:g} here and {found[0].text} in the body"
        yield Problem(values[0].at, message, value=name, related=(Related(found[0].place, f"{name} in the body"),))
        return
    yield from _test_result(card)


def _test_result(card: Card) -> Iterator[Problem]:
    """The only result of the front matter, and another one that the body calls the test result."""
    text, start = card.text, card.front_matter.end
    if "Test Result" not in text and "Test result" not in text:
        return
    said = list(islice(_TEST_RESULT.finditer(text, start), 2))
    given = [
        (f"{at}/metrics/{index}/value", metric["value"])
        for at, result in results(card)
        for index, metric in enumerate(result["metrics"] if isinstance(result.get("metrics"), list) else ())
        if isinstance(metric, dict) and type(metric.get("value")) in (int, float)
    ]
    if len(said) == len(given) == 1 and not agree(given[0][1], float(said[0][1]), 0.02):
        message = f"the result is {given[0][1]:g} here and {said[0][1]} in the body"
        related = (Related(Range(*said[0].span(1)), "the test result in the body"),)
        yield Problem(given[0][0], message, value=str(given[0][1]), related=related)


def _given(card: Card) -> dict[str, list[_Given]]:
    """The values of ``model-index`` by metric."""
    found: dict[str, list[_Given]] = {}
    for at, result in results(card):
        listed = result.get("metrics")
        for index, metric in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(metric, dict):
                continue
            name = _metric(metric.get("type"))
            value = metric.get("value")
            if (
                name
                and name != "loss"
                and not _held_out(result, metric)
                and isinstance(value, (int, float))
                and not isinstance(value, bool)
            ):
                found.setdefault(name, []).append(_Given(f"{at}/metrics/{index}/value", float(value)))
    return found


def _held_out(result: dict[str, Any], metric: dict[str, Any]) -> bool:
    """Whether a result names its own split or decoder; the body then mostly reports another one."""
    data = result.get("dataset")
    words = [metric.get("name")]
    if isinstance(data, dict):
        words += [data.get("name"), data.get("split")]
    return any(isinstance(word, str) and _TEST.search(word) for word in words)


def _said(card: Card) -> dict[str, list[_Said]]:
    """Results of the body by metric: labelled values, and tables of a name and a number a row."""
    found: dict[str, list[_Said]] = {}
    listed = card.once(summary)
    for each in listed:
        if name := _metric(each.name):
            found.setdefault(name, []).append(_Said(each.place, each.text, each.number))
    place = card.outline.place
    for block in card.outline.blocks:
        if block.kind == "table":
            for index, row in enumerate(block.rows[:40]):
                name = _metric(row[0]) if len(row) == 2 else None  # a name and a number
                number = decimal(row[1].strip(" %*")) if name else None
                if name and number is not None:
                    found.setdefault(name, []).append(_Said(cell_place(card, block, index, 1), row[1].strip(), number))
        elif not listed and block.kind in ("item", "paragraph") and len(block.text) < 80:  # a longer one is a sentence
            match = _LABELLED.fullmatch(block.text) if ":" in block.text or "=" in block.text else None
            name = _metric(match.group(1)) if match else None
            number = decimal(match.group(2)) if match and name else None
            if match and name and number is not None:
                found.setdefault(name, []).append(_Said(place(block, *match.span(2)), match.group(2), number))
    return found


@lru_cache(maxsize=2048)
def _metric(value: object) -> str | None:
    """The metric that a name means for sure."""
    if not isinstance(value, str) or len(value) > 40:  # no metric's name is longer
        return None
    low = value.strip().lower()
    if metrics.known(low):
        return low
    near = metrics.near(low)
    return near.ids[0] if near.sure else None


def unreported(card: Card) -> Iterator[Problem]:
    """Metrics that the front matter lists and that nothing else in the card speaks of; one problem a card."""
    if not card.outline.blocks:
        return
    named = [(at, value) for at, value in texts(card, "metrics") if _metric(value)]
    low = card.text[card.front_matter.end :].lower()
    missing = [(at, value) for at, value in named if value.lower() not in low]
    if not missing:
        return
    index = str(card.front_matter.metadata.get("model-index", "")).lower()
    missing = [(at, value) for at, value in missing if value.lower() not in index]
    if not missing or (len(named) == 1 and card.sections["evaluation_results"].status == "substantive"):  # the numbers are that metric's
        return
    body = squeeze(low + index)
    missing = [(at, value) for at, value in missing if not _spoken_of(value, low, body)]
    if missing:
        names = ", ".join(dict.fromkeys(repr(value) for _, value in missing[:5]))
        yield Problem(missing[0][0], f"no result is given for {names}", value=missing[0][1], related=_others(missing))


def _others(missing: list[tuple[str, str]]) -> tuple[Related, ...]:
    return tuple(Related(at, f"{value!r} neither") for at, value in missing[1:])


_SAME = {"sacrebleu": ("bleu",), "accuracy": ("exactmatch", "wordmatch", "top1")}
"""Other names under which a result of a metric may be told: a way to compute it, a share of what is right."""


def _spoken_of(value: str, low: str, body: str) -> bool:
    """Whether the body has the metric under any of its names."""
    if squeeze(value) in body:
        return True
    name = _metric(value)
    if name and any(form in body for form in (*_forms().get(name, ()), *_SAME.get(name, ()))):
        return True
    words = [word for word in re.split(r"[\W_]+", value.lower()) if len(word) > 3 and word not in _GENERIC]
    return any(word in low for word in words) or (name in _SHORT and re.search(_SHORT[name], low) is not None)


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """The squeezed names of each metric, those of one letter left out."""
    found: dict[str, list[str]] = {}
    for spelling, name in vocabulary("metrics")["spellings"].items():
        if isinstance(name, str):
            found.setdefault(name, [squeeze(name)]).append(squeeze(spelling))
    return {name: tuple(form for form in forms if len(form) > 1) for name, forms in found.items()}
