"""Which sections a heading or a list label opens."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import re2

from cardlint.data import vocabulary

if TYPE_CHECKING:
    from cardlint.model import Kind

_LEAD = re.compile(r"^[\W\d_]+")
_TAIL = re.compile(r"[\W_]+$")
_ASIDE = re.compile(r"\s*[(\[（【<][^()\[\]（）【】<>]*[)\]）】>]\s*|\*+|`+")
_JOINT = re.compile(r"\s*(?:[&/,|+·–—:：、，]|\s-\s|\b(?:and|or|und|et|y|e|и|ve|dan|en)\b|及|和|与|與|と)\s*")
_LONGEST = 70
_MARKS = " *_:#.`"


class _Names(NamedTuple):
    names: dict[str, tuple[str, ...]]
    patterns: Any
    owners: tuple[str, ...]
    silent: frozenset[str]


@cache
def _names(kind: Kind) -> _Names:
    words = vocabulary("section_names")
    names: dict[str, list[str]] = {}
    for section, spellings in words["names"][kind].items():
        for spelling in spellings:
            names.setdefault(_plain(spelling), []).append(section)
    options = re2.Options()
    options.case_sensitive = False
    patterns = re2.Set.SearchSet(options)
    owners: list[str] = []
    for section, expressions in words["patterns"][kind].items():
        for expression in expressions:
            patterns.Add(expression)
            owners.append(section)
    patterns.Compile()
    return _Names({name: tuple(sections) for name, sections in names.items()}, patterns, tuple(owners), frozenset(words["silent"]))


def _plain(text: str) -> str:
    """A heading in lower case without numbering, emoji, asides and marks around it."""
    return _TAIL.sub("", _LEAD.sub("", _ASIDE.sub(" ", text.lower()))).strip()


@lru_cache(maxsize=4096)
def named(kind: Kind, text: str) -> tuple[str, ...]:
    """The sections whose usual name a heading or label is, after its numbering, emoji and asides are cut; else ()."""
    if len(text) > _LONGEST:
        return ()
    return _names(kind).names.get(_plain(text), ())


class Opened(NamedTuple):
    """The sections a heading opens; ``silent``: what stands under it documents nothing (contents, framework versions)."""

    sections: tuple[str, ...]
    silent: bool


@lru_cache(maxsize=4096)
def opened(kind: Kind, text: str) -> Opened:
    """What a heading opens: by its name, by the names joined in it, or by the words it holds."""
    if len(text) > _LONGEST:
        return Opened((), silent=False)
    names = _names(kind)
    plain = _plain(text)
    whole = names.names.get(plain, ())
    if whole:
        return Opened(whole, silent=False)
    if plain in names.silent:
        return Opened((), silent=True)
    found: dict[str, None] = {}
    parts = _JOINT.split(plain)
    if len(parts) > 1:
        for part in parts:
            found.update(dict.fromkeys(names.names.get(part, ())))
    found.update(dict.fromkeys(names.owners[index] for index in sorted(names.patterns.Match(plain) or ())))
    return Opened(tuple(found), silent=False)


def titled(kind: Kind, text: str) -> Opened:
    """What a card's title opens, which is rarely more than the model's name: by its whole name alone, and cheaper."""
    names = _names(kind)
    plain = text.lower().strip(_MARKS)
    return Opened(names.names.get(plain, ()), plain in names.silent)
