"""What the first page says: what is documented, under which licences, what is wrong, where, and what could not be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.card.sections.types import SECTION_NAMES
from cardlint.engine.rule import FAMILIES
from cardlint.site.licences import CLASSES
from cardlint.site.tables import STATES

if TYPE_CHECKING:
    import duckdb

LEAST_REPOS = 5
"""An owner is compared with others from so many repositories on."""
MOST_LISTED = 10
_KINDS = """
select kind, count(*) as repos, count(*) filter (not has_card) as without_card, count(*) filter (errors > 0) as with_errors,
       count(*) filter (class <> 'none') as licensed, mean(score) as score
from site.repo group by kind order by kind = 'space', kind = 'dataset'
"""
_TOTALS = """
select count(*) as repos, count(distinct owner) as owners, count(*) filter (not has_card) as without_card,
       count(*) filter (errors > 0) as with_errors, count(*) filter (class <> 'none') as licensed, count(failure) as failed,
       sum(errors)::bigint as errors, sum(warnings)::bigint as warnings, sum(notes)::bigint as notes,
       sum(waived)::bigint as waived, sum(suppressed)::bigint as suppressed, sum(unhonoured)::bigint as unhonoured,
       mean(score) as score
from site.repo
"""
_HEALTH = """
select kind, position, letter, count(*) as repos
from (select kind, unnest(range(1, length(health) + 1)) as position, substr(health, position, 1) as letter from site.repo)
group by all
"""
_LICENSES = """
select array_to_string(list_sort(licenses), ' + ') as license, any_value(class) as class, count(*) as repos
from site.repo where len(licenses) > 0 group by license order by repos desc, license limit 20
"""
_FAMILIES = """
select rtrim(code, '0123456789') as family, severity, count(*) as findings, count(distinct n) as repos
from site.finding group by all
"""
_RULES = """
select code, any_value(name) as name, severity, count(distinct n) as repos
from site.finding where severity <> 'note' group by code, severity
order by severity, repos desc, code limit ?
"""
_SCORES = "select kind, least(9, floor(score / 10))::int as bin, count(*) as repos from site.repo group by all order by all"
_OWNERS = "select * from site.owner where repos >= ? order by score {}, owner limit ?"
_UNCHECKED = """
select reason, count(*) as repos, array_agg(distinct rule order by rule) as rules
from (select n, reason, unnest(rules) as rule from site.unchecked)
group by reason order by repos desc, reason limit 20
"""
_COUNT_UNCHECKED = "select reason, count(distinct n) as repos from site.unchecked group by reason"


def overview(connection: duckdb.DuckDBPyConnection, run: dict[str, Any]) -> dict[str, Any]:
    """The first page's data. ``run`` is the audit's manifest."""
    totals = fetch(connection, _TOTALS)[0]
    return {
        "run": {
            "version": run.get("tool", {}).get("version", ""),
            "engine": run.get("tool", {}).get("engine", ""),
            "profile": run.get("profile", ""),
            "scopes": run.get("scopes", []),
            "rules": len(run["rules"]),
        },
        "totals": totals,
        "kinds": fetch(connection, _KINDS),
        "sections": _sections(connection),
        "licenses": {"classes": _classes(connection), "ids": fetch(connection, _LICENSES)},
        "families": _families(connection),
        "rules": fetch(connection, _RULES, [MOST_LISTED]),
        "scores": _scores(connection),
        "owners": {
            "least": LEAST_REPOS,
            "best": fetch(connection, _OWNERS.format("desc"), [LEAST_REPOS, MOST_LISTED]),
            "worst": fetch(connection, _OWNERS.format("asc"), [LEAST_REPOS, MOST_LISTED]),
        },
        "unchecked": _unchecked(connection),
    }


def _sections(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    counts = {(row["kind"], row["position"], row["letter"]): row["repos"] for row in fetch(connection, _HEALTH)}
    kinds = sorted({kind for kind, _, _ in counts}, key=list(SECTION_NAMES).index)
    found = []
    for kind in kinds:
        for position, name in enumerate(SECTION_NAMES[kind], start=1):
            row = {state: counts.get((kind, position, letter), 0) for letter, state in STATES.items()}
            found.append({"kind": kind, "name": name, "repos": sum(row.values()), **row})
    return found


def _classes(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    counts = {row["class"]: row["repos"] for row in fetch(connection, "select class, count(*) as repos from site.repo group by class")}
    return [{"class": each.name, "label": each.label, "repos": counts.get(each.name, 0)} for each in CLASSES]


def _families(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = fetch(connection, _FAMILIES)
    out = []
    for family in sorted({row["family"] for row in found}, key=lambda name: (name not in FAMILIES, [*FAMILIES, name].index(name))):
        row: dict[str, Any] = {"family": family, "label": FAMILIES.get(family, "own rules")}
        for severity in ("error", "warning", "note"):
            row[severity] = sum(each["findings"] for each in found if each["family"] == family and each["severity"] == severity)
        out.append(row)
    return out


def _scores(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    bins: dict[str, list[int]] = {}
    for row in fetch(connection, _SCORES):
        bins.setdefault(row["kind"], [0] * 10)[row["bin"]] = row["repos"]
    return [{"kind": kind, "bins": bins[kind]} for kind in SECTION_NAMES if kind in bins]


def _unchecked(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    repos = {row["reason"]: row["repos"] for row in fetch(connection, _COUNT_UNCHECKED)}
    found = [{**row, "repos": repos[row["reason"]]} for row in fetch(connection, _UNCHECKED)]
    return sorted(found, key=lambda row: (-row["repos"], row["reason"]))
