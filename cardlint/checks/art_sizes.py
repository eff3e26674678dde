"""How many parameters a card or a name claims, and how many the files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.art_measure import measure
from cardlint.checks.art_weights import AT
from cardlint.model import NotChecked, Problem, Range, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim
    from cardlint.card.outline import Block
    from cardlint.repo.repo import Repo

_VALUE = Pattern(
    r"(?i)~?\s*(\d{1,3}(?: \d{3}){2,5}|\d[\d,]{0,20}(?:\.\d{1,4})?)\s?-?"
    r"(k|thousand|m|million|млн|b|bn|billion|млрд|t|trillion|万|億|亿|억)?\.?"
)
_UNITS = {"k": 1e3, "thousand": 1e3, "万": 1e4, "m": 1e6, "million": 1e6, "млн": 1e6, "亿": 1e8, "億": 1e8, "억": 1e8}
_UNITS |= {"b": 1e9, "bn": 1e9, "billion": 1e9, "млрд": 1e9, "t": 1e12, "trillion": 1e12}
_NAME = Pattern(r"(?:(?<![A-Za-z0-9.])|(?<=[A-Za-z]{3}))(?:(\d{1,3})[xX×])?(\d{1,4}(?:\.\d{1,3})?)[bB](?![A-Za-z0-9])")
_WORD = Pattern(r"[^a-z0-9]+")
_OWN = Pattern(
    r"(?i)(?:this|our|the) (?:\w+ ){0,2}(?:model|network|checkpoint)\W{1,3}(?:is|has|have|contains|consists|comprises|with|of|uses)?"
    r"[^.\n]{0,60}$|^\W{0,3}(?:(?:number of|total|model)\s)?(?:param(?:eter)?s?(?: count)?|size)\W{0,6}$"
)
_NOT_OWN = Pattern(
    r"(?i)trainable|active|activated|lora|adapter|embedding|up to|between|range|ranging|than|teacher|larger|smaller|over"
    r"|compar|initiali|pre-?trained|version|each|respectively|\bto\b|expert|fewer|less|original|base model"
)
_ROW = Pattern(r"(?i)^\s*\|?\s*(?:(?:number of|total|model)\s)?param(?:eter)?s?(?: count)?\s*\|\s*$")
_TOLD = Pattern(
    r"(?i)(?:^|[.!?;)]\s|\n)\W{0,4}"
    r"(?:it|this (?:\w+ ){0,2}(?:model|variant|version|network|checkpoint|architecture)|(?:the|our) (?:\w+ )?model)"
    r"\s(?:has|have|contains|consists of|comprises|totals|is an?)\s[^.\n]{0,40}$"
)
"""A sentence that gives the model itself a size."""
_APART = 1.25
_LEAST_NAME = 5
_NEAR = 80
_SIZES = 1e6
"""Claims below are of layers or of toys."""


def card_claim(card: Card, repo: Repo, facts: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A card that gives its model one size, when the weights have another."""
    if repo.adapter.state != "absent":
        return
    claims = [(value, claim) for claim in card.claims.parameters if (value := parse(claim.value)) is not None]
    if not claims or len({round(value, -5) for value, _ in claims}) > 1 or claims[0][0] < _SIZES:
        return
    value, claim = claims[0]
    if not _own(card, claim, str(facts["id"] or "").rpartition("/")[2]):
        return
    measured = measure(repo)
    if isinstance(measured, NotChecked):
        yield measured
    elif measured and not measured.fits(value):
        message = f"the card says {claim.value.strip(' .')} parameters, {measured.words}"
        yield Problem(Range(claim.start, claim.end), message, value=claim.value)


def two_claims(card: Card) -> Iterator[Problem]:
    """Two sentences apart, or a sentence and a label, that give the model itself sizes which no rounding explains."""
    own: list[tuple[float, Claim]] = []
    for claim in card.claims.parameters:
        value = parse(claim.value)
        if value is not None and value >= _SIZES and _is_told(card, claim):
            own.append((value, claim))
    for value, claim in own[1:]:
        first, other = own[0]
        compared = "\n\n" not in card.text[other.end : claim.start]  # two numbers of one paragraph are two models'
        if not compared and max(value, first) > _APART * min(value, first):
            message = f"the card says {_shown(claim)} parameters here, and {_shown(other)} before"
            yield Problem(claim, message, value=claim.value, related=(Related(other, "the other number"),))
            return


def _shown(claim: Claim) -> str:
    return claim.value.strip(" .")


def _is_told(card: Card, claim: Claim) -> bool:
    if _own(card, claim, ""):
        return True
    before = card.text[max(0, claim.start - 2 * _NEAR) : claim.start]
    after = card.text[claim.end : claim.end + _NEAR // 4].lower()
    told = _TOLD.search(before)
    return told is not None and not _NOT_OWN.search(told[0]) and not _NOT_OWN.search(after)


def name_claim(card: Card, repo: Repo, facts: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A repository whose name gives a size that the weights do not have."""
    name = str(facts["id"] or "").rpartition("/")[2]
    sizes = name_sizes(name)
    if not sizes or repo.adapter.state != "absent":
        return
    measured = measure(repo)
    if isinstance(measured, NotChecked):
        yield measured
        return
    if measured is None or any(measured.fits(size) for size in sizes):
        return
    if any(measured.fits(value) for claim in card.claims.parameters if (value := parse(claim.value)) is not None):
        return
    said = _NAME.search(name)
    yield Problem(AT, f"the name says {said[0] if said else name}, {measured.words}", value=name)


def name_sizes(name: str) -> tuple[float, ...]:
    """The sizes in a name; nothing where it is no whole model's, or where two sizes differ."""
    if not set(_WORD.split(name.lower())).isdisjoint(data.words("model_sizes", "parts")):
        return ()
    found = [(int(match[1] or 1), float(match[2])) for match in _NAME.finditer(name[:200])]
    values = {number * size for number, size in found}
    if len(values) != 1 or not min(values):
        return ()
    (number, size) = found[0]
    # The experts of a mixture share their attention: 8x7B holds 47 billion.
    return (number * size * 1e9, number * size * 0.75e9) if number > 1 else (size * 1e9,)


def parse(value: str) -> float | None:
    """A number of parameters as people write it: ``7B``, ``1,170,340,608``, ``12 500 000``, ``70 billion``."""
    match = _VALUE.fullmatch(value.strip())
    if match is None:
        return None
    unit = (match[2] or "").lower()
    return float(match[1].replace(",", "").replace(" ", "")) * _UNITS.get(unit, 1.0)


def _own(card: Card, claim: Claim, name: str) -> bool:
    """Whether a claim is said of this model: after a label, its mention or its name, and with no word of other sizes around."""
    block = next((each for each in card.outline.blocks if each.start <= claim.start < each.end), None)
    if block is None or block.kind == "code":
        return False
    before, after = _around(card, block, claim)
    if block.kind == "table":
        return bool(_ROW.search(before)) and after.count("|") <= 1
    if "size" in before.lower() and not after.lstrip(" `*").lower().startswith("param"):
        return False  # a file's megabytes
    said = bool(_OWN.search(before)) or _named(before, name)
    return said and not _NOT_OWN.search(before) and not _NOT_OWN.search(after)


def _named(before: str, name: str) -> bool:
    """Whether the sentence begins with the repository's name and goes on to say what it is."""
    head, verb, _ = before.rpartition(". ")[2].partition(" is a")
    plain = _WORD.sub("", head.lower())
    own = _WORD.sub("", name.lower())
    return bool(verb) and len(plain) >= _LEAST_NAME and (own.startswith(plain.removeprefix("the")) or plain.endswith(own))


def _around(card: Card, block: Block, claim: Claim) -> tuple[str, str]:
    before = card.text[max(block.start, claim.start - _NEAR) : claim.start]
    after = card.text[claim.end : min(block.end, claim.end + _NEAR // 2)]
    return before.replace("**", "").replace("`", "").rpartition("\n")[2], after.partition("\n")[0].partition(". ")[0]
