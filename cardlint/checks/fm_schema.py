"""Front matter against an organisation's own JSON Schema."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.model import Problem
from cardlint.vocab.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_LONGEST = 200
_LONGEST_VALUE = 40


def outside_card_schema(card: Card, options: dict[str, Any]) -> Iterator[Problem]:
    """What the schema of ``options`` does not allow, each fault where it stands; nothing where no schema is given."""
    if not options["schema"]:
        return
    check = validator(json.dumps(options["schema"], sort_keys=True))
    metadata = card.front_matter.metadata
    if check.is_valid(metadata):
        return
    seen: set[tuple[str, str]] = set()
    for error in check.iter_errors(metadata):
        for at, message in _faults(error):
            if (at, message) not in seen:
                seen.add((at, message))
                yield Problem(at, message, value=message)


@lru_cache(maxsize=8)
def validator(text: str) -> Any:
    """A validator of a schema, given as JSON. Patterns run in linear time, and no reference is fetched.

    Raises ValueError where it is no JSON Schema, where a pattern cannot run in linear time, or a reference leads out.
    """
    import jsonschema_rs

    return jsonschema_rs.validator_for(
        json.loads(text), retriever=_refuse, pattern_options=jsonschema_rs.RegexOptions(), validate_formats=True
    )


def _refuse(uri: str) -> Any:
    raise ValueError(f"{uri} lies outside the schema; write what it says under $defs")


def _faults(error: Any) -> Iterator[tuple[str, str]]:
    """A schema error as pointer and message; of an alternative the branch that came nearest."""
    kind = error.kind
    at = "/metadata" + "".join(f"/{escape(str(step))}" for step in error.instance_path)
    name = at.removeprefix("/metadata/")
    if kind.name == "required":
        parent = f" in '{name}'" if name != at else ""
        yield at, f"{kind.property!r} is missing{parent}"
        return
    if kind.name == "additionalProperties":
        yield from ((f"key:{at}/{escape(key)}", f"the key {key!r} is not one of the schema") for key in kind.unexpected)
        return
    if kind.name in ("anyOf", "oneOf") and (branches := [branch for branch in getattr(kind, "context", ()) if branch]):
        nearest = max(branches, key=lambda branch: (max(len(list(cause.instance_path)) for cause in branch), -len(branch)))
        for cause in nearest:
            yield from _faults(cause)
        return
    shown = json.dumps(error.instance, ensure_ascii=False, default=str)
    shown = shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"
    if kind.name == "enum":
        options = [str(each) for each in kind.options]
        hint = did_you_mean(str(error.instance), options) or f"; it allows {', '.join(options[:8])}{', …' if len(options) > 8 else ''}"
        yield at, f"'{name}' is {shown}, which the schema does not allow{hint}"
        return
    yield at, f"'{name}': {error.message}"[:_LONGEST]
