"""Dataset cards: the closed lists, and how they agree with each other and with ``dataset_info``."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.fm_values import is_filler
from cardlint.checks.values import replacement, suggestion, texts
from cardlint.model import Problem, Related
from cardlint.vocab import datasets, tasks
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_SHOWN = 3

_ANY = frozenset({"unknown", "other"})
"""Words that older hubs took in every list; they say nothing and harm nothing."""


def _unknown(card: Card, field: str, what: str) -> Iterator[Problem]:
    for at, value in texts(card, field):
        if not value.strip() or value in _ANY or datasets.known(field, value):
            continue
        if datasets.legacy(field, value) or is_filler(field, value):
            continue
        near = datasets.near(field, value)
        fix = replacement(card, at, near.ids[0], safe=squeeze(near.ids[0]) == squeeze(value)) if near.sure else None
        yield Problem(at, f"unknown {what} {value!r}", help=suggestion(near), value=value, fix=fix)


def size(card: Card) -> Iterator[Problem]:
    """Size categories outside the list."""
    return _unknown(card, "size_categories", "size category")


def task_category(card: Card) -> Iterator[Problem]:
    """Task categories outside the list; a `retired` one has a rule of its own."""
    return (problem for problem in _unknown(card, "task_categories", "task category") if not tasks.retired(problem.value or ""))


def task_id(card: Card) -> Iterator[Problem]:
    """Task ids that are near to a listed one; free ones were taken for years."""
    for problem in _unknown(card, "task_ids", "task id"):
        value = problem.value or ""
        near = datasets.near("task_ids", value)
        if near.sure:
            yield problem
        elif tasks.known(value):
            yield Problem(problem.at, f"task id {value!r} is a task category", help="write it in `task_categories`.", value=value)


def creators(card: Card) -> Iterator[Problem]:
    """Ways of annotation and collection outside the lists."""
    for field in ("annotations_creators", "language_creators"):
        yield from _unknown(card, field, f"value of {field}:")


def multilinguality(card: Card) -> Iterator[Problem]:
    """Multilinguality outside the list, the first few values; ``other-…`` was taken for years."""
    found = _unknown(card, "multilinguality", "multilinguality")
    return islice((problem for problem in found if not (problem.value or "").startswith("other-")), _SHOWN)


def one_language(card: Card) -> Iterator[Problem]:
    """``monolingual`` beside several languages, ``multilingual`` beside one."""
    same = data.vocabulary("metadata_words")["same_language"]
    several = {same.get(value, value) for value in (value.lower().split("-")[0] for _, value in texts(card, "language"))} - {"code"}
    kinds = list(texts(card, "multilinguality"))
    if len(kinds) != 1 or not several:
        return
    at, kind = kinds[0]
    if kind == "monolingual" and len(several) > 1:
        related = (Related("/metadata/language", "the languages"),)
        yield Problem(at, f"'monolingual' beside {len(several)} languages", value=kind, related=related)
    elif kind == "multilingual" and len(several) == 1 and "multilingual" not in several:
        (only,) = several
        related = (Related("/metadata/language", "the language"),)
        yield Problem(at, f"'multilingual' beside one language, {only!r}", value=kind, related=related)


def stray_task_id(card: Card) -> Iterator[Problem]:
    """Task ids of a category that the card does not name."""
    categories = {value for _, value in texts(card, "task_categories")}
    if not categories or not all(map(tasks.known, categories)):
        return
    for at, value in texts(card, "task_ids"):
        owners = tasks.category_of(value)
        if owners and not categories & set(owners):
            shown = " or ".join(repr(owner) for owner in owners)
            yield Problem(at, f"task id {value!r} belongs to {shown}, which task_categories lacks", value=value)


def size_against_splits(card: Card) -> Iterator[Problem]:
    """A size category that the numbers of examples in ``dataset_info`` rule out."""
    sizes = list(texts(card, "size_categories"))
    if len(sizes) != 1:
        return
    at, value = sizes[0]
    bounds = datasets.bounds(value)
    counted = [number for number in map(_examples, _infos(card)) if number is not None]
    if bounds is None or not counted:
        return
    least, most = max(counted), sum(counted)
    if most < bounds.least or (bounds.below is not None and least > bounds.below):
        right = datasets.size_of(most)
        message = f"size category {value!r}, but dataset_info counts {most:,} examples"
        related = (Related("/metadata/dataset_info", "the numbers of examples"),)
        yield Problem(at, message, help=f"write {right!r}.", value=value, related=related)


def _infos(card: Card) -> list[dict[str, Any]]:
    found = card.front_matter.metadata.get("dataset_info")
    return [info for info in (found if isinstance(found, list) else [found]) if isinstance(info, dict)]


def _examples(info: dict[str, Any]) -> int | None:
    """The examples of all splits of one configuration, None where a split has no number."""
    splits = info.get("splits")
    if not isinstance(splits, list) or not splits:
        return None
    numbers = [split.get("num_examples") for split in splits if isinstance(split, dict)]
    if len(numbers) != len(splits) or not all(isinstance(number, (int, float)) and number >= 0 for number in numbers):
        return None
    return int(sum(number for number in numbers if number is not None))
