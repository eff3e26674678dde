"""What is known of other repositories, as the part ``hub`` of the facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.hub.index import FILE, FileIndex, Index
from cardlint.hub.likeness import ALIKE, alike
from cardlint.hub.lineage import Lineage, walk
from cardlint.hub.node import Node
from cardlint.hub.world import World, read_known_ids
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Protocol

    from cardlint.hub.index import Shared
    from cardlint.hub.node import Edge
    from cardlint.hub.world import State

    class Elsewhere(Protocol):
        """Tells of repositories that are not at hand; see `World`."""

        def state(self, key: str) -> State:
            """Whether one exists."""


MAX_COPIES = 5


class HubSource(NamedTuple):
    """A hub by name: what worker processes open for themselves. ``path`` is the folder of an audit's results."""

    path: str
    known_ids: str | None = None
    complete: tuple[str, ...] = ()

    def open(self) -> Hub:
        """The hub. Raises CardlintError where the folder or the listing cannot be read."""
        world = World(read_known_ids(Path(self.known_ids)) if self.known_ids else (), self.complete)
        index = FileIndex(Path(self.path) / FILE)
        return Hub(index, world.within(index.kinds()))


class Hub:
    """Other repositories, and what is known of those that are not at hand."""

    def __init__(self, index: Index, world: Elsewhere) -> None:
        self.index = index
        self.world = world

    def facts_for(self, node: Node) -> dict[str, Any]:
        """The part ``hub`` of the facts of a repository; ``cardlint.facts.hub.node_of`` makes its node."""
        lineage = walk(node, self.index.find)
        return self.assemble(node, lineage, self.index.like(node), self.index.shared(node.sections.values()))

    def assemble(self, node: Node, lineage: Lineage, like: Collection[str], shared: Mapping[int, Shared]) -> dict[str, Any]:
        """The same from a lineage and likenesses that are known already."""
        wanted = {step.key for step in lineage.steps} | {edge.key for edge in node.edges if edge.key} | set(like)
        others = wanted | {_turned(edge.key) for edge in node.edges if edge.key and edge.relation != "new_version"}
        nodes = {key: found for key, found in self.index.find(sorted(others)).items() if key != node.key}
        ancestors = [self._ancestor(node, step.path, nodes) for step in lineage.steps]
        return {
            "self": _summary(node),
            "base_models": self._targets(node, "base_model", nodes),
            "datasets": self._targets(node, "dataset", nodes),
            "new_versions": self._targets(node, "new_version", nodes),
            "ancestors": ancestors,
            "cycle": [_name(key, nodes) for key in lineage.cycle],
            "whole": not lineage.cut and not lineage.cycle and all(each["read"] for each in ancestors),
            "copies": _copies(node, [nodes[key] for key in sorted(wanted) if key in nodes]),
            "shared_sections": [
                {"section": name, "repos": shared[each].repos, "owners": shared[each].owners}
                for name, each in node.sections.items()
                if each in shared
            ],
        }

    def _targets(self, node: Node, relation: str, nodes: Mapping[str, Node]) -> list[dict[str, Any]]:
        """The repositories that a node names for one relation, each once, with all that names it."""
        by_key: dict[str, list[Edge]] = {}
        for edge in node.edges:
            if edge.relation == relation and edge.key is not None:
                by_key.setdefault(edge.key, []).append(edge)
        return [self._target(key, edges, nodes, own=key == node.key) for key, edges in by_key.items()]

    def _target(self, key: str, edges: list[Edge], nodes: Mapping[str, Node], *, own: bool) -> dict[str, Any]:
        found = nodes.get(key)
        turned = nodes.get(_turned(key))
        first = edges[0]
        state = "present" if found or own else self.world.state(key)
        return {
            "id": found.id if found else first.target,
            "written": first.target,
            "state": state,
            "own": own,
            "evidence": list(dict.fromkeys(edge.evidence for edge in edges)),
            "kind": first.kind,
            "at": first.at,
            "line": first.line,
            "other_kind": turned.kind if turned and state == "absent" else None,
            **(_summary(found) if found else _UNREAD),
        }

    def _ancestor(self, node: Node, path: tuple[str, ...], nodes: Mapping[str, Node]) -> dict[str, Any]:
        found = nodes.get(path[-1])
        makers = [node, *(nodes.get(key) for key in path[:-1])]
        summary = _summary(found) if found else {**_UNREAD, "id": _name(path[-1], nodes)}
        return {
            **summary,
            "state": "present" if found else self.world.state(path[-1]),
            "hops": len(path),
            "path": [_name(key, nodes) for key in path],
            "path_kinds": [_kind(maker, key) for maker, key in zip(makers, path, strict=True)],
            "path_licenses": [license_text(nodes[key].licenses) if key in nodes else None for key in path],
        }


def license_text(licenses: tuple[str, ...]) -> str | None:
    """Licences in words; None where none is declared."""
    return " + ".join(licenses) or None


def _summary(node: Node) -> dict[str, Any]:
    """What rules read of any repository."""
    return {
        "id": node.id,
        "read": node.read,
        "metadata": node.metadata,
        "body": node.body,
        "repo_kind": node.kind,
        "licenses": list(node.licenses),
        "license_name": node.license_name,
        "languages": list(node.languages),
        "relation": node.relation,
        "gated": node.gated,
        "generator": node.generator,
        "model_type": node.model_type,
        "adapter": node.adapter,
        "formats": list(node.formats),
        "documents_data": node.documents_data,
        "documents_license": node.documents_license,
        "results": [list(each) for each in node.results],
        "says": list(node.says),
        "superseded_by": [edge.target for edge in node.to("new_version")],
        "parents": node.parents(),
    }


_UNREAD: dict[str, Any] = {name: value for name, value in _summary(Node("", read=False, metadata=False)).items() if name != "id"}


def _copies(node: Node, others: list[Node]) -> list[dict[str, Any]]:
    """Repositories whose text is this one's, the likest first; what was made from this one has copied, not this one."""
    bases = set(node.parents())
    found: list[dict[str, Any]] = []
    for other in others:
        likeness = alike(node.lines, other.lines)
        if likeness >= ALIKE and node.key not in other.parents():
            found.append(
                {"id": other.id, "likeness": round(likeness, 2), "base": other.key in bases, "same_owner": other.owner == node.owner}
            )
    found.sort(key=lambda each: (not each["base"], -each["likeness"], each["id"]))
    return found[:MAX_COPIES]


def _kind(node: Node | None, parent: str) -> str | None:
    """How a model comes from one of its parents."""
    return next((edge.kind for edge in node.edges if edge.key == parent and edge.kind), None) if node else None


def _name(key: str, nodes: Mapping[str, Node]) -> str:
    return nodes[key].id if key in nodes else key.partition(":")[2]


def _turned(key: str) -> str:
    """The key of a dataset of the same name for a model's, and the other way round."""
    kind, _, name = key.partition(":")
    return f"{'dataset' if kind == 'model' else 'model'}:{name}"
