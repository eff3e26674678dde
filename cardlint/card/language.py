"""The main language of a card's prose: by its script, within Latin script by its most frequent words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card

_ENOUGH = 1_000
"""Characters of prose that settle the question."""
_LEAST_WORDS = 2
_SURE = 5
"""Different English function words after which no other language is tried on plain ASCII."""
_DENSE = frozenset({"ja", "ko", "zh", "th", "km"})
"""Scripts that say in one character what others say in several."""
_WEIGHT = 3
_REFINED = {"ru": ("uk",), "ar": ("ur", "fa")}
_OTHER = Pattern(r"[\u0370-\u1fff\u2c00-\u2dff\u3040-\ud7ff]")
"""Letters of other scripts than Latin."""
_LATIN = Pattern(r"[A-Za-z\u00c0-\u024f]")
_LEAST_REFINED = 3


class _Words(NamedTuple):
    english: frozenset[str]
    others: tuple[tuple[str, frozenset[str]], ...]
    scripts: tuple[tuple[str, Pattern], ...]
    letters: dict[str, Pattern]


@cache
def _words() -> _Words:
    data = vocabulary("stop_words")
    words = {language: frozenset(listed.split()) for language, listed in data["languages"].items()}
    english = words.pop("en")
    scripts = tuple((language, Pattern(letters)) for language, letters in data["scripts"].items())
    return _Words(english, tuple(words.items()), scripts, {name: Pattern(letters) for name, letters in data["letters"].items()})


def read_language(card: Card) -> str | None:
    """The main language of the prose (ISO 639-1), None where there is too little of it."""
    prose: list[str] = []
    length = 0
    for block in card.outline.blocks:
        if block.kind in ("paragraph", "item", "html"):
            prose.append(block.text)
            length += len(block.text)
            if length > _ENOUGH:
                break
    return language_of(" ".join(prose)[:_ENOUGH])


def language_of(text: str) -> str | None:
    """The language of a text, None where it has too few words of any."""
    data = _words()
    ascii_only = text.isascii()
    if not ascii_only:
        by_script = _script(text, data)
        if by_script is not None:
            return by_script
    words = set(text.lower().split())
    english = len(words & data.english)
    if ascii_only and english >= _SURE:
        return "en"
    best, language = english, "en"
    for name, listed in data.others:
        score = len(words & listed)
        if score > best:
            best, language = score, name
    return language if best >= _LEAST_WORDS else None


def _script(text: str, data: _Words) -> str | None:
    """The language of the script that carries most of the text; None where that is Latin."""
    other = len(_OTHER.findall(text))
    latin = len(_LATIN.findall(text)) if other else 0
    if other * _WEIGHT <= latin:
        return None
    counts = {language: len(letters.findall(text)) for language, letters in data.scripts}
    if counts["ja"] * 8 > counts["zh"]:
        counts["ja"] += counts["zh"] if counts["ja"] else 0
    language, most = max(counts.items(), key=lambda item: item[1])
    if most * (_WEIGHT if language in _DENSE else 1) <= latin:
        return None
    for refined in _REFINED.get(language, ()):
        if len(data.letters[refined].findall(text)) >= _LEAST_REFINED:
            return refined
    return language
