"""Which libraries the files betray, and what each needs beside them.

The table is ``schemas/vocab/artifact_signatures.json``: ``detect``, ``companions``. A pattern without a
wildcard names a file at the top; ``*`` crosses folders; ``config.json#key`` asks for a key of that object.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.repo.jsonfile import read_object
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo


class Library(NamedTuple):
    """A library that the files betray: its id (a hub's, or that of a tool or format), and the files that do."""

    id: str
    files: tuple[str, ...]
    missing: tuple[str, ...]
    """What the library needs and the listing lacks; alternatives are joined by `` | ``."""


class Libraries:
    """The libraries of one repository."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._table = data.vocabulary("artifact_signatures")

    @cached_property
    def found(self) -> tuple[Library, ...]:
        """Every library that the files betray, by id."""
        found = []
        for library, alternatives in self._table["detect"].items():
            files = next((files for alternative in alternatives if (files := self._all(alternative))), None)
            if files:
                found.append(Library(library, files, self.missing(library)))
        return tuple(found)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the libraries found."""
        return tuple(library.id for library in self.found)

    def missing(self, library: str) -> tuple[str, ...]:
        """What a library needs to load this repository and does not find; nothing where its needs are not known."""
        needs = self._table["companions"].get(library, ())
        return tuple(" | ".join(need) for need in needs if not any(self.first(pattern) for pattern in need))

    def first(self, pattern: str) -> str | None:
        """The first file, by name, that a pattern matches."""
        if not set(pattern) & {"*", "?"}:
            return pattern if pattern in self._repo.names else self._repo.folded.get(pattern)
        found = _pattern(pattern).search(self._lines)
        return found[0] if found else None

    @cached_property
    def _lines(self) -> str:
        return "\n".join(sorted(name for name in self._repo.names if "\n" not in name))

    def _all(self, conditions: list[str]) -> tuple[str, ...] | None:
        files = []
        for condition in conditions:
            pattern, _, key = condition.partition("#")
            name = self.first(pattern)
            if name is None or (key and key not in self._keys(name)):
                return None
            files.append(name)
        return tuple(dict.fromkeys(files))

    def _keys(self, name: str) -> frozenset[str]:
        if name not in self._known_keys:
            value = self._repo.config.value.data if name == "config.json" and self._repo.config.value else None
            if value is None:
                value = read_object(self._repo, name, dict).value or {}
            self._known_keys[name] = frozenset(value)
        return self._known_keys[name]

    @cached_property
    def _known_keys(self) -> dict[str, frozenset[str]]:
        return {}


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    wild = {"*": r"[^\n]*", "?": r"[^\n]"}
    return re.compile("(?im)^" + "".join(wild.get(letter) or re.escape(letter) for letter in pattern) + "$")
