"""What the keys of the front matter mean and which values they take, from the vocabularies; for hover, completion and the schemas.

A path leads from the top of the front matter to a key, list positions left out: ``("model-index", "results", "task", "type")``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.card.scalars import UNCERTAIN_START, plain
from cardlint.tuples import NamedTuple
from cardlint.vocab import datasets, fields, languages, libraries, licenses, metrics, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cardlint.model import Kind

Path = tuple[str, ...]


class Choice(NamedTuple):
    """A value that a key takes, with a few words that tell it apart (``Apache License 2.0``)."""

    value: str
    detail: str = ""


def about(path: Path) -> str | None:
    """What a key means, None for one that is not described."""
    found: str | None = data.vocabulary("field_docs")["keys"].get("/".join(path))
    return found


@cache
def children(path: Path) -> tuple[str, ...]:
    """The keys that are described below a key; of the top-level ones there are `fields.of` a kind."""
    prefix = "/".join(path) + "/"
    known: Iterable[str] = data.vocabulary("field_docs")["keys"]
    return tuple(key.removeprefix(prefix) for key in known if key.startswith(prefix) and "/" not in key.removeprefix(prefix))


def schema_of(path: Path, kind: Kind) -> dict[str, Any]:
    """The JSON Schema of a top-level key's value as the hub has it; empty for any other key."""
    field = fields.of(kind).get(path[0]) if len(path) == 1 else None
    return field.schema if field else {}


def types_of(schema: dict[str, Any]) -> str:
    """A schema's types in words: ``string or list of strings``."""
    listed = schema.get("type", [])
    items = schema.get("items", {}).get("type")
    words = {"object": "mapping", "array": f"list of {_plural(items)}" if isinstance(items, str) else "list"}
    return " or ".join(words.get(each, each) for each in ([listed] if isinstance(listed, str) else listed))


def choices(path: Path, kind: Kind) -> tuple[Choice, ...]:
    """The values that a key takes, where there is a list of them; what the hub shows first stands first."""
    source = _SOURCES.get(path)
    if path == ("metrics",) and kind == "dataset":
        return ()
    if source is not None:
        return source()
    if len(path) == 1 and path[0] in datasets.FIELDS and kind == "dataset":
        return _dataset_values(path[0])
    schema = schema_of(path, kind)
    listed = schema.get("enum") or schema.get("items", {}).get("enum") or data.vocabulary("field_docs")["values"].get("/".join(path))
    if listed:
        return tuple(Choice(value) for value in listed)
    if schema.get("type") in ("boolean", ["boolean", "object"]):
        return Choice("true"), Choice("false")
    return ()


def says(path: Path, value: str, kind: Kind) -> str | None:
    """What a value means, in Markdown; None for one that has no meaning here."""
    if path in _TOLD:
        return _TOLD[path](value)
    if path == ("task_categories",):
        return _task(value)
    if path == ("task_ids",) and datasets.known("task_ids", value):
        return f"**{value}**, a subtask of {', '.join(tasks.category_of(value)) or 'no task'}"
    if path == ("size_categories",) and (bounds := datasets.bounds(value)):
        return f"**{value}**: {bounds.least:,} examples or more" + (f", fewer than {bounds.below:,}" if bounds.below else "")
    if path in (("metrics",), ("model-index", "results", "metrics", "type")):
        return _metric(value)
    if any(value == choice.value for choice in choices(path, kind)):
        return f"**{value}**"
    return None


def written(value: str) -> str:
    """A value as it stands in YAML: quoted where a reader may take it for something else than text (``no``)."""
    if value in ("true", "false") or not value:
        return value
    odd = value[0] in UNCERTAIN_START and plain(value) != (value, None)
    return f'"{value}"' if odd else value


@cache
def _licenses() -> tuple[Choice, ...]:
    return tuple(Choice(each, _license_words(each)) for each in sorted(licenses.ids()))


def _license_words(identifier: str) -> str:
    found = licenses.get(identifier)
    if found is None:
        return ""
    words = data.vocabulary("field_docs")["license_flags"]
    flags = ", ".join(words[flag] for flag in licenses.FLAGS if flag in found.flags)
    return f"{found.name} ({flags})" if flags else found.name


@cache
def _tasks() -> tuple[Choice, ...]:
    found = sorted((task for tag in tasks.ids() if (task := tasks.get(tag))), key=lambda task: task.id)
    return tuple(Choice(task.id, f"{task.name}, {_modality(task)}") for task in found)


def _modality(task: tasks.Task) -> str:
    name: str = data.vocabulary("pipeline_tags")["modalities"].get(task.modality, task.modality)
    return name


@cache
def _libraries() -> tuple[Choice, ...]:
    return tuple(Choice(each, found.name if (found := libraries.get(each)) else "") for each in sorted(libraries.ids()))


@cache
def _languages() -> tuple[Choice, ...]:
    codes = sorted(languages.ids(), key=lambda code: (len(code) != 2, code))
    return tuple(Choice(code, languages.name(code) or "") for code in codes)


@cache
def _metrics() -> tuple[Choice, ...]:
    return tuple(Choice(each) for each in sorted(metrics.ids()))


@cache
def _dataset_values(field: str) -> tuple[Choice, ...]:
    if field == "task_categories":
        return _tasks()
    if field == "task_ids":
        return tuple(Choice(each, ", ".join(tasks.category_of(each))) for each in datasets.values(field))
    return tuple(Choice(each) for each in datasets.values(field))


def _license(value: str) -> str | None:
    found = licenses.get(value)
    if found is None:
        return None
    words = data.vocabulary("field_docs")["license_flags"]
    lines = [f"**{found.id}**: {found.name}"]
    lines += [f"- {words[flag]}" for flag in licenses.FLAGS if flag in found.flags]
    lines += ["- a family of licences; name the version where there is an id for it"] if found.family else []
    lines += [f"- SPDX: `{found.spdx}`"] if found.spdx else []
    terms = licenses.terms(value)
    if terms:
        lines += [f"- asks for: {', '.join((*terms.duties, *terms.files))}"] if terms.duties or terms.files else []
        lines += [f"- must stand in the card: “{sentence}”" for sentence in terms.sentences]
    return "\n".join(lines)


def _task(value: str) -> str | None:
    found = tasks.get(value)
    if found is None:
        successors = tasks.retired(value)
        return f"**{value}** was retired; use {' or '.join(successors)}" if successors else None
    text = f"**{found.name}** ({_modality(found)})"
    return text + (f"\n\nServed with {', '.join(found.libraries)}" if found.libraries else "")


def _library(value: str) -> str | None:
    found = libraries.get(value)
    if found is None:
        return f"**{value}** is a framework or format; the hub registers no library of this name" if libraries.framework(value) else None
    return f"**{found.name}**" + (f"\n\nServes {', '.join(found.tasks)}" if found.tasks else "")


def _language(value: str) -> str | None:
    name = languages.name(value)
    if name is None:
        return f"**{value}**" if languages.known(value) else None
    notes = ""
    if languages.known(value) and (meant := languages.suspicious(value)):
        notes = f"\n\nPerhaps {', '.join(f'`{code}` ({languages.name(code)})' for code in meant)} was meant."
    elif not languages.known(value):
        notes = "\n\nA group of languages; the hub does not take it." if languages.collective(value) else ""
    elif short := languages.short(value):
        notes = f"\n\nThe two-letter code is `{short}`."
    return f"**{name}**{notes}"


def _metric(value: str) -> str | None:
    found = metrics.get(value)
    if found is None:
        return None
    better = f", {found.better} is better" if found.better else ""
    return f"**{value}**{better}"


def _plural(word: str) -> str:
    return {"object": "mappings"}.get(word, f"{word}s")


_TASK_TYPE: Path = ("model-index", "results", "task", "type")
_SOURCES: dict[Path, Callable[[], tuple[Choice, ...]]] = {
    ("license",): _licenses,
    ("pipeline_tag",): _tasks,
    _TASK_TYPE: _tasks,
    ("library_name",): _libraries,
    ("language",): _languages,
    ("metrics",): _metrics,
    ("model-index", "results", "metrics", "type"): _metrics,
}
_TOLD: dict[Path, Callable[[str], str | None]] = {
    ("license",): _license,
    ("pipeline_tag",): _task,
    _TASK_TYPE: _task,
    ("library_name",): _library,
    ("language",): _language,
}
