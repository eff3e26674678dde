"""FM020 to FM023: keys that hubs do not read, because they are misspelt, given twice, outdated or another kind's."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.checks.fm_values import is_filler
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.vocab import fields, licenses, nearest, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.model import Kind
    from cardlint.vocab.nearest import Near

_LONGEST = 40
_MOST_NAMED = 2
_MOST_RELATED = 20
_MOST_ASKED = 200
"""Unknown keys that are compared with the known ones; the most on a real card is 21."""
_CLOSE = 0.86
"""Least likeness of a key that is only guessed to be a misspelling; on real cards 0.8 takes ``pipeline_kwargs`` for ``pipeline_tag``."""


def is_misspelt(key: str, kind: Kind) -> bool:
    """Whether a key is one that no hub reads and near to one that is read."""
    return not fields.kinds(key) and bool(_meant(key, kind))


def is_outdated(key: str, kind: Kind) -> bool:
    """Whether a key has a successor."""
    return key in fields.outdated(kind)


def is_foreign(key: str, kind: Kind) -> bool:
    """Whether other kinds of card have a key and this one does not."""
    return key not in fields.current(kind) and bool(fields.kinds(key))


def misspelt_key(card: Card) -> Iterator[Problem]:
    """FM020: an unknown key that is near to one that hubs read; unknown keys near to nothing are an author's own."""
    metadata = card.front_matter.metadata
    found = _misspelt(card)
    counts = Counter(near.ids[0] for _, near in found)
    for key, near in found:
        right = near.ids[0]
        if right in metadata:
            continue
        sure = near.sure and counts[right] == 1
        yield Problem(
            f"key:/metadata/{escape(key)}",
            f"hubs do not read the key {key[:_LONGEST]!r}",
            help=f"did you mean {' or '.join(repr(each) for each in near.ids[:2])}?{_first(metadata[key], right)}",
            value=key,
            fix=_renamed(card, key, right) if sure else None,
            about="" if isinstance(metadata[key], str) and is_filler(right, metadata[key]) else right,
        )


def _first(value: Any, right: str) -> str:
    """What is to be mended first, so that hubs do not refuse the card once the key is renamed."""
    if right == "license" and isinstance(value, str) and not licenses.known(value.lower()):
        return f" Its value {value[:_LONGEST]!r} is no licence of the hub's list: give one that is."
    if right != "model-index":
        return ""
    from cardlint.checks.met_types_index import faults

    fault = next(faults(value), None)
    return f" Complete its results first: {fault.message}." if fault else ""


def respelt_key(card: Card) -> Iterator[Problem]:
    """FM021: a key that stands beside a misspelling of it."""
    metadata = card.front_matter.metadata
    for key, near in _misspelt(card):
        right = near.ids[0]
        if near.sure and right in metadata:
            yield Problem(
                f"key:/metadata/{escape(key)}",
                f"{key[:_LONGEST]!r} stands beside {right!r}, and hubs read only the latter",
                value=key,
                related=(Related(f"key:/metadata/{escape(right)}", "this one is read"),),
            )


def outdated_key(card: Card) -> Iterator[Problem]:
    """FM022: a key that has been replaced by another."""
    metadata = card.front_matter.metadata
    for key in metadata.keys() & fields.outdated(card.kind):
        successor = fields.successor(key, card.kind)
        if successor not in metadata:
            yield Problem(f"key:/metadata/{escape(key)}", f"{key!r} has been replaced by {successor!r}", value=key)


def foreign_key(card: Card) -> Iterator[Problem]:
    """FM023: keys of another kind of repository, named together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    current = fields.current(card.kind)
    for key in card.front_matter.metadata:
        if key not in current and (owners := fields.kinds(key)):
            groups.setdefault(owners, []).append(key)
    for kinds, keys in groups.items():
        named = ", ".join(repr(key[:_LONGEST]) for key in keys[:_MOST_NAMED])
        if len(keys) > _MOST_NAMED:
            named += f" and {len(keys) - _MOST_NAMED} more"
        verb = "is a key" if len(keys) == 1 else "are keys"
        near = fields.near(keys[0], card.kind)
        advice = f"did you mean {near.ids[0]!r}?" if near and near.ids[0] not in card.front_matter.metadata else None
        yield Problem(
            f"key:/metadata/{escape(keys[0])}",
            f"{named} {verb} of {' and '.join(kinds)} cards, not read on a {card.kind} card",
            help=advice,
            value=keys[0],
            about=near.ids[0] if advice and near else "",
            related=tuple(Related(f"key:/metadata/{escape(key)}", "and this one") for key in keys[1:_MOST_RELATED]),
        )


def _misspelt(card: Card) -> list[tuple[str, Near]]:
    """The keys that hubs do not read and what they probably mean; keys of another hub, on a card that was written for it, are none."""
    kind = card.kind
    current = fields.current(kind)
    _, others = fields.elsewhere(card.front_matter.metadata)
    metadata = card.front_matter.metadata
    unread = (key for key in metadata if key not in current and not fields.kinds(key) and key not in others)
    return [(key, near) for key in islice(unread, _MOST_ASKED) if (near := _meant(key, kind)) and _can_be(key, metadata[key], near.ids[0])]


def _can_be(key: str, value: Any, right: str) -> bool:
    """Whether a value can be that of the key that is meant: "task: wind power forecasting" is an author's own, and no pipeline tag."""
    if right != "pipeline_tag" or not isinstance(value, str) or _close(key, right):
        return True
    return tasks.known(value) or bool(tasks.near(value))


def _meant(key: str, kind: Kind) -> Near:
    """The keys that an unread key means, where that is likely."""
    near = fields.near(key, kind)
    return near if near and (near.sure or fields.listed(key, kind) or _close(key, near.ids[0])) else nearest.NOTHING


def _close(key: str, right: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, nearest.squeeze(key), nearest.squeeze(right)).ratio() >= _CLOSE


def _renamed(card: Card, key: str, right: str) -> Fix | None:
    """The fix that renames a key, where its value suits the right one."""
    from cardlint.checks.met_types import suits

    value: Any = card.front_matter.metadata[key]
    place = card.front_matter.keys.get(f"/{escape(key)}")
    if place is None or value is None or value in (right, key) or not suits(value, right, card.kind):
        return None
    return Fix((Edit(Range(*place), right),)) if card.text[place[0] : place[1]] == key else None
