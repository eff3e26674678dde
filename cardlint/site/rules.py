"""What is said of each rule: what it demands and why, and how often it spoke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.engine.catalogue import shipped
from cardlint.engine.loader import load, shipped_files
from cardlint.engine.rule import FAMILIES

if TYPE_CHECKING:
    import duckdb

_SPOKE = """
select code, any_value(name) as name, count(*) as findings, count(distinct n) as repos
from site.finding group by code order by code
"""
_UNCHECKED = """
select rule, count(distinct n) as repos from (select n, unnest(rules) as rule from site.unchecked) group by rule
"""


def rules(connection: duckdb.DuckDBPyConnection, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Every rule that ran, by code, with its documentation; an organisation's own rules have a name only."""
    known = {rule.code: rule for rule in shipped()}
    why = _reasons()
    spoke = {row["code"]: row for row in fetch(connection, _SPOKE)}
    unchecked = {row["rule"]: row["repos"] for row in fetch(connection, _UNCHECKED)}
    severities = {each["code"]: each["severity"] for each in run["rules"]}
    found = []
    for code in sorted(severities | dict.fromkeys(spoke, "note")):
        rule, row = known.get(code), spoke.get(code, {})
        family = code.rstrip("0123456789")
        found.append(
            {
                "code": code,
                "name": rule.name if rule else row.get("name", ""),
                "family": family,
                "label": FAMILIES.get(family, "own rules"),
                "summary": rule.summary if rule else "",
                "why": why.get(code, ""),
                "help": rule.help if rule else "",
                "severity": severities.get(code, "note"),
                "confidence": rule.confidence if rule else "",
                "scope": rule.scope if rule else "",
                "status": rule.status if rule else "",
                "findings": row.get("findings", 0),
                "repos": row.get("repos", 0),
                "unchecked": unchecked.get(code, 0) + unchecked.get(family, 0),
            }
        )
    return found


def _reasons() -> dict[str, str]:
    """The reason of each rule that ships, from its file."""
    loaded = (load(file.read_text(encoding="utf-8"), file.name) for file in shipped_files())
    return {each["code"]: each.get("why", "").strip() for each in loaded}
