"""Schemas of plain keywords answer as the library does."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cardlint.engine.assertion import compiled, with_vocabularies
from cardlint.engine.catalogue import shipped
from cardlint.engine.plain import plain

_KEYS = st.sampled_from("abc")
_TEXTS = st.sampled_from(["", "x", "xy", "1"])
_MEMBERS = st.one_of(_TEXTS, st.lists(_TEXTS, max_size=2))
_VALUES = st.recursive(
    st.one_of(_TEXTS, st.none(), st.booleans(), st.integers(0, 2), st.just(1.0)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=8,
)


def _keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "allOf": several,
            "anyOf": several,
            "const": _MEMBERS,
            "contains": inner,
            "dependentRequired": st.dictionaries(_KEYS, st.lists(_KEYS, unique=True, max_size=2), max_size=2),
            "enum": st.lists(_MEMBERS, min_size=1, max_size=3),
            "if": inner,
            "then": inner,
            "else": inner,
            "minItems": st.integers(0, 3),
            "minLength": st.integers(0, 3),
            "not": inner,
            "properties": st.dictionaries(_KEYS, inner, max_size=3),
            "required": st.lists(_KEYS, unique=True, max_size=2),
            "type": st.sampled_from(["string", "object", "array"]),
        },
    )


_SCHEMAS = st.recursive(st.booleans(), _keywords, max_leaves=6)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(_SCHEMAS, st.lists(_VALUES, min_size=1, max_size=8))
def test_plain_keywords_mean_what_the_libraries_take_them_for(schema: Any, values: list[Any]) -> None:
    test = plain(schema)
    assert test is not None
    other, third = compiled(schema), Draft202012Validator(schema).is_valid
    for value in values:
        assert test(value) is other(value) is third(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "x"},
        {"items": {"type": "string"}},
        {"const": 1},
        {"enum": ["a", None]},
        {"const": {"a": "b"}},
        {"type": "integer"},
        {"type": ["string", "null"]},
        {"properties": {"a": {"not": {"format": "uri"}}}},
        {"if": {"minimum": 1}},
    ],
    ids=str,
)
def test_what_says_more_is_left_to_the_library(schema: dict[str, Any]) -> None:
    assert plain(schema) is None


def test_most_assertions_that_ship_need_no_library() -> None:
    schemas = [with_vocabularies(rule.check["assert"]) for rule in shipped() if "assert" in rule.check]
    assert sum(plain(schema) is not None for schema in schemas) > 0.9 * len(schemas)
