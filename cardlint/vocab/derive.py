"""From the collected facts of a hub to the content of the vocabulary files.

One function a vocabulary, which returns the derived keys; the keys that ``_meta.curated`` names are kept by hand in the
file itself and carried over by `cardlint.vocab.refresh`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Content = dict[str, Any]


FACTS = frozenset(
    (
        "licenses",
        "license_compat_notes",
        "languages",
        "pipeline_tags",
        "libraries",
        "datasets",
        "metadata_fields",
        "transformers_architectures",
    )
)
"""Stems of the fact files that are read."""


class Source(NamedTuple):
    """What a vocabulary is derived from: the facts by file stem, and the vocabulary's file as it stands."""

    facts: Mapping[str, Any]
    now: Content


_RAIL = "openrail-family"
_GROUP = re.compile(r"languages|\(family\)|pidgins")
_JSON_TYPES = {"string", "number", "integer", "boolean", "object", "null"}


def licenses(source: Source) -> Content:
    """Ids with name, SPDX id, group and flags; ``extra_flags`` (curated) are added to the derived ones."""
    entries = source.facts["licenses"]["licenses"]
    extra = source.now.get("extra_flags", {})
    return {"ids": sorted(e["id"] for e in entries), "licenses": {e["id"]: _license(e, extra.get(e["id"], [])) for e in entries}}


def _license(entry: Mapping[str, Any], extra: list[str]) -> Content:
    flags = {flag for flag, holds in entry["flags"].items() if holds} | set(extra)
    if entry["group"] in {"rail", "community-terms"}:
        flags.add("use_restricted")
    if entry["group"] == "community-terms":
        flags.add("vendor")
    if "Copyleft" in entry.get("scancode_category", "") and "share_alike" not in flags:
        flags.add("copyleft")
    made: Content = {"name": entry["name"], "group": entry["group"]}
    made |= {"spdx": entry["spdx"]} if entry["spdx"] else {}
    made |= {"spdx_deprecated": True} if "deprecated" in entry["spdx_status"] else {}
    made |= {"family": True} if entry["is_family"] else {}
    made |= {"flags": sorted(flags)} if flags else {}
    return made


def license_terms(source: Source) -> Content:
    """What a card or repository must carry under a licence; the RAIL family's duties stand under each of its ids."""
    rail = [e["id"] for e in source.facts["licenses"]["licenses"] if e["group"] == "rail"]
    notices = source.now.get("notices", {})
    terms = {}
    for name, duties in source.facts["license_compat_notes"]["obligations"].items():
        for identifier in rail if name == _RAIL else [name]:
            terms[identifier] = _terms(duties, notices.get(identifier))
    return {"ids": sorted(terms), "terms": terms}


def _terms(duties: Mapping[str, Any], notice: str | None) -> Content:
    sentences = [text for text in duties["card_text"] if text.startswith("Built with")]
    made: Content = {
        "sentences": sentences,
        "duties": [text for text in duties["card_text"] if text not in sentences],
        "files": [file.split(":")[0] for file in duties["files"]],
        "notice": notice,
        "name_prefix": duties["name_prefix"],
    }
    others = {key: value for key, value in duties.items() if key not in {"files", "card_text", "name_prefix"}}
    return {key: value for key, value in (made | others).items() if value not in (None, [])}


def languages(source: Source) -> Content:
    """Codes that the hub takes, the short code for each long one, and collective codes it no longer takes."""
    read = source.facts["languages"]
    valid = {*read["iso_639_1"], *read["iso_639_3"], *read["special_values"]}
    gone = {code: name for code, name in read["legacy_datasets_resource_only"].items() if code not in valid and len(code) == 3}
    collective = {code for code, name in gone.items() if _GROUP.search(name)} | set(read["no_longer_covered_iso_639_2_collective"])
    short = {long: code for code, long in read["iso_639_1_to_3"].items()}
    older = {code: short.get(long, long) for code, long in read["iso_639_2_bibliographic_to_3"].items()}
    return {
        "ids": sorted(valid),
        "special": read["special_values"],
        "short": short,
        "bibliographic": older,
        "collective": sorted(collective),
        "withdrawn": sorted(gone.keys() - collective),
    }


def language_names(source: Source) -> Content:
    """Code to English name; the companion of ``languages`` for messages and near misses."""
    read = source.facts["languages"]
    return {"names": read["legacy_datasets_resource_only"] | read["iso_639_3"] | read["iso_639_1"]}


def pipeline_tags(source: Source) -> Content:
    """Tasks in the hub's order (most specific first), with modality, widget input, subtasks and libraries."""
    read = source.facts["pipeline_tags"]
    tasks = {}
    for order, tag in enumerate(read["pipeline_tags"]):
        hidden = [kind for kind in ("models", "datasets") if tag[f"hide_in_{kind}"]]
        made = {
            "name": tag["name"],
            "modality": tag["modality"],
            "order": order,
            "widget": tag["widget_input"],
            "subtasks": [subtask["type"] for subtask in tag["subtasks"]],
            "libraries": tag["libraries"],
            "hidden": hidden,
        }
        tasks[tag["id"]] = {key: value for key, value in made.items() if value not in (None, [])}
    return {"ids": sorted(tasks), "tasks": tasks, "modalities": read["modalities"]}


def libraries(source: Source) -> Content:
    """Model libraries with display name and tasks."""
    read = source.facts["libraries"]
    tasks = source.facts["pipeline_tags"]["library_task_mapping"]
    models = {
        lib["id"]: {"name": lib["name"]} | ({"tasks": tasks[lib["id"]]} if lib["id"] in tasks else {}) for lib in read["model_libraries"]
    }
    return {
        "ids": sorted(models),
        "libraries": models,
    }


def dataset_fields(source: Source) -> Content:
    """The closed lists of dataset cards: sizes with bounds, creators, multilinguality, task ids by category."""
    read = source.facts["datasets"]
    closed = {name: read[name] for name in ("size_categories", "annotations_creators", "language_creators", "multilinguality")}
    closed["task_categories"] = read["task_categories"] + read["task_categories_hidden_in_filters"]
    closed["task_ids"] = sorted({task for tasks in read["task_ids"].values() for task in tasks})
    return {
        "ids": sorted([*closed, "source_datasets"]),
        "values": closed,
        "size_bounds": read["size_category_bounds_examples"],
        "legacy": {"size_categories": read["size_categories_legacy_extra"]},
        "source_datasets": read["source_datasets_special"],
    }


def fields(source: Source) -> Content:
    """The metadata keys of each repository kind, each with a JSON Schema fragment and what is deprecated about it."""
    read = source.facts["metadata_fields"]
    kinds = {kind: {key: _field(entry) for key, entry in read[kind].items()} for kind in ("model", "dataset", "space")}
    kinds["model"].pop("model_name", None)  # an argument of a client's constructor, no key of the card
    return {"ids": sorted({key for keys in kinds.values() for key in keys})} | kinds


def _field(entry: Mapping[str, Any]) -> Content:
    types = [name.split(" ")[0] for name in entry["types"]]
    plain = [name for name in types if name in _JSON_TYPES]
    lists = [name for name in types if name.startswith("array")]
    schema: Content = {}
    if types:
        names = plain + (["array"] if lists else [])
        schema["type"] = names[0] if len(names) == 1 else names
    items = sorted({name[6:-1] for name in lists if name.startswith("array[")})
    if items and all(name.startswith("array[") for name in lists):
        schema["items"] = {"type": items[0] if len(items) == 1 else items}
    if isinstance(entry.get("enum"), list):
        closed = entry["enum"] + entry.get("deprecated_values", [])
        schema = schema | ({"items": {"enum": closed}} if "array" in schema["type"] else {"enum": closed})
    if "max" in entry:
        schema["maximum"] = entry["max"]
    made: Content = {"schema": schema} if schema else {}
    for key in ("deprecated", "removed", "when", "note"):
        if key in entry:
            made[key] = entry[key]
    return made


def architectures(source: Source) -> Content:
    """Architecture class to ``[tasks, model types]``, the primary task first; suffixes for classes that are not listed."""
    read = source.facts["transformers_architectures"]
    classes = {}
    for name, entry in read["classes"].items():
        primary = entry["primary"]
        rest = [tag for tag in entry["tags"] if tag != primary]
        classes[name] = [[primary, *rest] if primary else rest, entry["model_types"]]
    suffixes = {}
    for name, entry in read["suffixes"].items():
        for suffix in name.split("/"):
            if " " not in name:  # the row for bare models is prose
                suffixes[suffix] = entry["tags"] + entry.get("also_valid", [])
    compatible = {tag: tags for tag, tags in read["compatible_card_tags"].items() if tag != "_note"}
    return {
        "ids": sorted(classes),
        "classes": classes,
        "suffixes": suffixes,
        "compatible": compatible,
        "model_types": sorted({kind for _, kinds in classes.values() for kind in kinds}),
    }


def metrics(source: Source) -> Content:
    """Wholly curated; only the ids follow from its entries."""
    return {"ids": sorted(source.now["metrics"])}


DERIVED: dict[str, Callable[[Source], Content]] = {
    function.__name__: function
    for function in (
        licenses,
        license_terms,
        languages,
        language_names,
        pipeline_tags,
        libraries,
        dataset_fields,
        fields,
        architectures,
        metrics,
    )
}
"""Vocabulary name to the function that derives it."""
