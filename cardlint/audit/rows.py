"""What an audit keeps of one repository: a row of the table of repositories, rows of findings and edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cardlint.report.records import finding_record

if TYPE_CHECKING:
    from cardlint.engine.batch import Judge
    from cardlint.facts.subject import Subject
    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry


@dataclass(frozen=True, slots=True)
class Row:
    """One repository's results; ``facts`` is None where the card could not be read or is not there."""

    outcome: Outcome
    facts: dict[str, Any] | None


def judge_row(judge: Judge, entry: Entry) -> Row:
    """Judge one entry and keep what the audit stores; runs in a worker."""
    return Row(*judge.with_facts(entry, _facts))


def _facts(subject: Subject) -> dict[str, Any] | None:
    if not subject.has_card:
        return None
    facts = subject.facts
    metadata = facts["metadata"]
    card = subject.card
    return {
        "front_matter": card.front_matter.status,
        "language": card.language,
        "generator": card.generator,
        "bytes": subject.size,
        "revision": subject.entry.revision,
        "pipeline_tag": _text(metadata.get("pipeline_tag")),
        "library": _text(metadata.get("library_name")),
        "declared": facts["declared"],
        "sections": {name: (section["status"], section["documented"]) for name, section in facts["sections"].items()},
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def repo_row(row: Row) -> dict[str, Any]:
    """The row of the table of repositories."""
    outcome, facts = row.outcome, row.facts or {}
    declared = facts.get("declared", {})
    counts = {severity: sum(each.severity == severity for each in outcome.findings) for severity in ("error", "warning", "note")}
    return {
        "input": outcome.input,
        "id": outcome.repo,
        "owner": outcome.repo.partition("/")[0] if outcome.repo and "/" in outcome.repo else None,
        "kind": outcome.kind,
        "revision": facts.get("revision"),
        "sha256": outcome.sha256,
        "has_card": outcome.sha256 is not None,
        "front_matter": facts.get("front_matter"),
        "language": facts.get("language"),
        "generator": facts.get("generator"),
        "bytes": facts.get("bytes"),
        "pipeline_tag": facts.get("pipeline_tag"),
        "library": facts.get("library"),
        "licenses": declared.get("licenses", []),
        "languages": declared.get("languages", []),
        "datasets": declared.get("datasets", []),
        "base_models": declared.get("base_models", []),
        "sections": [{"name": name, "status": status, "documented": by} for name, (status, by) in facts.get("sections", {}).items()],
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
        "not_checked": sum(len(codes) for codes in outcome.not_checked.values()),
        "waived": sum(each.suppressed is not None and each.suppressed.by == "waiver" for each in outcome.suppressed),
        "suppressed": sum(each.suppressed is not None and each.suppressed.by == "inline" for each in outcome.suppressed),
        "unhonoured": outcome.unhonoured,
        "failure": outcome.failure,
    }


def finding_rows(row: Row) -> list[dict[str, Any]]:
    """The rows of the table of findings."""
    outcome = row.outcome
    return [
        {
            "input": outcome.input,
            "id": outcome.repo,
            "kind": outcome.kind,
            **{key: value for key, value in finding_record(each).items() if key in _FINDING_COLUMNS},
            "line": each.span.line,
            "column": each.span.column,
        }
        for each in outcome.findings
    ]


_FINDING_COLUMNS = frozenset({"code", "name", "severity", "confidence", "message", "help", "at", "fingerprint"})


def edge_rows(row: Row) -> list[dict[str, Any]]:
    """The rows of the table of edges: what a card declares to be built from or trained on."""
    declared = (row.facts or {}).get("declared", {})
    source = row.outcome.repo or row.outcome.input
    return [
        {"source": source, "relation": relation, "target": target}
        for relation, key in (("base_model", "base_models"), ("dataset", "datasets"))
        for target in declared.get(key, ())
    ]
