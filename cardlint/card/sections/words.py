"""How much is said: words in any script, and what counts as saying nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSPACED = Pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")
"""Scripts whose words are not, or only partly, set off by blanks: kana, Han, Hangul, Thai."""

_OTHER_BYTES = bytes(set(range(256)) - {0xE0, *range(0xE3, 0xEE)})
"""All bytes but those that letters of these scripts begin with in UTF-8: most texts with a dash or an emoji hold no other."""
_CHARACTERS_A_WORD = 2
_LONGEST_FILLER = 240
_EDGES = " \t\n\r[](){}<>*_`~\"'“”„«».,:;!?…-–—=#|/\\。，：；！？、「」『』（）【】《》"

EMPTY_CELL = " -–—?/."
"""What cells without a value hold."""
_SETTING = Pattern(r"(?i)\b(?:q?lora|dropout|rank|alpha|target[ _]modules)\b|lora_|_modules")
"""Words of the settings of an adapter, of which "bias: none" is one."""

_WRAPPED = Pattern(r"\n(?<=[^\n]{45}[^\n \t>|\\:]\n)(?=[^\W_]|[(\[\"'`])")
"""The end of a line that an editor broke: a long one, on no mark behind which lines end on purpose, before one that can go on."""

SAID, FILLER, BOILERPLATE = range(3)
"""What a text is: something said, a phrase that something is missing, a template's sentence that fits every model."""


class _Phrases(NamedTuple):
    """Phrases by their first letters, which most texts do not share."""

    whole: frozenset[str]
    starts: dict[str, tuple[str, ...]]
    boilerplate: dict[str, tuple[str, ...]]
    longest: int
    """Characters of the longest whole phrase."""
    firsts: frozenset[str]
    """The first letters of all of them."""


_FIRST = 4
_MOST_MARKS = 10
"""Marks that may stand behind a phrase."""


@cache
def _phrases() -> _Phrases:
    words = vocabulary("fillers")
    whole = frozenset(words["phrases"])
    firsts = frozenset(phrase[:_FIRST] for key in ("phrases", "starts", "boilerplate") for phrase in words[key])
    return _Phrases(whole, _by_first(words["starts"]), _by_first(words["boilerplate"]), max(map(len, whole)), firsts)


def _by_first(phrases: list[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        table[phrase[:_FIRST]] = (*table.get(phrase[:_FIRST], ()), phrase)
    return table


def unwrapped(text: str) -> str:
    """A text with its sentences in one line each: patterns stop at the end of a line, where another label may begin."""
    return _WRAPPED.sub(" ", text) if "\n" in text else text


def count_words(text: str) -> int:
    """The words of a text; where a script sets no blanks, two characters count as one word."""
    spaced = text.count(" ") + text.count("\n") + 1
    if text.isascii() or not text.encode("utf-8", "surrogatepass").translate(None, _OTHER_BYTES):
        return spaced
    unspaced = len(_UNSPACED.findall(text))
    if not unspaced:
        return spaced
    return max(spaced, unspaced // _CHARACTERS_A_WORD + (spaced if unspaced * 4 < len(text) else 0))


def verdict(text: str) -> int:
    """What a piece of text is: SAID, FILLER, BOILERPLATE."""
    whole, starts, _, longest, firsts = _phrases()
    said = text.lstrip(_EDGES)
    if not said:
        return FILLER if text and not text.isspace() else SAID
    first = said[:_FIRST].lower()
    if first not in firsts and first[-1:] not in _EDGES:  # a mark may stand behind a phrase of fewer letters
        return SAID
    if len(text) <= _LONGEST_FILLER:
        if first in starts and said.lower().startswith(starts[first]):
            return FILLER
        if len(said) <= longest + _MOST_MARKS and said.lower().rstrip(_EDGES) in whole:
            return FILLER
    return BOILERPLATE if _starts_as_boilerplate(text) else SAID


def is_filler(text: str) -> bool:
    """Whether a piece of text only says that something is missing."""
    return verdict(text) == FILLER


def is_unfilled(rows: Sequence[Sequence[str]]) -> bool:
    """Whether every row of a table leaves its values for later."""
    return len(rows) > 1 and all(
        any(map(is_filler, row[1:])) and not any(cell.strip(EMPTY_CELL) and not is_filler(cell) for cell in row[1:]) for row in rows[1:]
    )


def is_setting(names: Sequence[str], above: str) -> bool:
    """Whether a line "bias: none" that names these sections is a setting of an adapter, as what stands above it is."""
    return "bias_risks" in names and _SETTING.search(above) is not None


def is_boilerplate(text: str) -> bool:
    """Whether a piece of text is a template's sentence that fits every model."""
    return verdict(text) == BOILERPLATE


def _starts_as_boilerplate(text: str) -> bool:
    starts = _phrases().boilerplate.get(text[:_FIRST].lower())
    return starts is not None and text[:_LONGEST_FILLER].lower().startswith(starts)
