"""Widget examples and inference parameters: what a task's widget can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.card.yamlreader import escape
from cardlint.model import Problem
from cardlint.patterns import Pattern
from cardlint.vocab import tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_MASKS = Pattern(r"\[MASK\]|<mask>|\[mask\]|<MASK>|<extra_id_\d+>|<\|mask\|>|<mask_\d+>|\[MASK_\d+\]|▁<mask>")
_EITHER = {"structured_data": ("structured_data", "structuredData")}


def _examples(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    widget = card.front_matter.metadata.get("widget")
    if isinstance(widget, list):
        for index, example in enumerate(widget):
            if isinstance(example, dict) and example:
                yield f"/metadata/widget/{index}", example


def unfit(card: Card) -> Iterator[Problem]:
    """Examples that lack an input of their task."""
    tag = card.front_matter.metadata.get("pipeline_tag")
    for at, lacking in lacking_inputs(card, tag) if isinstance(tag, str) else ():
        shown = " and ".join(part.replace("|", " or ") for part in lacking)
        yield Problem(at, f"widget example of {tag} lacks {shown}", value=f"{tag} {shown}")


def lacking_inputs(card: Card, tag: str) -> Iterator[tuple[str, list[str]]]:
    """The examples that lack inputs of a task, with what each lacks."""
    task = tasks.get(tag)
    if task is None or not task.widget:
        return
    for at, example in _examples(card):
        if example.keys() & _words("widget_inputs"):
            lacking = [part for part in task.widget.split("+") if not _given(example, part)]
            if lacking:
                yield at, lacking


def _given(example: dict[str, Any], part: str) -> bool:
    if part == "multi_class" or part.endswith("(optional)"):
        return True
    wanted = [key for name in part.split("|") for key in _EITHER.get(name, (name,))]
    if "messages" in example and "text" in wanted:
        return True
    return any(key in example for key in wanted)


def unknown_key(card: Card) -> Iterator[Problem]:
    """Keys that no widget reads."""
    known = _words("widget_inputs") | _words("widget_keys")
    spellings = data.vocabulary("metadata_words")["widget_spellings"]
    for at, example in _examples(card):
        for key in example:
            if key not in known and key != "results":  # results under a widget have a rule of their own
                near = spellings.get(key.lower()) or (key.lower() if key.lower() in known else None)
                help_text = f"did you mean {near!r}?" if near else None
                yield Problem(f"key:{at}/{escape(key)}", f"widget examples have no key {key!r}", help=help_text, value=key)


def unmasked(card: Card) -> Iterator[Problem]:
    """Examples of fill-mask without the mask, or with another mask than the declared one."""
    if card.front_matter.metadata.get("pipeline_tag") == "fill-mask":
        yield from without_mask(card)


def without_mask(card: Card) -> Iterator[Problem]:
    """Examples without a mask, or with another one than the declared one."""
    declared = card.front_matter.metadata.get("mask_token")
    for at, example in _examples(card):
        text = example.get("text")
        if not isinstance(text, str) or not text.strip() or (isinstance(declared, str) and declared in text):
            continue
        found = _MASKS.search(text)
        if found is None:
            yield Problem(f"{at}/text", "the fill-mask example has no mask to fill", value=text)
        elif isinstance(declared, str) and declared:
            message = f"the example masks with {found.group()!r} but mask_token is {declared!r}"
            yield Problem(f"{at}/text", message, value=text)


def labels(card: Card) -> Iterator[Problem]:
    """Candidate labels given as a list, where the widget takes one text with commas."""
    for at, example in _examples(card):
        if isinstance(example.get("candidate_labels"), list):
            yield Problem(f"{at}/candidate_labels", "candidate_labels is a list; the widget takes one text with commas")


def parameters(card: Card) -> Iterator[Problem]:
    """Generation parameters that stand outside ``parameters``."""
    given = card.front_matter.metadata.get("inference")
    if not isinstance(given, dict):
        return
    ours = _words("generation_ranges") | _words("generation_switches")
    stray = [key for key in given if key in ours]
    if stray and "parameters" not in given:
        shown = ", ".join(stray[:4])
        message = f"{shown} stands under `inference`, not under `parameters`"
        yield Problem(f"key:/metadata/inference/{escape(stray[0])}", message, value=stray[0])


def out_of_range(card: Card) -> Iterator[Problem]:
    """Generation parameters beyond what their definition allows."""
    ranges = data.vocabulary("metadata_words")["generation_ranges"]
    given = card.front_matter.metadata.get("inference")
    places = [("/metadata/inference/parameters", given.get("parameters"))] if isinstance(given, dict) else []
    places += [(f"{at}/parameters", example.get("parameters")) for at, example in _examples(card)]
    for at, values in places:
        if not isinstance(values, dict):
            continue
        for key, value in values.items():
            least, most = ranges.get(key, (None, None))
            if least is None or isinstance(value, bool) or not isinstance(value, (int, float)):
                continue
            if not (least <= value and (most is None or value <= most)):
                bound = f"at least {least}" if most is None else f"between {least} and {most}"
                yield Problem(f"{at}/{escape(key)}", f"{key} is {value:g}; it lies {bound}", value=f"{value:g}")


def _words(key: str) -> frozenset[str]:
    return data.words("metadata_words", key)
