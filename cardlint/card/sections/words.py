"""How much is said: words in any script, and what counts as saying nothing."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from cardlint.data import vocabulary

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")
"""Scripts whose words are not, or only partly, set off by blanks: kana, Han, Hangul, Thai."""

_CHARACTERS_A_WORD = 2
_LONGEST_FILLER = 240
_EDGES = " \t\n\r[](){}<>*_`~\"'“”„«».,:;!?…-–—=#|/\\。，：；！？、「」『』（）【】《》"


class _Phrases(NamedTuple):
    """Phrases by their first letters, which most texts do not share."""

    whole: frozenset[str]
    starts: dict[str, tuple[str, ...]]
    boilerplate: dict[str, tuple[str, ...]]


_FIRST = 4
_SAID, _FILLER, _BOILERPLATE = range(3)


@cache
def _phrases() -> _Phrases:
    words = vocabulary("fillers")
    return _Phrases(frozenset(words["phrases"]), _by_first(words["starts"]), _by_first(words["boilerplate"]))


def _by_first(phrases: list[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        table[phrase[:_FIRST]] = (*table.get(phrase[:_FIRST], ()), phrase)
    return table


def count_words(text: str) -> int:
    """The words of a text; where a script sets no blanks, two characters count as one word."""
    spaced = text.count(" ") + text.count("\n") + 1
    if text.isascii():
        return spaced
    unspaced = len(_UNSPACED.findall(text))
    if not unspaced:
        return spaced
    return max(spaced, unspaced // _CHARACTERS_A_WORD + (spaced if unspaced * 4 < len(text) else 0))


def bare(text: str) -> str:
    """The text in lower case without brackets, emphasis and punctuation around it; what `fillers.json` lists."""
    return text.strip(_EDGES).lower()


def is_filler(text: str) -> bool:
    """Whether a piece of text only says that something is missing."""
    return len(text) <= _LONGEST_FILLER and _verdict(text) == _FILLER


def is_boilerplate(text: str) -> bool:
    """Whether a piece of text is a template's sentence that fits every model."""
    if len(text) <= _LONGEST_FILLER:
        return _verdict(text) == _BOILERPLATE
    return _starts_as_boilerplate(text)


@lru_cache(maxsize=8192)
def _verdict(text: str) -> int:
    """What a short text is, which tools repeat over many cards."""
    said = bare(text)
    phrases = _phrases()
    starts = phrases.starts.get(said[:_FIRST])
    if said in phrases.whole or (starts is not None and said.startswith(starts)):
        return _FILLER
    return _BOILERPLATE if _starts_as_boilerplate(text) else _SAID


def _starts_as_boilerplate(text: str) -> bool:
    starts = _phrases().boilerplate.get(text[:_FIRST].lower())
    return starts is not None and text[:_LONGEST_FILLER].lower().startswith(starts)
