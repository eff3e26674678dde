"""What an audit keeps of one repository: its object in the report, and its rows of every table.

A row of ``repos``, the object, the facts document and the node are made where the card is judged; the rows of the other tables
follow from them alone, so that what is kept of an unchanged repository gives them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from cardlint.audit.document import bounded
from cardlint.engine.batch import Judge, Plan, lost
from cardlint.engine.yielding import yields
from cardlint.facts.hub import node_of
from cardlint.hub.node import Node
from cardlint.model import CardlintError
from cardlint.repo.jsonfile import whole_texts
from cardlint.report.records import Families, card_record
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.facts.subject import Subject
    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry


class Row(NamedTuple):
    """One repository's results: its object in the report, its row of ``repos``, its facts as JSON; None where no card was read.

    ``cut`` are pointers to what the facts lack for their size. ``hub`` is what others need to know of it, a node as JSON.
    """

    record: dict[str, Any]
    repo: dict[str, Any]
    document: str | None
    cut: list[str]
    hub: str

    @property
    def facts(self) -> dict[str, Any] | None:
        """The facts as they are kept."""
        facts: dict[str, Any] | None = None if self.document is None else orjson.loads(self.document)
        return facts

    @property
    def node(self) -> Node:
        """The repository as others see it."""
        return Node.load(self.hub)


class Auditor(Judge):
    """Judges entries and keeps what the audit stores."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.families = Families(each.rule.code for each in plan.selected)
        self._waiting = yields(plan.selected, later=True) if plan.later else {}

    def row(self, entry: Entry, key: bytes = b"") -> Row:
        """The results of one entry; ``key`` names its state."""
        try:
            outcome, read = self.with_facts(entry, _read)
        except CardlintError as error:
            return self.lost(entry, f"cannot be read: {error}", key)
        facts, node = read or (None, None)
        if node is not None:
            held = tuple(each for each in outcome.findings if each.code in self._waiting)
            if held:
                node = node._replace(held=held)
                outcome = outcome._replace(findings=tuple(each for each in outcome.findings if each not in held))
        return row_of(entry, outcome, self.families, facts, node, key)

    def lost(self, entry: Entry, why: str, key: bytes = b"") -> Row:
        """The results of an entry that could not be judged."""
        return row_of(entry, lost(entry, self.plan, why), self.families, key=key)


def _read(subject: Subject) -> tuple[dict[str, Any] | None, Node]:
    return (subject.facts.whole() if subject.has_card else None), node_of(subject)


def row_of(
    entry: Entry,
    outcome: Outcome,
    families: Families,
    facts: dict[str, Any] | None = None,
    node: Node | None = None,
    key: bytes = b"",
) -> Row:
    """The results of one outcome; texts are whole, whatever the names of files hold.

    Without a node, no more is known of the repository than that it is there.
    """
    document, cut = bounded(facts) if facts is not None else (None, [])
    record = card_record(outcome, families)
    if node is None:
        node = Node(entry.id or "", outcome.kind, entry.input, entry.path, read=False, card=False, metadata=False)
    found = Row(record, {**_repo(entry, outcome, facts), "key": key}, document, cut, node.dump())
    try:
        orjson.dumps({"record": record, "document": document, "hub": found.hub}, default=str)
    except TypeError:
        return Row(*map(whole_texts, found))
    return found


def _repo(entry: Entry, outcome: Outcome, facts: dict[str, Any] | None) -> dict[str, Any]:
    """The row of the table of repositories."""
    facts = facts or {}
    card, metadata, declared = facts.get("card", {}), facts.get("metadata", {}), facts.get("declared", {})
    counts = {severity: sum(each.severity == severity for each in outcome.findings) for severity in ("error", "warning", "note")}
    return {
        "input": outcome.input,
        "id": outcome.repo,
        "owner": outcome.repo.partition("/")[0] if outcome.repo and "/" in outcome.repo else None,
        "kind": outcome.kind,
        "revision": entry.revision,
        "sha256": outcome.sha256,
        "has_card": True if outcome.sha256 is not None else None if outcome.failure else False,
        "front_matter": facts.get("front_matter", {}).get("status"),
        "language": card.get("language"),
        "generator": card.get("generator"),
        "bytes": card.get("bytes"),
        "downloads": entry.downloads,
        "pipeline_tag": _text(metadata.get("pipeline_tag")),
        "library": _text(metadata.get("library_name")),
        "licenses": declared.get("licenses", []),
        "languages": declared.get("languages", []),
        "datasets": declared.get("datasets", []),
        "base_models": declared.get("base_models", []),
        "sections": [
            {"name": name, "status": section["status"], "documented": section["documented"]}
            for name, section in facts.get("sections", {}).items()
        ],
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
        "not_checked": sum(len(codes) for codes in outcome.not_checked.values()),
        "waived": sum(each.suppressed is not None and each.suppressed.by == "waiver" for each in outcome.suppressed),
        "suppressed": sum(each.suppressed is not None and each.suppressed.by == "inline" for each in outcome.suppressed),
        "unhonoured": outcome.unhonoured,
        "failure": outcome.failure,
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def fact_rows(row: Row, facts: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The row of the table of facts: the document as JSON."""
    if facts is None:
        return []
    return [{**_who(row), "key": row.repo["key"], "document": row.document, "cut": row.cut}]


def _who(row: Row) -> dict[str, Any]:
    return {name: row.repo[name] for name in ("input", "id", "kind")}


def finding_rows(row: Row, facts: dict[str, Any] | None) -> list[dict[str, Any]]:  # noqa: ARG001  # as every table's
    """The rows of the table of findings."""
    who = _who(row)
    return [
        {**who, **{name: each[name] for name in _FINDING_COLUMNS}, "line": each["span"]["line"], "column": each["span"]["column"]}
        for each in row.record["findings"]
        if each["suppressed"] is None
    ]


_FINDING_COLUMNS = ("code", "name", "severity", "confidence", "message", "help", "at", "fingerprint")


def control_rows(row: Row, facts: dict[str, Any] | None) -> list[dict[str, Any]]:  # noqa: ARG001  # as every table's
    """The rows of the table of controls: what became of each control of the standards that were asked for."""
    who = {name: row.repo[name] for name in ("input", "id", "kind", "owner")}
    return [
        {
            **who,
            "standard": assessment["standard"],
            "control": control["id"],
            "state": control["state"],
            "reason": control["reason"],
            "evidence": [_place(place) for place in control["evidence"]],
        }
        for assessment in row.record.get("standards", ())
        for control in assessment["controls"]
    ]


def _place(place: dict[str, Any]) -> str:
    """A place of evidence as ``file:first-last``, or the file alone."""
    return f"{place['path']}:{place['lines'][0]}-{place['lines'][1]}" if place["lines"] else str(place["path"])


def node_rows(row: Row, facts: dict[str, Any] | None) -> list[dict[str, Any]]:  # noqa: ARG001  # as every table's
    """The row of the table of nodes: ``document`` is all of it, the other columns are what is joined on; ``name`` is the id's key."""
    node = row.node
    return [
        {
            "input": node.input,
            "id": node.id or None,
            "name": node.key if node.id else None,
            "owner": node.owner,
            "licenses": node.licenses,
            "parents": node.parents(),
            "linked": bool(node.held) or any(edge.key is not None for edge in node.edges),
            "lines": node.lines,
            "sections": sorted(set(node.sections.values())),
            "judged": node.card,
            "document": row.hub,
        }
    ]


def edge_rows(row: Row, facts: dict[str, Any] | None) -> list[dict[str, Any]]:  # noqa: ARG001  # as above
    """The rows of the table of edges: what a card and its files say a repository is built from, trained on or superseded by."""
    node = row.node
    source = node.id or node.input
    return [
        {
            "source": source,
            "relation": edge.relation,
            "target": edge.target,
            "kind": edge.kind,
            "evidence": edge.evidence,
            "line": edge.line or None,
        }
        for edge in node.edges
    ]
