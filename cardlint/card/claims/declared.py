"""Datasets that the front matter lists: what it calls a dataset is a name where the prose writes it too."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import is_adjective, is_never, is_plain
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST = 3
_WORDS = Pattern(r"[^\W_]+")
_BETWEEN = r"[\W_]{0,2}"


def declared_spans(names: tuple[str, ...], text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where ``text[start:end]`` writes one of the names, whatever its case and the signs between its words."""
    pattern = _pattern(names) if names else None
    return [match.span() for match in pattern.finditer(text, start, end)] if pattern else []


# Thousands of cards list the same names.
@lru_cache(1024)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    spellings = [spelling for name in names if (spelling := _spelling(name))]
    return (
        re.compile(rf"(?i)(?<![A-Za-z0-9_/.-])(?:{'|'.join(spellings)})(?![A-Za-z0-9_/-]|\.\w|['’]s\b| (?:tasks?|models?)\b)")
        if spellings
        else None
    )


def _spelling(name: str) -> str:
    """A pattern for one name, with or without its owner; "" where it is an ordinary word."""
    owner, _, short = name.rpartition("/")
    words = _WORDS.findall(short)
    if len("".join(words)) < _SHORTEST or is_never(short) or all(is_plain(word.lower()) or is_adjective(word) for word in words):
        return ""
    of_owner = f"(?:{_joined(_WORDS.findall(owner))}/)?" if owner else ""
    return of_owner + _joined(words)


def _joined(words: Iterable[str]) -> str:
    return _BETWEEN.join(map(re.escape, words))
