"""Which sections a heading or a list label opens."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind

_LEAD = Pattern(r"[\W\d_]+")
_TAIL = Pattern(r"[\W_]+$")
_ASIDE = Pattern(r"\s*[(\[（【<][^()\[\]（）【】<>]*[)\]）】>]\s*|\*+|`+")
_OPENS_ASIDE = frozenset("([（【<*`")
_JOINT = Pattern(r"\s*(?:[&/,|+·–—:：、，]|\s-\s|\b(?:and|or|und|et|y|e|и|ve|dan|en)\b|及|和|与|與|と)\s*")
_USES = frozenset({"intended_use", "how_to_use", "uses"})
_OUT_OF_SCOPE = frozenset({"out_of_scope_use", "out_of_scope"})
_OF_USE_TOO = Pattern(r"(?<!not )\b(?:intended|direct|downstream|primary|recommended|how|instructions|example)\b")
"""Words by which a heading of uses out of scope is one of other uses too."""
_LONGEST = 70
_MARKS = " *_:#.`"


class Opened(NamedTuple):
    """The sections a heading opens; ``silent``: what stands under it documents nothing (contents, framework versions)."""

    sections: tuple[str, ...]
    silent: bool


_NOTHING = Opened((), silent=False)
_SILENT = Opened((), silent=True)


class _Holding(NamedTuple):
    """What a longer heading in lower case may hold: an automaton of patterns, and the section of each."""

    patterns: Any
    owners: tuple[str, ...]


@cache
def _names(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Sections by name; the vocabulary lists the names as `_plain` leaves them."""
    names: dict[str, tuple[str, ...]] = {}
    for section, spellings in vocabulary("section_names")["names"][kind].items():
        for spelling in spellings:
            names[spelling] = (*names[spelling], section) if spelling in names else (section,)
    return names


@cache
def _silent() -> frozenset[str]:
    return frozenset(vocabulary("section_names")["silent"])


@cache
def _holding(kind: Kind) -> _Holding:
    patterns = re2.Set.SearchSet()
    owners: list[str] = []
    for section, expressions in vocabulary("section_names")["patterns"][kind].items():
        for expression in expressions:
            patterns.Add(expression)
            owners.append(section)
    patterns.Compile()
    return _Holding(patterns, tuple(owners))


def _plain(text: str) -> str:
    """A heading in lower case without numbering, emoji, asides and marks around it."""
    text = text.lower()
    if not _OPENS_ASIDE.isdisjoint(text):
        text = _ASIDE.sub(" ", text)
    lead = None if text[:1].isalpha() else _LEAD.match(text)
    if lead:
        text = text[lead.end() :]
    return text if text[-1:].isalnum() else _TAIL.sub("", text).strip()


@lru_cache(maxsize=8192)
def named(kind: Kind, text: str) -> tuple[str, ...]:
    """The sections whose usual name a heading or label is, after its numbering, emoji and asides are cut; else ()."""
    if len(text) > _LONGEST:
        return ()
    return _names(kind).get(_plain(text), ())


@lru_cache(maxsize=8192)
def opened(kind: Kind, text: str) -> Opened:
    """What a heading opens: by its name, by the names joined in it, or by the words it holds."""
    if len(text) > _LONGEST:
        return _NOTHING
    names = _names(kind)
    plain = _plain(text)
    whole = names.get(plain)
    if whole:
        return Opened(whole, silent=False)
    if plain in _silent():
        return _SILENT
    found: dict[str, None] = {}
    parts = _JOINT.split(plain)
    if len(parts) > 1:
        for part in parts:
            found.update(dict.fromkeys(names.get(part, ())))
    patterns, owners = _holding(kind)
    held = dict.fromkeys(owners[index] for index in sorted(patterns.Match(plain) or ()))
    if not _OUT_OF_SCOPE.isdisjoint(held) and not _OF_USE_TOO.search(plain):
        held = {section: None for section in held if section not in _USES}
    found.update(held)
    return Opened(tuple(found), silent=False) if found else _NOTHING


def titled(kind: Kind, text: str) -> Opened:
    """What a card's title opens, which is rarely more than the model's name: by its whole name alone, and cheaper."""
    plain = text.lower().strip(_MARKS)
    whole = _names(kind).get(plain)
    if whole:
        return Opened(whole, silent=False)
    return _SILENT if plain in _silent() else _NOTHING
