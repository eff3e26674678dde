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


def entitled(kind: Kind, text: str) -> tuple[str, ...]:
    """The sections whose usual name a card's title is, which is rare: a cheaper `named`."""
    return _names(kind).names.get(text.lower().strip(_MARKS), ())


@lru_cache(maxsize=4096)
def topics(kind: Kind, text: str) -> tuple[str, ...]:
    """The sections that a heading opens: by its name, by the names joined in it, or by the words it holds; else ()."""
    whole = named(kind, text)
    if whole or len(text) > _LONGEST:
        return whole
    names = _names(kind)
    plain = _plain(text)
    found: dict[str, None] = {}
    parts = _JOINT.split(plain)
    if len(parts) > 1:
        for part in parts:
            for section in names.names.get(part, ()):
                found[section] = None
    for index in sorted(names.patterns.Match(plain) or ()):
        found[names.owners[index]] = None
    return tuple(found)


@lru_cache(maxsize=4096)
def silent(kind: Kind, text: str) -> bool:
    """Whether what stands under a heading documents nothing: a table of contents, framework versions."""
    return len(text) <= _LONGEST and _plain(text) in _names(kind).silent
