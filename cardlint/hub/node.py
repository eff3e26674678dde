"""What a hub keeps of one repository: enough to judge those that are built on it, and itself among the others."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from cardlint.hub.names import key, owner, repo_id
from cardlint.model import Finding, PlacedEdit, PlacedFix, PlacedRelated, Span
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind

Relation = Literal["base_model", "dataset", "new_version"]
Evidence = Literal["metadata", "adapter", "merge", "gguf", "trainer", "config", "prose"]
Places = dict[str, tuple[int, int, int, int]]

LINEAGE: frozenset[Evidence] = frozenset({"metadata", "adapter", "merge", "gguf", "trainer"})
"""Evidence that lineage is walked on. A configuration's own name and prose say where to look, and are too often wrong.

``trainer`` is the sentence that a training library writes into a card by itself, naming the weights that it began with."""
MAX_EDGES = 200
"""Edges kept of one repository; a merge of more parents is told by its first."""


class Edge(NamedTuple):
    """One repository built from another, or superseded by it.

    ``target`` is as the author writes it; ``kind`` is finetune, adapter, merge or quantized, None where nobody says;
    ``at`` is the pointer that names it, ``line`` its 1-based line in the card (0: not in the card).
    """

    relation: Relation
    target: str
    kind: str | None
    evidence: Evidence
    at: str
    line: int

    @property
    def key(self) -> str | None:
        """The key of the target; None where it is no id (a path, a sentence)."""
        return _target_key(self.relation, self.target)


@lru_cache(maxsize=65_536)
def _target_key(relation: Relation, target: str) -> str | None:
    kind: Kind = "dataset" if relation == "dataset" else "model"
    name = repo_id(target, kind)
    return key(kind, name) if name else None


class Node(NamedTuple):
    """One repository. ``read`` is False where it is only known to exist, ``card`` where it has none, ``body`` where only its
    metadata was given, ``metadata`` where the
    front matter cannot be read; ``edges`` come in the order of their evidence.

    ``results`` are (task, dataset, metric, value) of its model index; ``says`` holds which licence duties it answers
    (built-with, notice, agreement); ``lines`` and ``sections`` are hashes of its text, see `cardlint.hub.likeness`.
    ``held`` are findings that wait for what is said when everything is known, see `cardlint.engine.yielding`.
    """

    id: str = ""
    kind: Kind = "model"
    input: str = ""
    path: str = "README.md"
    read: bool = True
    card: bool = True
    body: bool = True
    metadata: bool = True
    licenses: tuple[str, ...] = ()
    license_name: str | None = None
    languages: tuple[str, ...] = ()
    relation: str | None = None
    gated: bool = False
    generator: str | None = None
    model_type: str | None = None
    adapter: bool = False
    formats: tuple[str, ...] = ()
    documents_data: bool = False
    documents_license: bool = False
    results: tuple[tuple[str, str, str, str], ...] = ()
    says: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    sections: dict[str, int] = {}  # noqa: RUF012  # never changed
    edges: tuple[Edge, ...] = ()
    places: Places = {}  # noqa: RUF012  # as above
    held: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        """What all spellings of its id have in common."""
        return key(self.kind, self.id)

    @property
    def owner(self) -> str:
        """Its owner, in small letters."""
        return owner(self.id)

    def to(self, relation: Relation) -> list[Edge]:
        """Its edges of one relation."""
        return [edge for edge in self.edges if edge.relation == relation]

    def parents(self) -> list[str]:
        """Keys of the models that lineage is walked to, each once, in the order of the evidence; itself is no parent."""
        found = dict.fromkeys(edge.key for edge in self.edges if edge.relation == "base_model" and edge.evidence in LINEAGE)
        return [each for each in found if each is not None]

    def dump(self) -> str:
        """As JSON; members that say nothing are left out."""
        said = {name: value for name, value in self._asdict().items() if value != _EMPTY[name]}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str | bytes) -> Node:
        """The node of `dump`."""
        data: dict[str, Any] = json.loads(text)
        for name in ("licenses", "languages", "formats", "says", "lines"):
            if name in data:
                data[name] = tuple(data[name])
        if "results" in data:
            data["results"] = tuple(tuple(each) for each in data["results"])
        if "edges" in data:
            data["edges"] = tuple(Edge(*each) for each in data["edges"])
        if "places" in data:
            data["places"] = {at: tuple(place) for at, place in data["places"].items()}
        if "held" in data:
            data["held"] = tuple(_finding(each) for each in data["held"])
        return cls(**data)


def _finding(values: list[Any]) -> Finding:
    """A finding from the list of its members that JSON makes of it."""
    found = Finding(*values)
    fix = found.fix and PlacedFix(found.fix[0], tuple(PlacedEdit(Span(*span), text) for span, text in found.fix[1]), found.fix[2])
    related = tuple(PlacedRelated(path, Span(*span), message) for path, span, message in found.related)
    return found._replace(span=Span(*found.span), fix=fix, related=related)


_EMPTY = Node()._asdict()
