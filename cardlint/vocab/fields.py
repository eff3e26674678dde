"""Metadata keys by repository kind: known, deprecated, misspelt, of another kind, or a community's own."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.model import KINDS
from cardlint.tuples import NamedTuple
from cardlint.vocab import nearest
from cardlint.vocab.nearest import NOTHING, Near, Spellings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cardlint.model import Kind


class Field(NamedTuple):
    """A metadata key.

    ``schema`` is a JSON Schema of its value as the hub and its documents have it; ``deprecated`` says what to use
    instead (None: current); ``removed`` that the name has no effect any more; ``when`` when the key makes sense.
    """

    key: str
    schema: dict[str, Any]
    deprecated: str | None
    removed: bool
    when: str | None


@cache
def of(kind: Kind) -> Mapping[str, Field]:
    """The keys of a repository kind, by name."""
    made = {}
    for key, entry in data.vocabulary("fields")[kind].items():
        gone = entry.get("removed")
        made[key] = Field(key, entry.get("schema", {}), entry.get("deprecated", gone), gone is not None, entry.get("when"))
    return made


def known(key: str, kind: Kind) -> bool:
    """Whether a key has a meaning on cards of this kind."""
    field = of(kind).get(key)
    return field is not None and not field.removed


@cache
def current(kind: Kind) -> frozenset[str]:
    """The keys that have a meaning on cards of a kind."""
    return frozenset(key for key in of(kind) if known(key, kind))


@cache
def outdated(kind: Kind) -> frozenset[str]:
    """The current keys of a kind that have a successor."""
    return frozenset(key for key in current(kind) if successor(key, kind) is not None)


def kinds(key: str) -> tuple[Kind, ...]:
    """The kinds of repository that know a key: ``sdk`` belongs to spaces only."""
    return tuple(kind for kind in KINDS if known(key, kind))


def community(key: str) -> bool:
    """Whether a key is widely written although the hub gives it no meaning (``quantized_by``)."""
    return key in data.vocabulary("fields")["community"]


def elsewhere(keys: Collection[str]) -> tuple[str, Collection[str]]:
    """The other hub for which a card with these keys was written (``frameworks``: ModelScope), if any, and the keys that only it reads."""
    for hub, its in data.vocabulary("fields")["elsewhere"].items():
        if any(sign in keys for sign in its["signs"]):
            return hub, its["reads"]
    return "", ()


def successor(key: str, kind: Kind) -> str | None:
    """The key that replaces a deprecated or removed one (``finetuned_from``: ``base_model``), None where there is none."""
    field = of(kind).get(key)
    if field is None or field.deprecated is None:
        return None
    return Near.of(_tables(kind)[0].get(key, [])).best


@cache
def _tables(kind: Kind) -> tuple[Spellings, Spellings]:
    """Misspellings of a kind's keys, and their forms."""
    listed = data.vocabulary("fields")["spellings"]
    both: Spellings = {**listed["all"], **listed[kind]}
    spellings = {wrong: right for wrong, right in both.items() if all(known(key, kind) for key in Near.of(right).ids)}
    return spellings, nearest.forms((key for key in of(kind) if known(key, kind)), spellings)


def listed(key: str, kind: Kind) -> Near:
    """The keys that a listed misspelling or another form of a key stands for; nothing is guessed."""
    return nearest.look_up(key, *_tables(kind))


@lru_cache(maxsize=4096)
def near(key: str, kind: Kind) -> Near:
    """The keys that an unknown key probably means; a key of another kind or of a community is never guessed at."""
    if known(key, kind):
        return Near((key,), sure=True)
    spellings, table = _tables(kind)
    found = nearest.look_up(key, spellings, table)
    if found:
        return found
    return NOTHING if community(key) or kinds(key) else nearest.guess(key, table)
