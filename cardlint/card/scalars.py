"""Plain YAML scalars as hubs read them, and where readers of YAML 1.1 see something else.

Hubs answer in the words of js-yaml, whose default schema is followed here: ``no`` is a string and ``010`` is ten.
PyYAML, which most Python consumers use, reads YAML 1.1. Dates stay text.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cardlint.patterns import Pattern

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_SAME_NUMBER = Pattern(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
"""Numbers that all readers see as the same."""
_NUMERIC_START = frozenset("0123456789+-.")
_INTEGER = Pattern(r"[-+]?(?:0b[01]+|0o[0-7]+|0x[0-9a-fA-F]+|[0-9]+)")
_FLOAT = Pattern(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)")
_BASES = {"0b": 2, "0o": 8, "0x": 16}
_LONGEST_NUMBER = 400
"""Digits beyond this stay text: converting them is quadratic, and no card means such a number."""

_YAML_1_1_START = frozenset("yYnNoO0123456789+-.=")
UNCERTAIN_START = frozenset("tTfF~") | _YAML_1_1_START
"""How a plain scalar begins that may be anything but text, to some reader."""
_WORDS_1_1 = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), "false"),
    "=": "an error",
}
"""What a reader of YAML 1.1 makes of words that are text in js-yaml's schema."""
_SAID: dict[str, tuple[Scalar, str | None]] = {
    **{word: (value, None) for word, value in _WORDS.items()},
    **{word: (word, other) for word, other in _WORDS_1_1.items()},
}


def plain(text: str) -> tuple[Scalar, str | None]:
    """The value of a plain scalar, and what a reader of YAML 1.1 makes of it where that differs."""
    if text in _SAID:
        return _SAID[text]
    if text[0] not in _NUMERIC_START or len(text) > _LONGEST_NUMBER:
        return text, None
    number = _SAME_NUMBER.fullmatch(text)
    if number is not None:
        return (float(text) if number[1] else int(text)), None
    value = resolve(text)
    return value, _number_1_1_differs(text, value)


def resolve(text: str) -> Scalar:
    """The value of a plain scalar in js-yaml's default schema."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START or len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
        base = _BASES.get(digits[:2], 10)
        return int(sign + (digits if base == 10 else digits[2:]), base)
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _number_1_1_differs(text: str, value: Scalar) -> str | None:
    """What a reader of YAML 1.1 makes of a scalar that starts like a number, where that differs from ``value``."""
    other = _yaml_1_1_number(text)
    if type(other) is type(value) and (other == value or other != other):
        return None
    if isinstance(other, int | float) and isinstance(value, int | float) and other == value:
        return None
    return f"the text {other!r}" if isinstance(other, str) else f"the number {other}"


@cache
def _yaml_1_1_resolvers() -> dict[str, list[tuple[str, Any]]]:
    from yaml.resolver import Resolver

    return dict(Resolver.yaml_implicit_resolvers)


def _yaml_1_1_number(text: str) -> Scalar:
    """The value of a scalar that starts like a number, by PyYAML's resolver and constructor."""
    for tag, pattern in _yaml_1_1_resolvers().get(text[0], ()):
        if pattern.match(text):
            if tag.endswith(":int"):
                return _integer_1_1(text.replace("_", ""))
            if tag.endswith(":float"):
                return _float_1_1(text.replace("_", "").lower())
            return text
    return text


def _integer_1_1(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-")
    if digits.startswith("0b"):
        return sign * int(digits, 2)
    if digits.startswith("0x"):
        return sign * int(digits, 16)
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    if digits[0] == "0" and len(digits) > 1:
        return sign * int(digits, 8)
    return sign * int(digits)


def _float_1_1(text: str) -> float:
    sign = -1.0 if text[0] == "-" else 1.0
    digits = text.lstrip("+-")
    if digits in (".inf", ".nan"):
        return sign * float(digits[1:])
    if ":" in digits:
        total = 0.0
        for part in digits.split(":"):
            total = total * 60 + float(part)
        return sign * total
    return sign * float(digits)
