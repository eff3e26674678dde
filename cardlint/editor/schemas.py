"""JSON Schemas of the front matter, for editors that know schemas only; ``tools/generate.py`` writes them to ``schemas/``.

They say less than the rules do: a key that hubs do not read, a licence that contradicts the files, a language of three letters
that does not exist all pass here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.editor import reference
from cardlint.vocab import fields

if TYPE_CHECKING:
    from cardlint.model import Kind

_OPEN = frozenset({"library_name", "metrics", "task_ids"})
"""Keys whose lists are not closed: their values are suggested, others pass."""
_ALSO: dict[str, str] = {"language": "^[a-z]{3}$", "multilinguality": "^other-"}
"""Values that pass besides the list: codes of three letters, of which there are 8,000, and a form that hubs took for years."""


def front_matter_schema(kind: Kind) -> dict[str, Any]:
    """The schema of the front matter of a model, dataset or space card."""
    return {
        "description": f"The metadata block at the head of a {kind} card. Keys that are not listed are kept and mean nothing to the hub.",
        "type": "object",
        "properties": {key: _property((key,), kind) for key in fields.of(kind)},
    }


def _property(path: reference.Path, kind: Kind) -> dict[str, Any]:
    field = fields.of(kind)[path[0]]
    made: dict[str, Any] = {}
    if (text := reference.about(path)) is not None:
        made["description"] = text
    if field.deprecated is not None:
        made["deprecated"] = True
    return made | _value(path, kind, field.schema)


def _value(path: reference.Path, kind: Kind, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with the values that the vocabularies list, and with the keys below that are described."""
    item = _listed(path, kind)
    if item is not None:
        types = schema.get("type", "string")
        if types == "string":
            return item
        many = {"type": "array", "items": {"anyOf": [item, {"type": "object"}]} if "object" in str(schema.get("items")) else item}
        return many if types == "array" else {"anyOf": [item, many]}
    below = reference.children(path)
    if not below:
        return schema
    inner = {"properties": {key: _nested((*path, key), kind) for key in below}}
    if "array" in schema.get("type", ""):
        return {**schema, "items": {**schema.get("items", {}), **inner}} | (inner if "object" in schema["type"] else {})
    return {**schema, **inner}


def _nested(path: reference.Path, kind: Kind) -> dict[str, Any]:
    """The schema of a key below another: its description, and what stands in it alone or as the items of a list."""
    made: dict[str, Any] = {"description": reference.about(path)}
    below = reference.children(path)
    if below:
        inner = {"properties": {key: _nested((*path, key), kind) for key in below}}
        return made | inner | {"items": inner}
    listed = _listed(path, kind)
    return made | (listed or {})


def _listed(path: reference.Path, kind: Kind) -> dict[str, Any] | None:
    """The schema of one value of a key that has a list of them."""
    choices = reference.choices(path, kind)
    values = [choice.value for choice in choices]
    if not values or values == ["true", "false"]:
        return None
    if path[0] in _OPEN or len(path) > 1:
        return {"type": "string", "examples": values}
    if path[0] in _ALSO:
        pattern = _ALSO[path[0]]
        return {"anyOf": [{"enum": [value for value in values if not re.search(pattern, value)]}, {"type": "string", "pattern": pattern}]}
    return {"enum": values}
