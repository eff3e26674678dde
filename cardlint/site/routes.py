"""What the server answers: each route with its parameters, from which requests are checked and the OpenAPI document is made."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from cardlint import __version__
from cardlint.audit.ask import fetch
from cardlint.card.sections.types import SECTION_NAMES
from cardlint.site.licences import CLASSES
from cardlint.site.lineage import node_number, nodes
from cardlint.site.listing import listed, orders
from cardlint.site.repos import details, number_of
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import duckdb

MOST_ROWS = 1_000
_FURTHEST = 10_000_000
_LONGEST = 200


class Refused(Exception):
    """A request that is wrong, in one line."""


class Parameter(NamedTuple):
    """A parameter of the query: its JSON Schema and what it means."""

    name: str
    schema: dict[str, Any]
    description: str


class Route(NamedTuple):
    """A path below ``/api/v1``. ``key`` names its last part where it has one; ``csv`` tells that the same list is there as CSV."""

    path: str
    summary: str
    answer: Callable[[duckdb.DuckDBPyConnection, dict[str, Any]], Any]
    parameters: tuple[Parameter, ...] = ()
    key: str | None = None
    csv: bool = False


def _words(name: str, words: tuple[str, ...], description: str) -> Parameter:
    return Parameter(name, {"type": "string", "enum": [word for word in words if word]}, description)


def _text(name: str, description: str) -> Parameter:
    return Parameter(name, {"type": "string", "maxLength": _LONGEST}, description)


def _count(name: str, description: str, most: int, default: int | None = None) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most}
    return Parameter(name, schema if default is None else {**schema, "default": default}, description)


_PAGE = (_count("page", "Which page of the list.", _FURTHEST, 1), _count("size", "Rows of a page.", MOST_ROWS, 100))
_Q = _text("q", "Words that the name contains, whatever their case.")
_KIND = _words("kind", tuple(SECTION_NAMES), "The kind of repository.")
_OWNER = _text("owner", "The owner's name.")
_LICENCE = _words("licence", tuple(each.name for each in CLASSES), "The class of the declared licences.")
_SEVERITY = _words("severity", ("error", "warning", "note"), "With findings of this severity.")
_RULE = _text("rule", "With a finding of the rule with this code.")
_SECTIONS = tuple(dict.fromkeys(name for names in SECTION_NAMES.values() for name in names))


def _repo(connection: duckdb.DuckDBPyConnection, query: dict[str, Any]) -> Any:
    number = number_of(connection, query["key"])
    return None if number is None else details(connection, number, number + 1)[0]


def _owner(connection: duckdb.DuckDBPyConnection, query: dict[str, Any]) -> Any:
    return next(iter(fetch(connection, "from site.owner where owner = ?", [query["key"]])), None)


def _node(connection: duckdb.DuckDBPyConnection, query: dict[str, Any]) -> Any:
    number = node_number(connection, query["key"])
    return None if number is None else nodes(connection, number, number + 1)[0]


ROUTES = (
    Route(
        "repos",
        "Repositories",
        lambda connection, query: listed(connection, "repos", query),
        (
            *(_Q, _KIND, _OWNER, _LICENCE, _SEVERITY, _RULE),
            _words("undocumented", _SECTIONS, "Without this section; takes effect with `kind`."),
            _words("card", ("yes", "no"), "With or without a card."),
            _words("sort", orders("repos"), "The order; by name without it."),
            *_PAGE,
        ),
        csv=True,
    ),
    Route("repos", "A repository with its findings and its score", _repo, key="key"),
    Route(
        "owners",
        "Owners",
        lambda connection, query: listed(connection, "owners", query),
        (
            _Q,
            _count("least", "With at least so many repositories.", _FURTHEST),
            _words("sort", orders("owners"), "The order; by number of repositories without it."),
            *_PAGE,
        ),
        csv=True,
    ),
    Route("owners", "An owner", _owner, key="owner"),
    Route(
        "findings",
        "Findings",
        lambda connection, query: listed(connection, "findings", query),
        (_Q, _KIND, _OWNER, _LICENCE, _SEVERITY, _RULE, *_PAGE),
        csv=True,
    ),
    Route("lineage", "What a repository was built from and what was built from it; null where nothing is known", _node, key="key"),
)


def checked(route: Route, given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a request with their types and defaults; empty ones count as not given. Raises Refused."""
    known = {each.name: each for each in route.parameters}
    found: dict[str, Any] = {name: each.schema["default"] for name, each in known.items() if "default" in each.schema}
    for name, value in given.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise Refused(
                f"no parameter {name!r}; " + (f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known) or 'none'}")
            )
        if value:
            found[name] = _value(known[name], value)
    return found


def _value(parameter: Parameter, value: str) -> Any:
    schema = parameter.schema
    if schema["type"] == "integer":
        if not value.isascii() or not value.isdigit() or len(value) > 9 or not schema["minimum"] <= int(value) <= schema["maximum"]:
            raise Refused(f"{parameter.name} is a number from {schema['minimum']} to {schema['maximum']}")
        return int(value)
    if len(value) > _LONGEST:
        raise Refused(f"{parameter.name} has at most {_LONGEST} characters")
    if "enum" in schema and value not in schema["enum"]:
        near = get_close_matches(value, schema["enum"], n=1)
        raise Refused(
            f"{parameter.name}: {value!r} is not one of {', '.join(schema['enum'])}" + (f"; did you mean {near[0]!r}?" if near else "")
        )
    return value


_FIXED = {
    "overview": "The figures of the first page",
    "rules": "The rules that ran",
    "lineage": "Where to begin with lineage",
    "standards": "Controls of standards, with how many repositories meet them",
}


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API."""
    paths: dict[str, Any] = {}
    for path, summary in _FIXED.items():
        paths[f"/api/v1/{path}"] = {"get": _operation(path, summary, [], {"200": _JSON})}
    for route in ROUTES:
        parameters = [
            {"name": each.name, "in": "query", "required": False, "schema": each.schema, "description": each.description}
            for each in route.parameters
        ]
        if route.key:
            inside = {
                "name": route.key,
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "description": "May hold slashes, unescaped.",
            }
            answers = {"200": _JSON, "404": _FAULT}
            paths[f"/api/v1/{route.path}/{{{route.key}}}"] = {"get": _operation(f"{route.path}-one", route.summary, [inside], answers)}
            continue
        answers = {"200": _JSON, "400": _FAULT}
        paths[f"/api/v1/{route.path}"] = {"get": _operation(route.path, route.summary, parameters, answers)}
        if route.csv:
            whole = [each for each in parameters if each["name"] not in ("page", "size")]
            text = {"description": "The whole list", "content": {"text/csv": {"schema": {"type": "string"}}}}
            paths[f"/api/v1/{route.path}.csv"] = {
                "get": _operation(f"{route.path}-csv", f"{route.summary} as CSV", whole, {"200": text, "400": _FAULT})
            }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cardlint audit",
            "version": __version__,
            "description": "The results of an audit of model cards, read only.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
    }


_JSON = {"description": "The answer", "content": {"application/json": {"schema": {}}}}
_FAULT = {
    "description": "What is wrong, in one line",
    "content": {
        "application/json": {"schema": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}},
    },
}


def _operation(name: str, summary: str, parameters: list[dict[str, Any]], responses: dict[str, Any]) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}
