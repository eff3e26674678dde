"""Rules whose check is a JSON Schema over the facts: ``assert``, asked for true or false only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.card.yamlreader import escape
from cardlint.engine.plain import plain
from cardlint.model import Problem
from cardlint.patterns import Pattern
from cardlint.vocab.nearest import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cardlint.engine.rule import Rule

_VOCABULARY = "cardlint:vocab/"
_INDEX = Pattern(r"[0-9]{1,9}")
_WORD = re.compile(r"\{(value|missing|heading|near)\}")


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


def _test_of(schema: Any) -> Callable[[Any], bool]:
    """What a rule's schema, found to be one, asks of facts."""
    return plain(with_vocabularies(schema)) or compiled(schema)


def compiled(schema: Any) -> Callable[[Any], bool]:
    """Whether facts are valid under a schema, in time linear in each text: its patterns are those of RE2's kind.

    Raises FileNotFoundError for a vocabulary that does not exist, ValueError for what is no JSON Schema, for a pattern
    with lookaround or back references, and for a ``$ref`` to another document, which is never fetched.
    """
    import jsonschema_rs

    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.validator_for(with_vocabularies(schema), pattern_options=options, retriever=_refuse).is_valid


def _refuse(address: str) -> Any:
    raise ValueError(f"{address} is not fetched")


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

    __slots__ = ("at", "check", "each", "hub_alone", "is_valid", "words")

    def __init__(self, rule: Rule) -> None:
        self.check = rule.check
        self.hub_alone = rule.scope == "hub"
        self.at: str = rule.check.get("at", "")
        self.each: str | None = rule.check.get("each")
        self.words = frozenset(_WORD.findall(rule.check["message"]))
        self.is_valid = _test_of(rule.check["assert"])

    def problems(self, facts: dict[str, Any]) -> Sequence[Problem]:
        """The problem, or one an item with ``each``; nothing where the facts pass."""
        if self.hub_alone:  # an audit has the rest of the facts no more when it judges these
            facts = {"id": facts["id"], "hub": facts["hub"]}
        if self.each is None:
            return () if self.is_valid(facts) else (self._problem(self.at, facts),)
        value = find(facts, self.each)
        if isinstance(value, list):
            items = [(f"{self.each}/{index}", item) for index, item in enumerate(value)]
        elif isinstance(value, dict):
            items = [(f"{self.each}/{escape(key)}", item) for key, item in value.items()]
        else:
            items = [] if value is None else [(self.each, value)]
        return [self._problem(at, facts) for at, item in items if not self.is_valid(item)]

    def _problem(self, at: str, facts: dict[str, Any]) -> Problem:
        value = None if at.startswith("section:") else find(facts, at.removeprefix("key:"))
        shown = "" if value is None else str(value)
        help_text = None
        words = {"value": shown}
        if "missing" in self.words:
            words["missing"] = ", ".join(want.rsplit("/", 1)[-1] for want in self.check.get("wants", ()) if find(facts, want) is None)
        if "heading" in self.words and at.startswith("section:"):
            words["heading"] = facts["sections"].get(at.removeprefix("section:"), {}).get("heading") or ""
        if "vocab" in self.check and shown:
            near = closest(shown.lower(), data.ids(self.check["vocab"]))
            if near:
                words["near"] = near
                help_text = f"did you mean {near!r}?"
        message: str = self.check["message"]
        if self.words:
            message = _WORD.sub(lambda match: words.get(match.group(1), ""), message)
        return Problem(at, message, help_text, shown or None, about=self.check.get("about", ""))


def find(facts: Any, pointer: str) -> Any:
    """The value at a JSON pointer, None where there is none."""
    value = facts
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and _INDEX.fullmatch(key) and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
