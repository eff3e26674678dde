"""Colons behind which YAML sees no value: no blank follows, or one that YAML takes for a letter, or the colon is a wide one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import Edit, Range
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ODD = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
"""Blanks that are none to YAML, as they come with text that was copied from a page."""
_KEY = Pattern(rf"([ \t]*[A-Za-z_][\w-]{{0,60}})(：[ \t{_ODD}]*|:[ \t]*[{_ODD}][ \t{_ODD}]*|:(?=[^\s:/]))")
"""The start of a line up to its value."""
_LONGEST = 40


class Colon(NamedTuple):
    """One such colon: the edit that mends it, the line from its key on, and what to do."""

    edit: Edit
    line: Range
    advice: str


def colon_of(start: int, line: str) -> Colon | None:
    """That of a line which begins at ``start``."""
    match = _KEY.match(line)
    if match is None:
        return None
    key, between = match[1].lstrip(" \t"), match[2]
    value = line[match.end() :].rstrip()
    if between == ":":
        advice = "write a blank after the colon"
    elif between[0] == ":":
        advice = "write a plain blank after the colon, where a no-break space or the like stands"
    else:
        advice = "write an ASCII colon and a blank in place of the wide colon"
    mended = ": " if value else ":"
    edit = Edit(Range(start + match.start(2), start + match.end(2)), mended)
    return Colon(edit, Range(start + match.end(1) - len(key), start + len(line)), f"{advice}: '{key}{mended}{value[:_LONGEST]}'")


def colons(text: str, start: int, end: int) -> Iterator[Colon]:
    """Those of the lines between two offsets that are not indented, and so begin with a key of the block."""
    for line in text[start:end].split("\n"):
        if line[:1] not in (" ", "\t") and (found := colon_of(start, line.rstrip("\r"))):
            yield found
        start += len(line) + 1
