"""MET002 to MET010: values of a type that hubs do not take, in the hubs' own words.

The types are those of the keys' vocabulary (``cardlint.vocab.fields``); messages follow joi, whose words hubs answer in.
Null and empty values belong to FM024, template slots to FM025.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.checks.fm_values import is_slot
from cardlint.checks.values import place_of
from cardlint.model import Edit, Fix, Problem, Range
from cardlint.vocab import fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.model import Kind

NAMES: tuple[str, ...] = (
    *("license", "language", "datasets", "base_model", "models", "source_datasets", "language_bcp47", "buckets", "task_categories"),
    *("task_ids", "size_categories", "annotations_creators", "language_creators", "multilinguality"),
)
LISTS: tuple[str, ...] = ("tags", "metrics", "language_bcp47", "source_datasets", "buckets", "preload_from_hub", "hf_oauth_scopes")
TEXTS: tuple[str, ...] = (
    *("pipeline_tag", "library_name", "license_name", "license_link", "license_details", "new_version", "thumbnail", "mask_token"),
    *("base_model_relation", "pretty_name", "description", "instance_prompt", "paperswithcode_id", "title", "emoji", "sdk", "app_file"),
)
SWITCHES: tuple[str, ...] = ("inference", "viewer", "pinned", "fullWidth", "disable_embedding", "hf_oauth")
MAPPINGS: tuple[str, ...] = ("configs", "dataset_info", "train-eval-index")
GATES: tuple[str, ...] = (
    *("extra_gated_prompt", "extra_gated_heading", "extra_gated_description", "extra_gated_button_content", "extra_gated_eu_disallowed"),
)
GATE_TYPES = frozenset({"text", "checkbox", "date_picker", "country", "ip_location", "select"})

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "object": (dict,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
_NEWER = "it names the newer model, `owner/name`; the version of this one belongs into the text."
_OWN = 2
"""Slashes of a pointer to a key's own value, which is no item."""
_SWITCHED = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_DEMANDS = {
    "string": "a string",
    "array": "an array",
    "object": "of type object",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
}


def is_a(value: Any, types: Sequence[str]) -> bool:
    """Whether a value has one of some JSON Schema types; a boolean is no number."""
    if isinstance(value, bool):
        return "boolean" in types
    return any(isinstance(value, _TYPES[name]) for name in types)


def demand(types: Sequence[str]) -> str:
    """What a hub says a value must be."""
    named = [name for name in types if name != "null"]
    return f"must be {_DEMANDS[named[0]]}" if len(named) == 1 else f"must be one of [{', '.join(named)}]"


def is_mistyped(key: str, value: Any, alone: bool, kind: Kind) -> bool:
    """Whether a value, or an item of a list, has a type that is not taken under this key."""
    types = wanted(key, kind)[0 if alone else 1]
    found = value if isinstance(value, type) else type(value)
    return bool(types) and value is not None and not any(found in _TYPES[name] for name in types)


def has_results(value: Any, alone: bool) -> bool:
    """Whether an item of a list is a mapping, and so may hold results."""
    return value is dict and not alone


def suits(value: Any, key: str, kind: Kind) -> bool:
    """Whether a value has the type of a key, items too; what hubs take one text for is no fault here."""
    if next(_wrong(key, value, kind), None) is not None:
        return False
    if key == "model-index":
        from cardlint.checks.met_types_index import faults

        return next(faults(value), None) is None
    return True


def _types(schema: dict[str, Any]) -> tuple[str, ...]:
    found = schema.get("type", ())
    return (found,) if isinstance(found, str) else tuple(found)


@cache
def wanted(key: str, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The types of a key's value and of its items; empty where any will do or the key is not one of the kind."""
    schema = fields.of(kind)[key].schema if key in fields.current(kind) else {}
    return _types(schema), _types(schema.get("items", {}))


def _wrong(key: str, value: Any, kind: Kind) -> Iterator[tuple[str, str, Any]]:
    """Where a key's value has a wrong type: pointer below the key, what the hub says, and the value there."""
    types, items = wanted(key, kind)
    if not types or value is None or is_slot(key, value):
        return
    if not is_a(value, types):
        yield "", f'"{key}" {demand(types)}', value
    elif items and isinstance(value, list) and not ("string" in items and all(type(item) is str for item in value)):
        for index, item in enumerate(value):
            if item is not None and not is_a(item, items) and not is_slot(key, item) and not _holds_results(item):
                yield f"/{index}", f'"{key}[{index}]" {demand(items)}', item


def _problems(card: Card, keys: Sequence[str], most: int = 3) -> Iterator[Problem]:
    """The type faults of some keys, a few each."""
    metadata = card.front_matter.metadata
    for key in keys:
        if key not in metadata:
            continue
        for count, (below, message, value) in enumerate(_wrong(key, metadata[key], card.kind)):
            if count == most:
                break
            at = f"/metadata/{escape(key)}{below}"
            advice, fix = _bare(card, at, value)
            yield Problem(placed(card, at), message, help=advice, value=str(value)[:80], fix=fix)


def placed(card: Card, at: str) -> str:
    """The pointer of a value, or of its key where the value stands on several lines."""
    pointer = at.removeprefix("/metadata")
    start, end = card.front_matter.values.get(pointer, (0, 0))
    return f"key:{at}" if pointer in card.front_matter.keys and "\n" in card.text[start:end] else at


def _bare(card: Card, at: str, value: Any) -> tuple[str | None, Fix | None]:
    """Advice and fix where an item became a number or a switch, or a text a mapping: ``- 7``, ``- fill-mask:`` or ``{en}``."""
    place = place_of(card, at)
    source = card.text[place[0] : place[1]] if place else ""
    if value is False and at.startswith("/metadata/tags/"):
        return "false is what tools make of `no`: write 'no' for Norwegian, in quotes, or delete the item", None
    if place and at.count("/") > _OWN and isinstance(value, int | float) and value is not True and source.isascii():
        return f"write '{source}'", Fix((Edit(Range(*place), f"'{source}'"),))
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value.values())) is not None:
        return None, None
    word = next(iter(value))
    inner = source.removeprefix("{").removesuffix("}").strip() if source.startswith("{") else source.removesuffix(":").rstrip()
    why = "braces make a mapping" if source.startswith("{") else "a colon at the end makes a mapping"
    advice = f"{why}; write {word!r}"
    return advice, Fix((Edit(Range(*place), word),)) if place and inner == word else None


def item_not_text(card: Card) -> Iterator[Problem]:
    """MET002: tags and metrics that are no text."""
    for problem in _problems(card, ("tags", "metrics"), most=10):
        value = card.front_matter.metadata[str(problem.at).split("/")[2]]
        if isinstance(value, dict):
            shown = ", ".join(str(key)[:40] for key in islice(value, 5))
            problem = problem._replace(help=f"write the names as a list: [{shown}]; values of metrics belong into `model-index`.")
        elif not isinstance(value, list):
            problem = problem._replace(help=f"write a list: [{str(value)[:40]!r}].")
        if problem.value is None or not isinstance(value, str):
            yield problem


def names(card: Card) -> Iterator[Problem]:
    """MET003: keys that take one name or a list of names."""
    metadata = card.front_matter.metadata
    keys = [key for key in NAMES if key in metadata and not (key in LISTS and isinstance(metadata[key], str))]
    yield from _problems(card, keys)


def texts(card: Card) -> Iterator[Problem]:
    """MET004: keys that take one text; a version number in quotes would still name no model."""
    for problem in _problems(card, TEXTS):
        if problem.at == "/metadata/new_version" and isinstance(card.front_matter.metadata.get("new_version"), int | float):
            problem = problem._replace(help=_NEWER, fix=None)
        elif isinstance(problem.at, str) and isinstance(value := card.front_matter.metadata.get(problem.at.rpartition("/")[2]), list):
            problem = problem._replace(help=_one_of(problem.at, value), fix=_only(card, problem.at, value))
        yield problem


def _only(card: Card, at: str, listed: list[Any]) -> Fix | None:
    """The fix that takes the one text of a list on one line out of it."""
    place = place_of(card, at)
    source = card.text[slice(*place)] if place else ""
    inner = source[1:-1].strip()
    alone = place is not None and source[:1] == "[" and "\n" not in source and listed == [inner.strip("\"'")]
    return Fix((Edit(Range(*place), inner),)) if place and alone else None


def _one_of(at: str, listed: list[Any]) -> str | None:
    """Advice where a list stands for one text."""
    if len(listed) == 1 and isinstance(listed[0], str):
        return f"write {listed[0][:40]!r} without the list"
    return "keep the one that fits best; the others may stand under `tags`" if at.endswith("/pipeline_tag") else "keep one of them"


def switches(card: Card) -> Iterator[Problem]:
    """MET005: keys that take true or false."""
    for problem in _problems(card, SWITCHES):
        meant = _SWITCHED.get((problem.value or "").strip().lower())
        if meant is not None and isinstance(problem.at, str):
            problem = problem._replace(help=f"write {meant}", fix=_unquoted(card, problem.at, meant))
        yield problem


def _unquoted(card: Card, at: str, text: str) -> Fix | None:
    place = place_of(card, at)
    return Fix((Edit(Range(*place), text),), "unsafe") if place and place[0] < place[1] else None


def widget(card: Card) -> Iterator[Problem]:
    """MET006: the widget's examples are a list of mappings."""
    yield from _problems(card, ("widget",), most=1)


def misplaced_results(card: Card) -> Iterator[Problem]:
    """MET007: results that hang under another key than ``model-index``."""
    for key in ("widget", "datasets", "metrics", "tags"):
        value = card.front_matter.metadata.get(key)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if _holds_results(item):
                at = f"key:/metadata/{key}/{index}/results"
                yield Problem(at, f"results stand under {key!r}, where hubs do not look for them", value=key)
            elif key == "metrics" and _is_score(item):
                name = str(next(iter(item)))[:40]
                message = f"a value stands beside metric {name!r}, where hubs look for names"
                yield Problem(
                    f"/metadata/{key}/{index}", message, help=f"write '- {name}'; its value belongs under `model-index`.", value=name
                )


def _holds_results(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("results"), list)


def _is_score(item: Any) -> bool:
    """Whether an item is a metric with its value: ``- accuracy: 0.9``."""
    return isinstance(item, dict) and len(item) == 1 and type(next(iter(item.values()))) in (int, float)


def gates(card: Card) -> Iterator[Problem]:
    """MET008: the texts and fields of a gate."""
    yield from _problems(card, GATES)
    value = card.front_matter.metadata.get("extra_gated_fields")
    if value is None:
        return
    at = "/metadata/extra_gated_fields"
    if not isinstance(value, dict | list):
        yield Problem(at, '"extra_gated_fields" must be of type object', value=str(value)[:80])
        return
    for index, each in enumerate(value if isinstance(value, list) else (value,)):
        below = f"{at}/{index}" if isinstance(value, list) else at
        for name, field in each.items() if isinstance(each, dict) else ():
            kind = field.get("type") if isinstance(field, dict) else field
            if kind is not None and (not isinstance(kind, str) or kind not in GATE_TYPES):
                shown = str(kind)[:40]
                place = f"{below}/{escape(name)}" + ("/type" if isinstance(field, dict) else "")
                yield Problem(place, f"{shown!r} is no type of a gate's field", value=shown)


def emissions(card: Card) -> Iterator[Problem]:
    """MET009: emissions are a number of grams, alone or under ``emissions``."""
    value = card.front_matter.metadata.get("co2_eq_emissions")
    if value is None:
        return
    at = "/metadata/co2_eq_emissions"
    if not is_a(value, ("number", "object")):
        yield Problem(at, '"co2_eq_emissions" must be one of [number, object]', value=str(value)[:80])
    elif isinstance(value, dict):
        amount = value.get("emissions")
        if amount is None:
            yield Problem(at, '"co2_eq_emissions.emissions" is required', value="emissions")
        elif not is_a(amount, ("number",)) and not (isinstance(amount, str) and amount.replace("_", "").isdigit()):
            yield Problem(f"{at}/emissions", '"co2_eq_emissions.emissions" must be a number', value=str(amount)[:80])


def mappings(card: Card) -> Iterator[Problem]:
    """MET010: the descriptions of a dataset's configurations are mappings."""
    yield from _problems(card, MAPPINGS, most=1)
