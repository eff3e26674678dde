"""What the page of a repository says of it: health by section, the score with its derivation, findings, what was not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.sections.types import SECTION_NAMES
from cardlint.report.score import score_of_row
from cardlint.site.rows import rows_of
from cardlint.site.tables import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

_REPOS = "select * from site.repo where n >= ? and n < ? order by n"
_FINDINGS = 'select n, code, severity, confidence, message, help, "at", line, "column" from site.finding where n >= ? and n < ?'
_UNCHECKED = "select n, reason, rules from site.unchecked where n >= ? and n < ? order by n, reason"
_FIELDS = (
    *("key", "id", "kind", "owner", "revision", "sha256", "has_card", "front_matter", "language", "generator", "bytes"),
    *("pipeline_tag", "library", "licenses", "class", "languages", "datasets", "base_models", "errors", "warnings", "notes"),
    *("waived", "suppressed", "unhonoured", "failure"),
)
_SEVERITIES = ("error", "warning", "note")


def number_of(connection: duckdb.DuckDBPyConnection, key: str) -> int | None:
    """The number of the repository with this key."""
    row = connection.execute("select n from site.repo where key = ?", [key]).fetchone()
    return None if row is None else int(row[0])


def details(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> list[dict[str, Any]]:
    """The pages' data of the repositories numbered from ``first`` up to ``end``, in order."""
    findings = _grouped(rows_of(connection, _FINDINGS, [first, end]))
    unchecked = _grouped(rows_of(connection, _UNCHECKED, [first, end]))
    return [
        {
            **{name: row[name] for name in _FIELDS},
            "sections": _sections(row),
            "score": _score(row),
            "findings": sorted(findings.get(row["n"], ()), key=_order),
            "unchecked": unchecked.get(row["n"], []),
        }
        for row in rows_of(connection, _REPOS, [first, end])
    ]


def _order(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return (_SEVERITIES.index(finding["severity"]), finding["line"], finding["code"], finding["column"], finding["message"])


def _grouped(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("n"), []).append(row)
    return found


def _sections(row: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"name": name, "state": STATES[letter]} for name, letter in zip(SECTION_NAMES[row["kind"]], row["health"], strict=True)]


def _score(row: Mapping[str, Any]) -> dict[str, Any]:
    found = score_of_row(row)
    return {"value": found.value, "of": found.of, "parts": [part._asdict() for part in found.parts]}
