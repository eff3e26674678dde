"""What the page of a repository says of it: health by section, the score with its derivation, findings, what was not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.card.sections.types import SECTION_NAMES
from cardlint.model import SEVERITIES
from cardlint.report.score import score_of_row
from cardlint.site.tables import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

MOST_ANCESTORS = 100
"""Ancestors of one repository that its page lists, the nearest first."""
_REPOS = "select * from site.repo where n >= ? and n < ? order by n"
_FINDINGS = 'select n, code, severity, confidence, message, help, "at", line, "column" from site.finding where n >= ? and n < ?'
_UNCHECKED = "select n, reason, rules from site.unchecked where n >= ? and n < ? order by n, reason"
_ARTIFACTS = "select * from site.artifact where n >= ? and n < ?"
_ANCESTORS = "select n, ancestor, hops, path, licenses, state from site.ancestor where n >= ? and n < ? order by n, hops, path"
_COPIES = "select n, copy, likeness, base from site.likeness where n >= ? and n < ? order by n, likeness desc, copy"
_CONTROLS = "select n, standard, control, state, reason, evidence from site.control where n >= ? and n < ? order by n, standard, control"
_FIELDS = (
    *("key", "id", "kind", "owner", "revision", "sha256", "has_card", "front_matter", "language", "generator", "bytes", "downloads"),
    *("pipeline_tag", "library", "licenses", "class", "languages", "datasets", "base_models", "errors", "warnings", "notes"),
    *("waived", "suppressed", "unhonoured", "failure"),
)


def number_of(connection: duckdb.DuckDBPyConnection, key: str) -> int | None:
    """The number of the repository with this key."""
    row = connection.execute("select n from site.repo where key = ?", [key]).fetchone()
    return None if row is None else int(row[0])


def details(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> list[dict[str, Any]]:
    """The pages' data of the repositories numbered from ``first`` up to ``end``, in order."""

    def own(query: str) -> dict[int, list[dict[str, Any]]]:
        return _grouped(fetch(connection, query, [first, end]))

    findings, unchecked, artifacts = own(_FINDINGS), own(_UNCHECKED), own(_ARTIFACTS)
    ancestors, copies, controls = own(_ANCESTORS), own(_COPIES), own(_CONTROLS)
    found = []
    for row in fetch(connection, _REPOS, [first, end]):
        number = row["n"]
        artifact = artifacts.get(number, [{}])[0]
        headings = {each["name"]: each for each in artifact.pop("headings", None) or ()}
        found.append(
            {
                **{name: row[name] for name in _FIELDS},
                "sections": _sections(row, headings),
                "score": _score(row),
                "findings": sorted(findings.get(number, ()), key=_order),
                "unchecked": unchecked.get(number, []),
                "artifacts": artifact or None,
                "ancestors": ancestors.get(number, [])[:MOST_ANCESTORS],
                "copies": copies.get(number, []),
                "controls": controls.get(number, []),
            }
        )
    return found


def _order(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return (SEVERITIES.index(finding["severity"]), finding["line"], finding["code"], finding["column"], finding["message"])


def _grouped(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("n"), []).append(row)
    return found


def _sections(row: Mapping[str, Any], headings: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each section's state, and where it stands: a heading ("" where there is none) and a line, null where nothing is known."""
    return [
        {"name": name, "state": STATES[letter], "heading": place.get("heading"), "line": place.get("line")}
        for name, letter in zip(SECTION_NAMES[row["kind"]], row["health"], strict=True)
        for place in (headings.get(name, {}),)
    ]


def _score(row: Mapping[str, Any]) -> dict[str, Any]:
    found = score_of_row(row)
    return {"value": found.value, "of": found.of, "parts": [part._asdict() for part in found.parts]}
