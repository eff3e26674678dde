"""What files that a user writes are told where a value is of another type, or a rule has no such option."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cardlint.engine.rule import Rule

_WORDS = {
    "boolean": "true or false",
    "string": "a text in quotes",
    "array": "a list",
    "object": "a table",
    "number": "a number",
    "integer": "a whole number",
}


def wanted(error: Any) -> str | None:
    """What a schema error asks for in the place of a value of another type; None where it is about something else."""
    types = _types(error)
    value = error.instance
    if "array" in types and isinstance(value, str):
        return f"a list is wanted: [{_shown(value)}]"
    named = [_WORDS[each] for each in types if each in _WORDS]
    return f"{' or '.join(named)} is wanted, not {_shown(value)}" if named else None


def _types(error: Any) -> list[str]:
    branches = getattr(error.kind, "context", None) or ([error],)
    return [each for branch in branches for cause in branch if cause.kind.name == "type" for each in cause.kind.types]


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def plain(value: Any) -> Any:
    """A value of a TOML file as JSON has it: days and times as the texts that they are written as, for schemas know none."""
    return json.loads(json.dumps(value, default=str))


def unknown_option(given: Mapping[str, Any], named: Sequence[Rule]) -> str | None:
    """What is wrong with options that are given to rules: the first that none of them has; None where nothing is."""
    from cardlint.vocab.nearest import did_you_mean

    known = sorted({option for rule in named for option in rule.options})
    for key in given:
        if key not in known:
            hint = did_you_mean(key, known) or (f"; known are {', '.join(known)}" if known else f": {_codes(named)} none")
            return f"unknown option {key!r}{hint}"
    return None


def _codes(named: Iterable[Rule]) -> str:
    first, *more = [rule.code for rule in named] or ["no rule"]
    return f"{first} and its like have" if more else f"{first} has"
