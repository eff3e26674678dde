"""FM024 to FM026: keys without a value, values and comments that a template left behind."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.card.yamlreader import escape
from cardlint.checks.fm_block import flow, told
from cardlint.checks.values import removal
from cardlint.model import Edit, Fix, Problem, Range
from cardlint.patterns import Cue, Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_LONGEST_VALUE = 120
_NOTHING = Pattern(r"[ \t]*:[ \t]*(?:''|\"\"|~|null)?[ \t]*\r?\n")
_COMMENTED = Pattern(r"[ \t]*-?[ \t]+(#[\w-]{1,60})[ \t]*\r?\n")
_TOLD = frozenset({"pipeline_tag", "base_model", "datasets", "language"})
"""Keys whose value a card may tell in other places."""
_SHOWN = 60
_MAPPED = frozenset({"model-index", "train-eval-index", "co2_eq_emissions", "inference"})
"""Keys whose values are mappings of many kinds, never a slot."""
_SIGNS = ("/", "your", "replace", "{", "[", "<")
"""One of these stands in each value that the patterns know."""
_NUMBERED = Pattern(r"[a-z]{1,20}_[0-9]{1,3}")


class _Fillers(NamedTuple):
    values: frozenset[str]
    keys: frozenset[str]
    free: frozenset[str]
    pattern: Cue
    comments: Pattern


@cache
def _fillers() -> _Fillers:
    words = data.vocabulary("template_values")
    return _Fillers(
        frozenset(words["values"]),
        frozenset(words["keys"]),
        frozenset(words["free"]),
        Cue("(?i)" + "|".join(words["patterns"])),
        Pattern("(?m)" + "|".join(words["comments"])),
    )


def is_empty(value: Any, alone: bool) -> bool:
    """Whether there is no value, or a blank one."""
    return value is None or (isinstance(value, str) and alone and not value.strip())


def is_unfilled(key: str, value: Any) -> bool:
    """Whether a text is a template's, or a mapping may be a template's slot."""
    if isinstance(value, str):
        return key != "license" and key not in _fillers().free and is_filler(key, value)
    return value is dict and key not in _MAPPED and key not in _fillers().free


def empty_value(card: Card, repo: Repo | None, facts: dict[str, object]) -> Iterator[Problem]:
    """FM024: a key that hubs read and that has no value, or an item without one; null where it is allowed and written is none."""
    block = card.front_matter
    known = fields.of(card.kind)
    for key, value in block.metadata.items():
        if key not in known:
            continue
        at = f"/metadata/{escape(key)}"
        if value is None:
            if key != "license" and not (_may_be_null(known[key].schema) and _written(card, key)):  # the rules on licences speak of that
                yield _without_value(card, repo, facts, key)
        elif isinstance(value, str):
            if not value.strip():
                yield _without_value(card, repo, facts, key)
        elif isinstance(value, list) and None in value:
            places = [f"{at}/{index}" for index, item in enumerate(value) if item is None]
            edits = [edit for place in places if (edit := removal(card, place))]
            fix = Fix(tuple(edits)) if len(edits) == len(places) < len(value) else None
            what = "items" if len(places) > 1 else "an item"
            said = next(filter(None, (_commented(card, place) for place in places)), None)
            advice = f"what begins with # is a comment: write '{said}', in quotes or without the #." if said else None
            yield Problem(places[0], f"{key!r} has {what} without a value", help=advice, value=key, fix=None if said else fix)


def _commented(card: Card, at: str) -> str | None:
    """The comment that stands where an item's value should."""
    place = card.front_matter.values.get(at.removeprefix("/metadata"))
    match = _COMMENTED.match(card.text, place[1]) if place else None
    return match[1] if match else None


def _without_value(card: Card, repo: Repo | None, facts: dict[str, object], key: str) -> Problem:
    """The problem of a key; the fix writes the value that the card tells, or takes out its line, where another key is left."""
    at = f"/metadata/{escape(key)}"
    message = f"{key!r} has no value"
    line = _line(card, key)
    if line is None:
        return Problem(at, message, value=key)
    known = dict(told(card, str(facts["id"] or ""), repo)) if key in _TOLD else {}
    if key in known:
        said = f"{key}: {flow(known[key])}"
        return Problem(at, message, help=f"this card tells `{said}`.", value=key, fix=Fix((Edit(line, f"{said}\n"),), "unsafe"))
    fix = Fix((Edit(line, ""),), "unsafe") if len(card.front_matter.metadata) > 1 else None
    return Problem(at, message, value=key, fix=fix)


def _line(card: Card, key: str) -> Range | None:
    """The line of a key, with its end, where nothing else stands on it."""
    place = card.front_matter.keys.get(f"/{escape(key)}")
    if place is None:
        return None
    end = card.text.find("\n", place[1]) + 1
    alone = place[0] > 0 and card.text[place[0] - 1] == "\n" and end > 0
    return Range(place[0], end) if alone and _NOTHING.fullmatch(card.text, place[1], end) else None


def _may_be_null(schema: dict[str, Any]) -> bool:
    return "null" in schema.get("type", ())


def _written(card: Card, key: str) -> bool:
    place = card.front_matter.values.get(f"/{escape(key)}", (0, 0))
    return place[0] < place[1]


def unfilled_value(card: Card) -> Iterator[Problem]:
    """FM025: a value that a template or a form put there."""
    known = fields.of(card.kind)
    for at, key, value in _leaves(card.front_matter.metadata):
        if key not in known or (isinstance(value, str) and (key == "license" or not is_filler(key, value))):
            continue  # an unknown licence is said by the rule on licences, a misspelt key by that on keys
        text = value if isinstance(value, str) else "{" + next(iter(value)) + "}"
        yield Problem(at, f"{text[:_SHOWN]!r} is a template's word, not a value", value=text)


def is_filler(key: str, value: str) -> bool:
    """Whether a text is what a template or a form has in the place of the key's value."""
    if len(value) > _LONGEST_VALUE:
        return False
    words = _fillers()
    lower = value.strip().lower()
    if lower in words.values or (lower == key and key in words.keys):
        return True
    return any(sign in lower for sign in _SIGNS) and words.pattern.occurs(value)


def _leaves(metadata: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Texts at the first two levels, and ``{slot}`` mappings: pointer, key and value."""
    free = _fillers().free
    for key, value in metadata.items():
        if key in free:
            continue
        at = f"/metadata/{escape(key)}"
        if isinstance(value, str) or is_slot(key, value):
            yield at, key, value
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, str) or is_slot(key, item):
                    yield f"{at}/{index}", key, item


def is_slot(key: str, value: Any) -> bool:
    """Whether a value is ``{license}`` or ``{lang_0}`` as a template has it, which YAML reads as a mapping."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((word, inner),) = value.items()
    return inner is None and (bool(_NUMBERED.fullmatch(word)) or is_filler(key, word))


def template_comment(card: Card) -> Iterator[Problem]:
    """FM026: the instructions of a metadata template, left in the block."""
    block = card.front_matter
    if card.text.find("#", block.start, block.closing) < 0 or block.status == "empty":
        return
    match = _fillers().comments.search(card.text[block.start : block.closing])
    if match is not None:
        start = block.start + match.start() + len(match.group()) - len(match.group().lstrip())
        end = card.text.find("\n", start)
        yield Problem(Range(start, end), "comments of the metadata template are left in the block")
