"""JSON Schemas of plain keywords as functions: a schema library takes a sixteenth of the start of a check to load.

Whatever else a schema says is left to the library (`cardlint.engine.assertion`), which gives the same answers to these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Test = Callable[[Any], bool]

_TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "object": dict, "array": (list, tuple)}


def plain(schema: Any) -> Test | None:
    """Whether a value is valid under a schema; None for a schema that needs more than plain keywords."""
    if isinstance(schema, bool):
        return lambda _: schema
    if not isinstance(schema, dict):
        return None
    rest = {key: value for key, value in schema.items() if key not in _CONDITION}
    tests: list[Test] = []
    for key, value in rest.items():
        test = _KEYWORDS[key](value) if key in _KEYWORDS else None
        if test is None:
            return None
        tests.append(test)
    if "if" in schema:  # the branches of a condition mean nothing without it
        condition = _condition(schema)
        if condition is None:
            return None
        tests.append(condition)
    return _every(tests)


# Loops, for a generator costs more than the tests that it goes through; all rules are asked of every card.
def _every(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def every(value: Any) -> bool:
        for test in tests:  # noqa: SIM110  # as said above
            if not test(value):
                return False
        return True

    return every


def _some(tests: Sequence[Test]) -> Test:
    def some(value: Any) -> bool:
        for test in tests:  # noqa: SIM110  # as said above
            if test(value):
                return True
        return False

    return some


_CONDITION = frozenset({"if", "then", "else"})


def _condition(schema: dict[str, Any]) -> Test | None:
    asked, then, otherwise = (plain(schema.get(key, True)) for key in ("if", "then", "else"))
    if asked is None or then is None or otherwise is None:
        return None
    return lambda value: then(value) if asked(value) else otherwise(value)


def _all(schemas: Sequence[Any]) -> list[Test] | None:
    tests = [plain(schema) for schema in schemas]
    return None if None in tests else [test for test in tests if test is not None]


def _properties(schemas: dict[str, Any]) -> Test | None:
    tests = _all(list(schemas.values()))
    if tests is None:
        return None
    pairs = list(zip(schemas, tests, strict=True))
    if len(pairs) == 1:
        [(only, asked)] = pairs
        return lambda value: not isinstance(value, dict) or only not in value or asked(value[only])

    def every(value: Any) -> bool:
        if isinstance(value, dict):
            for key, test in pairs:
                if key in value and not test(value[key]):
                    return False
        return True

    return every


def _required(keys: Sequence[str]) -> Test:
    return lambda value: not isinstance(value, dict) or all(key in value for key in keys)


def _dependent(listed: dict[str, Sequence[str]]) -> Test:
    return lambda value: (
        not isinstance(value, dict) or all(key not in value or all(each in value for each in wanted) for key, wanted in listed.items())
    )


def _enum(members: Sequence[Any]) -> Test | None:
    """Of texts and lists of texts alone: Python takes ``True`` for 1, JSON does not."""
    texts = [each for each in members if isinstance(each, str)]
    lists = [each for each in members if isinstance(each, list) and all(isinstance(item, str) for item in each)]
    if len(texts) + len(lists) < len(members):
        return None
    known = frozenset(texts)
    if not lists:
        return lambda value: isinstance(value, str) and value in known
    return lambda value: value in known if isinstance(value, str) else isinstance(value, list) and value in lists


def _type(name: Any) -> Test | None:
    wanted = _TYPES.get(name) if isinstance(name, str) else None
    return None if wanted is None else lambda value: isinstance(value, wanted)


def _not(schema: Any) -> Test | None:
    test = plain(schema)
    return None if test is None else lambda value: not test(value)


def _any_of(schemas: Sequence[Any]) -> Test | None:
    tests = _all(schemas)
    return None if tests is None else _some(tests)


def _all_of(schemas: Sequence[Any]) -> Test | None:
    tests = _all(schemas)
    return None if tests is None else _every(tests)


def _contains(schema: Any) -> Test | None:
    test = plain(schema)
    return None if test is None else lambda value: not isinstance(value, list | tuple) or any(test(item) for item in value)


def _least_items(least: int) -> Test:
    return lambda value: not isinstance(value, list | tuple) or len(value) >= least


def _least_length(least: int) -> Test:
    return lambda value: not isinstance(value, str) or len(value) >= least


_KEYWORDS: dict[str, Callable[[Any], Test | None]] = {
    "allOf": _all_of,
    "anyOf": _any_of,
    "const": lambda value: _enum([value]),
    "contains": _contains,
    "dependentRequired": _dependent,
    "enum": _enum,
    "minItems": _least_items,
    "minLength": _least_length,
    "not": _not,
    "properties": _properties,
    "required": _required,
    "type": _type,
}
