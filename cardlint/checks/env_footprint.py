"""Emissions and hours: told at all, what they were measured on, units, agreement of front matter and text, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.absence import has_no_weights, is_absent, is_no_model, tells_of_training, trained_elsewhere
from cardlint.checks.places import quoted
from cardlint.model import Problem, Related
from cardlint.patterns import Cue, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Piece
    from cardlint.facts.document import Facts

_UNITS = r"kilograms?|kg|grams?|g|tons?|tonnes|t|lbs"
_AMOUNT = Pattern(
    r"(?i)(?:co2|co₂|carbon)[^\n.;]{0,60}?"
    rf"(?:\(in (?P<unit>{_UNITS})\)\W{{0,4}}|[:=]\W{{0,4}}|\b(?:is|was|were|of|about|around|at)\s+~?)"
    rf"(?P<number>[0-9][0-9.,]*)\s*(?P<after>{_UNITS})?(?![a-z0-9]|\s?/|\s?per\b)"
)
_EMISSIONS = Cue("(?i)co2|co₂|carbon")
_GRAMS = {"g": 1, "gram": 1, "kg": 1e3, "kilogram": 1e3, "t": 1e6, "ton": 1e6, "tonne": 1e6, "lb": 453.6}
_BASIS = Cue(
    r"(?i)\b(?:[gtc]pu\w*|a100|v100|h100|t4|p100|rtx|a6000|m1|m2|colab|hardware|nvidia|cluster|codecarbon|carbontracker|calculator|lacoste"
    r"|estimat\w+|hours|cloud|aws|gcp|azure|grid|region|kwh)\b"
)
_HOURS = Pattern(r"(?im)^\W*hours used\W{1,6}([0-9][0-9,.]*)")
_HARDWARE = Cue(
    r"(?i)\b(?:[gtc]pu\w*|nvidia|amd|intel|apple|graphcore|trainium|gaudi|a100\w*|v100|h100|h200|l4|t4|p100|k80|rtx|gtx|titan|quadro|tesla"
    r"|a\d{2,4}|mi\d{3}|m[1-4])\b"
)
_SIZE = Pattern(r"(?<![\w.])(\d{1,3}(?:\.\d{1,2})?) ?B\b(?! ?(?:tokens|images|words))")
_HALF = Pattern(r"(?i)\b(?:b?f(?:p|loat)?16|half[- ]precision)\b")
_SMALLER = Pattern(
    r"(?i)\b(?:int[48]|[48][- ]?bit|q[2-8]|quanti[sz]\w*|gptq|awq|gguf|ggml|nf4|fp8|offload\w*|lora|adapter|each|per gpu|active|moe)\b"
)
_MEMORY = Pattern(r"(?i)\b(\d{1,4}) ?gi?b\b[^.\n]{0,20}?\b(?:v?ram|gpu|memory)\b|\b(?:v?ram|memory|gpu)\b[^.\n]{0,24}?\b(\d{1,4}) ?gi?b\b")
_BYTES = 2
"""Bytes a parameter takes in half precision."""


class _Amount(NamedTuple):
    text: str
    grams: float | None
    place: Piece


def _amounts(card: Card) -> list[_Amount]:
    found = []
    for block in card.outline.blocks:
        if block.kind == "code" or not _EMISSIONS.occurs(block.text):
            continue
        for match in _AMOUNT.finditer(block.text):
            unit = (match["unit"] or match["after"] or "").lower().rstrip("s")
            number = match["number"].rstrip(".,").replace(",", "")
            grams = float(number) * _GRAMS[unit] if unit in _GRAMS and number.count(".") < 2 else None  # a version is no number
            found.append(_Amount(match.group().strip(), grams, card.outline.place(block, *match.span())))
    return found


def not_told(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that tells of a training, without energy or emissions.

    Silent where nothing was trained: converted weights of others, a tokenizer, none yet.
    """
    if not is_absent(facts, "environmental_impact") or facts["sections"]["model_description"]["status"] == "absent":
        return
    if tells_of_training(card) and not (is_no_model(card) or trained_elsewhere(card) or has_no_weights(card)):
        yield Problem("section:environmental_impact", "the card does not document energy or emissions")


def without_basis(card: Card) -> Iterator[Problem]:
    """An amount of emissions, and no word on hardware, hours or method; the first place."""
    value = card.front_matter.metadata.get("co2_eq_emissions")
    if isinstance(value, dict) and (value.get("source") or value.get("hardware_used")):
        return
    amounts = [each for each in _amounts(card) if each.grams is not None]
    if amounts and not _BASIS.occurs(card.text[card.front_matter.end :]):
        yield Problem(amounts[0].place, "emissions are given without hardware, hours or method", value="emissions")


def disagree(card: Card) -> Iterator[Problem]:
    """Emissions of the front matter (in grams) that no amount in the text confirms."""
    value = card.front_matter.metadata.get("co2_eq_emissions")
    at = "/metadata/co2_eq_emissions"
    if isinstance(value, dict):
        value, at = value.get("emissions"), f"{at}/emissions"
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value <= 0:
        return
    amounts = [each for each in _amounts(card) if each.grams]
    if len(amounts) != 1 or any(f"{value:g} {unit}" in card.text[card.front_matter.end :] for unit in ("g ", "g.", "g,", "gram")):
        return
    said = amounts[0].grams or 0.0
    if abs(said - value) > max(0.05 * value, 0.0001):
        times = max(said, value) / min(said, value)
        help_text = "the unit of co2_eq_emissions is grams" if 500 < times < 2000 else None  # about a thousand
        message = f"emissions are {value:g} g here and {quoted(amounts[0].text)} in the text"
        yield Problem(at, message, help=help_text, value=f"{value:g}", related=(Related(amounts[0].place, "the text"),))


def hours_without_hardware(card: Card) -> Iterator[Problem]:
    """Hours of use, and no hardware anywhere."""
    for block in card.outline.blocks:
        match = _HOURS.search(block.text) if block.kind in ("item", "paragraph") else None
        if match and not _HARDWARE.occurs(card.text[card.front_matter.end :]):
            place = card.outline.place(block, *match.span(1))
            yield Problem(place, f"{match.group(1)} hours are given without the hardware", value=match.group(1))
            return


def too_little_memory(card: Card) -> Iterator[Problem]:
    """A sentence by which a model in half precision runs in less memory than its weights take."""
    for block in card.outline.blocks:
        if block.kind not in ("item", "paragraph") or not _HALF.search(block.text):
            continue
        size = _SIZE.search(block.text)
        memory = _MEMORY.search(block.text) if size else None
        if size is None or memory is None or _SMALLER.search(block.text):
            continue
        needed, given = float(size.group(1)) * _BYTES, float(memory.group(1) or memory.group(2))
        if given < needed * 0.9:
            message = f"{size.group(1)}B parameters in half precision take {needed:g} GB, more than the {given:g} GB given"
            yield Problem(card.outline.place(block, *memory.span()), message, value=memory.group())
            return
