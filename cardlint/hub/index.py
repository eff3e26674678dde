"""Where nodes are looked up: in memory, or in the file that an audit writes for point look-ups."""

from __future__ import annotations

import os
import sqlite3
import weakref
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from cardlint.hub.likeness import ALIKE, alike
from cardlint.hub.node import Node
from cardlint.model import KINDS, CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from cardlint.model import Kind

FILE = "hub/index.sqlite"
FEWEST_REPOS = 5
FEWEST_OWNERS = 5
"""Repositories and owners that a section's text stands with before it counts as shared."""
_REMEMBERED = 20_000


class Shared(NamedTuple):
    """How many repositories, of how many owners, have the same text in a section."""

    repos: int
    owners: int


class Index(Protocol):
    """Nodes by key."""

    def find(self, keys: Collection[str]) -> Mapping[str, Node]:
        """The nodes at hand among some keys."""

    def like(self, node: Node) -> list[str]:
        """Keys of repositories, bases aside, whose text may be a node's own; as many as are cheap to tell."""

    def shared(self, hashes: Collection[int]) -> Mapping[int, Shared]:
        """Of some section hashes those that many have."""

    def kinds(self) -> frozenset[Kind]:
        """The kinds of which any repository is at hand."""


class MemoryIndex:
    """Nodes held in memory: examples, tests, a handful of repositories."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes: dict[str, Node] = {}
        for node in sorted(nodes, key=lambda each: (each.key, each.input)):
            self.nodes.setdefault(node.key, node)

    def find(self, keys: Collection[str]) -> Mapping[str, Node]:
        """As `Index.find`."""
        return {key: self.nodes[key] for key in keys if key in self.nodes}

    def like(self, node: Node) -> list[str]:
        """As `Index.like`; all are compared."""
        return [key for key, other in self.nodes.items() if key != node.key and alike(node.lines, other.lines) >= ALIKE]

    def shared(self, hashes: Collection[int]) -> Mapping[int, Shared]:
        """As `Index.shared`."""
        found = {}
        for each in hashes:
            nodes = [node for node in self.nodes.values() if each in node.sections.values()]
            owners = {node.owner for node in nodes}
            if len(nodes) >= FEWEST_REPOS and len(owners) >= FEWEST_OWNERS:
                found[each] = Shared(len(nodes), len(owners))
        return found

    def kinds(self) -> frozenset[Kind]:
        """As `Index.kinds`."""
        return frozenset(node.kind for node in self.nodes.values())


class FileIndex:
    """The nodes of an audit, read one by one from its `FILE`; never written to."""

    def __init__(self, path: Path) -> None:
        """Raises CardlintError where the file is not there or is no index."""
        if not path.is_file():
            raise CardlintError(
                f"{path.parent.parent}: no results of an audit; 'cardlint audit MIRROR --out {path.parent.parent}' makes them"
            )
        self._path = path
        try:
            self._file = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            weakref.finalize(self, self._file.close)  # whoever lets go of the index has closed it
            self._file.execute("select 1 from nodes limit 1")
        except sqlite3.Error as error:
            raise CardlintError(f"{path}: not an index of cardlint: {error}") from None
        self._one = lru_cache(maxsize=_REMEMBERED)(self._read)

    def find(self, keys: Collection[str]) -> Mapping[str, Node]:
        """As `Index.find`."""
        return {key: node for key in keys if (node := self._one(key)) is not None}

    def _read(self, key: str) -> Node | None:
        row = self._file.execute("select document from nodes where key = ?", (key,)).fetchone()
        return Node.load(row[0]) if row else None

    def like(self, node: Node) -> list[str]:  # noqa: ARG002  # an audit compares all with all
        """As `Index.like`; only an audit compares all with all."""
        return []

    def shared(self, hashes: Collection[int]) -> Mapping[int, Shared]:
        """As `Index.shared`."""
        found = {}
        for each in hashes:
            row = self._file.execute("select repos, owners from sections where hash = ?", (each,)).fetchone()
            if row:
                found[each] = Shared(*row)
        return found

    def kinds(self) -> frozenset[Kind]:
        """As `Index.kinds`."""
        first = "select 1 from nodes where key >= ? and key < ? limit 1"
        return frozenset(kind for kind in KINDS if self._file.execute(first, (f"{kind}:", f"{kind};")).fetchone())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_index(path: Path, nodes: Iterator[tuple[str, str]], sections: Iterator[tuple[int, int, int]]) -> None:
    """Write a `FileIndex` whole or not at all: (key, document), each key once in any order, then (hash, repos, owners).

    The keys are sorted at the end, beside the documents and in bounded memory.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    file = sqlite3.connect(beside, isolation_level=None)
    try:
        file.execute("pragma journal_mode = off")
        file.execute("pragma synchronous = off")
        file.execute("create table nodes (key text not null, document text)")
        file.execute("create table sections (hash integer primary key, repos integer, owners integer)")
        file.execute("begin")
        file.executemany("insert into nodes values (?, ?)", nodes)
        file.executemany("insert into sections values (?, ?, ?)", sections)
        file.execute("create unique index node_of on nodes (key)")
        file.execute("commit")
    finally:
        file.close()
    beside.replace(path)
