"""Lists for the server: filters, orders and pages as SQL, with the same meaning as in the pages' own ``files.js``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.card.sections.types import SECTION_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

_ORDERS = {
    "repos": {
        "": "n",
        "score": "score, n",
        "best": "score desc, n",
        "errors": "errors desc, n",
        "findings": "errors + warnings + notes desc, n",
    },
    "owners": {
        "": "repos desc, owner",
        "name": "owner",
        "score": "score, owner",
        "best": "score desc, owner",
        "errors": "errors desc, owner",
    },
    "findings": {"": 'n, code, line, "column", message'},
}
COLUMNS = {
    "repos": ("key", "kind", "owner", "class", "score", "errors", "warnings", "notes", "has_card", "health"),
    "owners": ("owner", "repos", "without_card", "with_errors", "errors", "warnings", "notes", "licensed", "score", "rules"),
    "findings": ("key", "kind", "owner", "code", "name", "severity", "confidence", "line", "column", "at", "message", "help"),
}
"""The columns of a row of each list."""
_TABLES = {
    "repos": "site.repo",
    "owners": "site.owner",
    "findings": "(select f.*, repo.key, repo.kind, repo.owner, repo.class from site.finding f join site.repo as repo using (n))",
}


def orders(view: str) -> tuple[str, ...]:
    """The names of a list's orders, the one that holds without a name first."""
    return tuple(_ORDERS[view])


@dataclass(slots=True)
class Choice:
    """The rows of a list that are wanted: conditions in SQL with their values, and an order."""

    view: str
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: str = ""

    def where(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values

    @property
    def source(self) -> str:
        """From where and which, in SQL."""
        return f"from {_TABLES[self.view]} as it where {' and '.join(self.conditions) or 'true'}"

    @property
    def rows(self) -> str:
        """The query of the rows."""
        columns = ", ".join(f'"{name}"' for name in COLUMNS[self.view])
        return f"select {columns} {self.source} order by {self.order}"


def chosen(view: str, query: Mapping[str, Any]) -> Choice:
    """The choice that the parameters of a request ask for; they are checked before."""
    choice = Choice(view, order=_ORDERS[view][query.get("sort", "")])
    name = "owner" if view == "owners" else "key"
    for word in str(query.get("q", "")).lower().split():
        choice.where(f"contains(lower({name}), ?)", word)
    for parameter, column in (("kind", "kind"), ("owner", "owner"), ("licence", "class")):
        if parameter in query:
            choice.where(f"{column} = ?", query[parameter])
    if "least" in query:
        choice.where("repos >= ?", query["least"])
    if "card" in query:
        choice.where("has_card" if query["card"] == "yes" else "not has_card")
    if "rule" in query:
        choice.where("code = ?" if view == "findings" else "n in (select n from site.finding where code = ?)", query["rule"])
    if "severity" in query:
        choice.where(
            "severity = ?" if view == "findings" else f"{query['severity']}s > 0", *([query["severity"]] if view == "findings" else [])
        )
    names = SECTION_NAMES.get(query.get("kind", ""), ())
    if query.get("undocumented") in names:
        choice.where("substr(health, ?, 1) in ('p', '-')", names.index(query["undocumented"]) + 1)
    return choice


def listed(connection: duckdb.DuckDBPyConnection, view: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """One page of a list: how many rows there are, which page this is, and its rows."""
    choice = chosen(view, query)
    page, size = query["page"], query["size"]
    (total,) = connection.execute(f"select count(*) {choice.source}", choice.values).fetchone() or (0,)
    rows = fetch(connection, f"{choice.rows} limit ? offset ?", [*choice.values, size, (page - 1) * size])
    return {"total": total, "page": page, "size": size, "rows": rows}
