"""What file names and first bytes tell: weight formats, by ``schemas/vocab/artifact_signatures.json``."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache
from typing import Literal

from cardlint import data
from cardlint.tuples import NamedTuple

Role = Literal["weights", "component", "training", "archive"]
"""``component``: a part that another weight file needs; ``training``: the state of an optimizer and the like."""

HEAD = 512
"""First bytes of a file that `content` looks at."""


class Format(NamedTuple):
    """A weight file by its name."""

    name: str
    role: Role


def format_of(path: str) -> Format | None:
    """The format that a path's name stands for, None for no weight file."""
    folders, names, formats = _patterns()
    lowered = path.lower()
    found = folders.match(lowered) if "/" in lowered else None
    found = found or names.match(lowered.rpartition("/")[2])
    return formats[found.lastgroup] if found and found.lastgroup else None


def may_pickle(name: str) -> bool:
    """Whether files of a format hold pickles, which run code when they are loaded."""
    return name in data.words("artifact_signatures", "pickle")


def content(head: bytes) -> str | None:
    """What the first `HEAD` bytes are: a magic's name, ``safetensors``, ``empty``, ``html``, ``text``; None where unknown."""
    if not head:
        return "empty"
    for offset, magic, name in _magics():
        if head.startswith(magic, offset):
            return name
    if len(head) > 8 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 2**40:
        return "safetensors"
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return "html"
    return "text" if _TEXT.fullmatch(head) else None


_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]+")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Format]]:
    vocabulary = data.vocabulary("artifact_signatures")
    formats: dict[str, Format] = {}

    def one(key: str) -> re.Pattern[str]:
        parts = []
        for number, (pattern, name, role) in enumerate(vocabulary[key]):
            formats[f"{key}{number}"] = Format(name, role)
            parts.append(f"(?P<{key}{number}>{translate(pattern)})")
        return re.compile("|".join(parts))

    return one("folders"), one("formats"), formats


@cache
def _magics() -> tuple[tuple[int, bytes, str], ...]:
    return tuple((offset, bytes.fromhex(magic), name) for offset, magic, name in data.vocabulary("artifact_signatures")["magics"])
