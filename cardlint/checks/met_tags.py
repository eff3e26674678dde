"""Tasks, libraries and tags: values outside the hub's lists, and tags that say nothing or something else."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.fm_values import is_filler
from cardlint.checks.values import duplicates, place_of, replacement, suggestion, texts
from cardlint.model import Edit, Fix, Problem, Range
from cardlint.patterns import Pattern
from cardlint.vocab import libraries, tasks
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_COMPUTED = Pattern(
    r"(?:license|dataset|region|deploy|doi|arxiv|language|library|pipeline_tag):\S"
    r"|(?:endpoints_compatible|autotrain_compatible|has_space)$"
)
"""Tags the hub makes itself (hub documentation, model cards). ``base_model:`` tags are left out: PEFT writes them into cards."""

_LOCAL = Pattern(r"(?:base_model:(?:[a-z]+:)?)?(?:~?/|\.{1,2}/|[A-Za-z]:[\\/])")
_SEVERAL = Pattern(r"[^,;\n]{1,40}(?:[,;][^,;\n]{1,40})+[,;]?")

_PLAIN = Pattern(r"[A-Za-z][A-Za-z0-9_+./-]+(?: [A-Za-z0-9_+./-]+)*")
"""A tag that needs no quotes, unless it is one of these words."""
_NO_TEXT = frozenset({"yes", "no", "on", "off", "true", "false", "null"})

_TYPO = 0.93
"""Least likeness of a misspelt task: one letter in fifteen, so that other tasks' names stay apart."""


def is_no_task(text: str) -> bool:
    """Whether a text is no task of the hub's."""
    return not tasks.known(text)


def is_unregistered(text: str) -> bool:
    """Whether a text is no library that the hub registers."""
    return not libraries.known(text)


def is_misspelt_task(text: str) -> bool:
    """Whether a tag spells a task in another way."""
    return _as_task(text) is not None


def is_misspelt(text: str) -> bool:
    """Whether a tag is one slip away from a common one."""
    return _as_common(text) is not None


def is_computed(text: str) -> bool:
    """Whether a tag is one the hub makes."""
    return _COMPUTED.match(text) is not None


def is_local(text: str) -> bool:
    """Whether a tag holds a path of the author's machine."""
    return _LOCAL.match(text) is not None


def is_several(text: str, alone: bool) -> bool:
    """Whether an item has a comma, or a dash between blanks, as items have that are indented below it."""
    return not alone and ("," in text or " - " in text)


def unknown_task(card: Card) -> Iterator[Problem]:
    """A pipeline tag that is none."""
    for at, value in texts(card, "pipeline_tag"):
        if value.strip() and not tasks.known(value) and not tasks.retired(value) and not is_filler("pipeline_tag", value):
            near = tasks.near(value)
            fix = replacement(card, at, near.ids[0], safe=squeeze(near.ids[0]) == squeeze(value)) if near.sure else None
            yield Problem(at, f"unknown pipeline tag {value!r}", help=suggestion(near), value=value, fix=fix)


def retired_task(card: Card) -> Iterator[Problem]:
    """A pipeline tag that the hub gave up."""
    for key in ("pipeline_tag", "task_categories"):
        for at, value in texts(card, key):
            if successors := tasks.retired(value):
                help_text = f"use {' or '.join(repr(each) for each in successors)}."
                yield Problem(at, f"the hub gave up the task {value!r}", help=help_text, value=value)


def misspelt_library(card: Card) -> Iterator[Problem]:
    """A library that is registered under another spelling."""
    for at, value in texts(card, "library_name"):
        if libraries.known(value):
            continue
        near = libraries.near(value)
        if near.sure:
            fix = replacement(card, at, near.ids[0], safe=squeeze(near.ids[0]) == squeeze(value))
            yield Problem(at, f"unknown library {value!r}", help=suggestion(near), value=value, fix=fix)


def misspelt_task(card: Card) -> Iterator[Problem]:
    """Tags that are a task in another spelling, which no filter finds."""
    tags = card.front_matter.metadata.get("tags")
    for at, value in texts(card, "tags"):
        task = _as_task(value)
        if task is None or (isinstance(tags, list) and task in tags):
            continue
        same = squeeze(value) == squeeze(task)
        if same and card.front_matter.metadata.get("pipeline_tag") == task:
            continue
        message = f"tag {value!r} is not how the hub writes the task {task!r}"
        yield Problem(at, message, help=f"write {task!r}.", value=value, fix=replacement(card, at, task, safe=same))


@lru_cache(maxsize=4096)
def _as_task(tag: str) -> str | None:
    """The task that a tag spells in other letters or with a slip; None for tasks and libraries themselves and for all other tags."""
    form = squeeze(tag)
    if tasks.known(tag) or libraries.known(tag) or not 8 < len(form) < 40:
        return None
    forms = _task_forms()
    if form in forms:
        return forms[form]
    close = [other for other in forms if other[0] == form[0] and abs(len(other) - len(form)) < 3]
    if not close or len(form) < 13:
        return None
    from difflib import SequenceMatcher

    return next((forms[other] for other in close if SequenceMatcher(None, form, other).ratio() >= _TYPO), None)


@cache
def _task_forms() -> dict[str, str]:
    return {squeeze(task): task for task in tasks.ids()}


def misspelt_word(card: Card) -> Iterator[Problem]:
    """Tags that are one slip away from a common one: a letter too many, too few, wrong, or two exchanged."""
    for at, value in texts(card, "tags"):
        if _as_task(value) is None and (word := _as_common(value)):
            yield Problem(
                at, f"tag {value!r} is misspelt", help=f"did you mean {word!r}?", value=value, fix=replacement(card, at, word, safe=False)
            )


@lru_cache(maxsize=4096)
def _as_common(tag: str) -> str | None:
    """The common tag that a tag misspells; None for common tags, tasks and libraries themselves and for all others."""
    lower = tag.lower()
    common = data.words("metadata_words", "common_tags")
    if not 7 < len(tag) < 40 or lower in common or tasks.known(lower) or libraries.known(lower):
        return None
    near = (word for word in common if word[0] == lower[0] and abs(len(word) - len(lower)) < 2)
    return next((word for word in sorted(near) if _one_slip(lower, word)), None)


def _one_slip(one: str, other: str) -> bool:
    """Whether a single slip inside the word turns one into the other; endings are left out, as they carry meaning."""
    head = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[head:], other[head:]
    if len(left) < 3 or len(right) < 3 or not (left[0].isalpha() and right[0].isalpha()):
        return False
    return left[1:] == right or left == right[1:] or left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


def computed(card: Card) -> Iterator[Problem]:
    """Tags that the hub makes itself from other fields and from the files."""
    for at, value in texts(card, "tags"):
        if _COMPUTED.match(value):
            yield Problem(at, f"tag {value!r} is one the hub makes itself", value=value)


def local_path(card: Card) -> Iterator[Problem]:
    """Tags that hold a path of the author's machine."""
    for at, value in texts(card, "tags"):
        if _LOCAL.match(value):
            yield Problem(at, f"tag {value!r} holds a path on the author's machine", value=value)


def repeated(card: Card) -> Iterator[Problem]:
    """Tags listed more than once, also where only the case differs."""
    return duplicates(card, "tags", "tags are", str.lower)


def several_in_one(card: Card) -> Iterator[Problem]:
    """One tag that is a list with commas; a scalar with commas has a rule of its own."""
    for at, value in texts(card, "tags"):
        if at != "/metadata/tags" and "," in value and _SEVERAL.fullmatch(value.strip()) and ". " not in value:
            yield Problem(at, f"one tag holds several: {value!r}", value=value, fix=_parted(card, at, value))
        elif " - " in value and (items := _indented(card, at)):
            fix = Fix((Edit(Range(*card.front_matter.values[at.removeprefix("/metadata")]), items),), "unsafe")
            advice = "an item that is indented deeper than the one above is read as a part of it: indent them alike."
            yield Problem(at, f"one tag holds several: {value!r}", help=advice, value=value, fix=fix)


def _indented(card: Card, at: str) -> str | None:
    """Items that stand indented below one of their list, each on a line as that one; None where there are none."""
    start, end = place_of(card, at) or (0, 0)
    first, *below = card.text[start:end].split("\n")
    lead = card.text[card.text.rfind("\n", 0, start) + 1 : start]
    if lead.strip() != "-" or not below or not all(line.lstrip().startswith("- ") for line in below):
        return None
    return f"\n{lead}".join([first.rstrip(), *(line.lstrip()[2:].strip() for line in below)])


def _parted(card: Card, at: str, value: str) -> Fix | None:
    """The fix that writes each tag as an item of its own; None where they need quotes or the item does not stand on its line."""
    tags = [tag for part in re.split("[,;]", value) if (tag := part.strip())]
    place = place_of(card, at)
    if place is None or not all(_PLAIN.fullmatch(tag) and tag.lower() not in _NO_TEXT for tag in tags):
        return None
    lead = card.text[card.text.rfind("\n", 0, place[0]) + 1 : place[0]]
    if lead.strip() != "-" or "\n" in card.text[slice(*place)]:
        return None
    return Fix((Edit(Range(*place), f"\n{lead}".join(dict.fromkeys(tags))),), "unsafe")
