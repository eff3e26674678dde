"""Rules whose check is a JSON Schema over the facts: ``assert``, asked for true or false only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.card.yamlreader import escape
from cardlint.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.engine.rule import Rule

_VOCABULARY = "cardlint:vocab/"


def with_vocabularies(schema: Any) -> Any:
    """The schema with each ``$ref: cardlint:vocab/NAME`` as the enumeration it stands for.

    Raises FileNotFoundError where a vocabulary does not exist.
    """
    if isinstance(schema, list):
        return [with_vocabularies(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith(_VOCABULARY):
        return {"enum": sorted(data.ids(reference.removeprefix(_VOCABULARY)))}
    return {key: with_vocabularies(value) for key, value in schema.items()}


def parts_read(check: dict[str, Any]) -> set[str]:
    """The top-level parts of the facts that an assertion and its places read."""
    read: set[str] = set()
    if "each" not in check:
        _top_level(check["assert"], read)
    for pointer in (check.get("at"), check.get("each"), *check.get("wants", ())):
        if pointer:
            read.add("sections" if pointer.startswith("section:") else pointer.removeprefix("key:").split("/")[1])
    return read - {"input", "id"}


def _top_level(schema: Any, read: set[str]) -> None:
    if not isinstance(schema, dict):
        return
    read.update(schema.get("properties", {}))
    read.update(schema.get("required", ()))
    for key in ("if", "then", "else", "not"):
        _top_level(schema.get(key), read)
    for key in ("allOf", "anyOf", "oneOf"):
        for item in schema.get(key, ()):
            _top_level(item, read)


class Assertion:
    """A compiled assertion."""

    def __init__(self, rule: Rule) -> None:
        import jsonschema_rs

        self.check = rule.check
        self.each: str | None = rule.check.get("each")
        self.is_valid = jsonschema_rs.validator_for(with_vocabularies(rule.check["assert"])).is_valid

    def problems(self, facts: dict[str, Any]) -> Iterator[Problem]:
        """The problem, or one an item with ``each``; nothing where the facts pass."""
        if self.each is None:
            if not self.is_valid(facts):
                yield self._problem(self.check["at"], facts)
            return
        value = find(facts, self.each)
        if isinstance(value, list):
            items = [(f"{self.each}/{index}", item) for index, item in enumerate(value)]
        elif isinstance(value, dict):
            items = [(f"{self.each}/{escape(key)}", item) for key, item in value.items()]
        else:
            items = [] if value is None else [(self.each, value)]
        for at, item in items:
            if not self.is_valid(item):
                yield self._problem(at, facts)

    def _problem(self, at: str, facts: dict[str, Any]) -> Problem:
        value = find(facts, at.removeprefix("key:")) if not at.startswith("section:") else None
        shown = "" if value is None else str(value)
        words = {"value": shown, "missing": "", "heading": "", "near": ""}
        if "wants" in self.check:
            words["missing"] = ", ".join(want.rsplit("/", 1)[-1] for want in self.check["wants"] if find(facts, want) is None)
        if at.startswith("section:"):
            words["heading"] = facts["sections"].get(at.removeprefix("section:"), {}).get("heading") or ""
        help_text = None
        if "vocab" in self.check and shown:
            from difflib import get_close_matches

            near = get_close_matches(shown.lower(), data.ids(self.check["vocab"]), n=1)
            if near:
                words["near"] = near[0]
                help_text = f"did you mean {near[0]!r}?"
        message = self.check["message"]
        for word, text in words.items():
            message = message.replace("{" + word + "}", text)
        return Problem(at, message, help=help_text, value=shown or None)


def find(facts: Any, pointer: str) -> Any:
    """The value at a JSON pointer, None where there is none."""
    value = facts
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
