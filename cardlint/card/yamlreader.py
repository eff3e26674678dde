"""YAML to values, with the place of every key and value.

What stands line by line is read by `yamllines`. The rest, and all that is at fault, is read by `yamlevents`, whose parser
is imported when the first card needs it: that is a tenth of the time in which cardlint starts.
"""

from __future__ import annotations

from cardlint.card.yamllines import YamlRead, read_lines

__all__ = ["YamlFault", "YamlRead", "escape", "read_yaml"]


class YamlFault(Exception):
    """Front matter that hubs do not read, or that is over a bound (``budget``), with its place in the card."""

    def __init__(self, kind: str, message: str, start: int, end: int, at: str = "", *, budget: bool = False) -> None:
        super().__init__(message)
        self.kind, self.message, self.start, self.end, self.at, self.budget = kind, message, start, end, at, budget


def read_yaml(source: str, offset: int = 0) -> YamlRead:
    """Read one YAML document that begins ``offset`` code points into the card.

    Raises YamlFault with the place in the card, where hubs refuse the document or a bound is passed.
    """
    found = read_lines(source, offset)
    if found is None:
        from cardlint.card.yamlevents import read_events

        found = read_events(source, offset)
    return found


def escape(key: str) -> str:
    """A key as one step of a JSON pointer (RFC 6901)."""
    if "~" in key or "/" in key:
        return key.replace("~", "~0").replace("/", "~1")
    return key
