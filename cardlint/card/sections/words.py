"""How much is said: words in any script, and what counts as saying nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cardlint.data import vocabulary

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")
"""Scripts whose words are not, or only partly, set off by blanks: kana, Han, Hangul, Thai."""

_CHARACTERS_A_WORD = 2
_LONGEST_FILLER = 240
_EDGES = " \t\n\r[](){}<>*_`~\"'“”„«».,:;!?…-–—=#|/\\。，：；！？、「」『』（）【】《》"


class _Fillers(NamedTuple):
    phrases: frozenset[str]
    starts: tuple[str, ...]
    boilerplate: tuple[str, ...]


@cache
def _fillers() -> _Fillers:
    words = vocabulary("fillers")
    return _Fillers(frozenset(words["phrases"]), tuple(words["starts"]), tuple(words["boilerplate"]))


def count_words(text: str) -> int:
    """The words of a text; where a script sets no blanks, two characters count as one word."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    unspaced = len(_UNSPACED.findall(text))
    return max(spaced, unspaced // _CHARACTERS_A_WORD + (spaced if unspaced * 4 < len(text) else 0)) if unspaced else spaced


def bare(text: str) -> str:
    """The text in lower case without brackets, emphasis and punctuation around it; what `fillers.json` lists."""
    return text.strip(_EDGES).lower()


def is_filler(text: str) -> bool:
    """Whether a piece of text only says that something is missing."""
    if len(text) > _LONGEST_FILLER:
        return False
    said = bare(text)
    fillers = _fillers()
    return said in fillers.phrases or said.startswith(fillers.starts)


def is_boilerplate(text: str) -> bool:
    """Whether a piece of text is a template's sentence that fits every model."""
    return len(text) > 30 and bare(text[:80]).startswith(_fillers().boilerplate)
