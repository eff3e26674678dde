"""What an audit keeps of one repository: its object in the report, and its rows of every table.

A row of ``repos``, the object and the facts document are made where the card is judged; the rows of the other tables follow
from them alone, so that what is kept of an unchanged repository gives them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from cardlint.audit.document import bounded
from cardlint.engine.batch import Judge, Plan, lost
from cardlint.model import CardlintError
from cardlint.repo.jsonfile import whole_texts
from cardlint.report.records import Families, card_record

if TYPE_CHECKING:
    from cardlint.facts.subject import Subject
    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry


class Row(NamedTuple):
    """One repository's results: its object in the report, its row of ``repos``, its facts as JSON; None where no card was read.

    ``cut`` are pointers to what the facts lack for their size.
    """

    record: dict[str, Any]
    repo: dict[str, Any]
    document: str | None
    cut: list[str]

    @property
    def facts(self) -> dict[str, Any] | None:
        """The facts as they are kept."""
        facts: dict[str, Any] | None = None if self.document is None else orjson.loads(self.document)
        return facts


class Auditor(Judge):
    """Judges entries and keeps what the audit stores."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.families = Families(each.rule.code for each in plan.selected)

    def row(self, entry: Entry, key: bytes = b"") -> Row:
        """The results of one entry; ``key`` names its state."""
        try:
            outcome, facts = self.with_facts(entry, _facts)
        except CardlintError as error:
            return self.lost(entry, f"cannot be read: {error}", key)
        return self._row(entry, outcome, facts, key)

    def lost(self, entry: Entry, why: str, key: bytes = b"") -> Row:
        """The results of an entry that could not be judged."""
        return self._row(entry, lost(entry, self.plan, why), None, key)

    def _row(self, entry: Entry, outcome: Outcome, facts: dict[str, Any] | None, key: bytes) -> Row:
        """The results of one outcome; texts are whole, whatever the names of files hold."""
        document, cut = bounded(facts) if facts is not None else (None, [])
        record = card_record(outcome, self.families)
        found = Row(record, {**_repo(entry, outcome, facts), "key": key}, document, cut)
        try:
            orjson.dumps({"record": record, "document": document}, default=str)
        except TypeError:
            return Row(*map(whole_texts, found))
        return found


def _facts(subject: Subject) -> dict[str, Any] | None:
    return subject.facts.whole() if subject.has_card else None


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


def edge_rows(row: Row, facts: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The rows of the table of edges: what a card declares to be built from or trained on."""
    declared = (facts or {}).get("declared", {})
    source = row.repo["id"] or row.repo["input"]
    return [
        {"source": source, "relation": relation, "target": target}
        for relation, key in (("base_model", "base_models"), ("dataset", "datasets"))
        for target in declared.get(key, ())
    ]
