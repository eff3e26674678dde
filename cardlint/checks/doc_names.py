"""Names of repositories compared: the same in another spelling, nearly the same, a sibling's."""

from __future__ import annotations

import re

from cardlint.patterns import Pattern

_NO_LETTER = Pattern(r"[^a-z0-9]+")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_NO_DIGITS = str.maketrans("", "", "0123456789")
_SHORTEST_WORD = 5
_LONGEST_NAME = 100
_LANGUAGE_CODE = 2


def squeeze(name: str) -> str:
    """Letters and digits of ASCII alone, in lower case."""
    return name.lower().encode("ascii", "ignore").translate(None, _NO_LETTERS).decode()  # in half the time of a pattern


def words(name: str) -> list[str]:
    """The parts of a name between its hyphens, dots and underscores, in lower case."""
    return [word for word in _NO_LETTER.split(name[:_LONGEST_NAME].lower()) if word]


def misspelt(own: str, other: str) -> bool:
    """Whether two names differ by a letter in one long word, or only in what stands between words; digits tell versions apart."""
    if own.lower() == other.lower():
        return False
    if squeeze(own) == squeeze(other):
        return True
    unlike = _unlike(words(own), words(other))
    if unlike is None:
        return False
    one, two = (re.sub(r"\d", "", word) for word in unlike)
    return min(len(one), len(two)) >= _SHORTEST_WORD and one != two and _one_edit(*unlike)


def siblings(own: str, other: str) -> bool:
    """Whether two names have the same words but one, and that one is no abbreviation or code of the other's."""
    unlike = _unlike(words(own), words(other))
    if unlike is None or unlike[0].startswith(unlike[1][:2]) or unlike[1].startswith(unlike[0][:2]):
        return False
    return _is_code(unlike[0]) == _is_code(unlike[1])


def _is_code(word: str) -> bool:
    """Whether a word is as long as the code of a language, and no number."""
    return len(word) == _LANGUAGE_CODE and word.isalpha()


def of_a_series(one: str, other: str) -> bool:
    """Whether two names differ in their digits alone: "AB-10/AB-20" are two things, and no owner with a repository."""
    left, right = one.lower(), other.lower()
    return left != right and left.translate(_NO_DIGITS) == right.translate(_NO_DIGITS)


def one_word_apart(own: str, other: str, *, digits: bool = False) -> bool:
    """Whether two names have the same words but one, which is no version in either unless digits count too."""
    unlike = _unlike(words(own), words(other))
    return unlike is not None and (digits or not any(word.lstrip("v").isdigit() for word in unlike))


def _unlike(own: list[str], other: list[str]) -> tuple[str, str] | None:
    """The one pair of words in which two names of equal length differ."""
    if len(own) != len(other):
        return None
    unlike = [(one, two) for one, two in zip(own, other, strict=True) if one != two]
    return unlike[0] if len(unlike) == 1 else None


def _one_edit(one: str, two: str) -> bool:
    """Whether one letter was left out, put in, changed, or swapped with the next."""
    at = 0
    while at < min(len(one), len(two)) and one[at] == two[at]:
        at += 1
    rest, other = one[at:], two[at:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
