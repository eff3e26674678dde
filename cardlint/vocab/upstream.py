"""Newer content from upstream releases: tasks and libraries from an npm package, SPDX ids from license-expression.

The package is the tarball of ``@huggingface/tasks`` (``npm pack @huggingface/tasks``). Its modules hold object literals
that are read as YAML flow mappings; nothing of it is executed.
"""

from __future__ import annotations

import json
import re
import tarfile
from typing import TYPE_CHECKING, Any

import yaml

from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Content = dict[str, Any]

_COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*.*?\*/)", re.MULTILINE | re.DOTALL)
_SNIPPET = re.compile(r"^\s*snippets:.*$", re.MULTILINE)
_TEMPLATE = re.compile(r"`[^`]*`")
_ROOT = "package/dist/esm/"


class Package(NamedTuple):
    """What a release of the npm package says."""

    version: str
    pipelines: dict[str, Any]
    modalities: dict[str, str]
    task_libraries: dict[str, list[str]]
    model_libraries: dict[str, Any]
    library_tasks: dict[str, list[str]]


def read_package(path: Path) -> Package:
    """Read a release from its tarball; `CardlintError` where it lacks an expected module."""
    try:
        with tarfile.open(path) as archive:
            return Package(
                json.loads(_member(archive, "package/package.json"))["version"],
                literal(_member(archive, _ROOT + "pipelines.js"), "PIPELINE_DATA"),
                literal(_member(archive, _ROOT + "pipelines.js"), "MODALITY_LABELS"),
                literal(_member(archive, _ROOT + "tasks/index.js"), "TASKS_MODEL_LIBRARIES"),
                literal(_member(archive, _ROOT + "model-libraries.js"), "MODEL_LIBRARIES_UI_ELEMENTS"),
                literal(_member(archive, _ROOT + "library-to-tasks.js"), "LIBRARY_TASK_MAPPING"),
            )
    except (OSError, KeyError, ValueError, tarfile.TarError, yaml.YAMLError) as error:
        msg = f"{path} is no release of @huggingface/tasks that can be read: {error}"
        raise CardlintError(msg) from error


def _member(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read().decode("utf-8")


def literal(module: str, name: str) -> dict[str, Any]:
    """The object literal that a module exports under a name; functions and templates in it are lost."""
    found = re.search(rf"^export const {name} = (\{{.*?^\}});", module, re.MULTILINE | re.DOTALL)
    if found is None:
        raise KeyError(name)
    plain = _TEMPLATE.sub('""', _SNIPPET.sub("", _COMMENT.sub("", found.group(1))))
    loaded: dict[str, Any] = yaml.safe_load(plain)
    return loaded


def pipeline_tags(now: Content, package: Package) -> Content:
    """The tasks of the package; what it does not tell (widget input) is kept."""
    tasks = {}
    for order, (tag, entry) in enumerate(package.pipelines.items()):
        made = {
            "name": entry["name"],
            "modality": entry["modality"],
            "order": order,
            "widget": now["tasks"].get(tag, {}).get("widget"),
            "subtasks": [subtask["type"] for subtask in entry.get("subtasks", ())],
            "libraries": package.task_libraries.get(tag, []),
            "hidden": [kind for kind in ("models", "datasets") if entry.get(f"hideIn{kind.title()}")],
        }
        tasks[tag] = {key: value for key, value in made.items() if value not in (None, [])}
    return {**now, "ids": sorted(tasks), "tasks": tasks, "modalities": package.modalities}


def libraries(now: Content, package: Package) -> Content:
    """The model and dataset libraries of the package."""
    tasks = package.library_tasks
    models = {
        name: {"name": entry["prettyLabel"]} | ({"tasks": tasks[name]} if name in tasks else {})
        for name, entry in package.model_libraries.items()
    }
    return {**now, "ids": sorted(models), "libraries": models}


def dataset_fields(now: Content, package: Package) -> Content:
    """Task categories and task ids of the package."""
    pipelines = package.pipelines
    shown = [tag for tag, entry in pipelines.items() if not entry.get("hideInDatasets")]
    values = {
        **now["values"],
        "task_categories": shown + [tag for tag in pipelines if tag not in shown],
        "task_ids": sorted({subtask["type"] for entry in pipelines.values() for subtask in entry.get("subtasks") or ()}),
    }
    return {**now, "values": values}


def licenses(now: Content) -> Content:
    """SPDX ids as the installed license-expression lists them."""
    from license_expression import get_license_index

    current: dict[str, str] = {}
    deprecated: dict[str, str] = {}
    for entry in get_license_index():
        key = entry["spdx_license_key"]
        if key and not key.startswith("LicenseRef-"):
            current[key.lower()] = key
        deprecated.update((old.lower(), old) for old in entry["other_spdx_license_keys"] if not old.startswith("LicenseRef-"))
    entries = {name: _with_spdx(name, entry, current, deprecated) for name, entry in now["licenses"].items()}
    return {**now, "licenses": entries}


def _with_spdx(name: str, entry: Content, current: Mapping[str, str], deprecated: Mapping[str, str]) -> Content:
    if entry.get("family") and "spdx" not in entry:  # SPDX once had a 'GPL', which the hub's family is not
        return entry
    bare = {key: value for key, value in entry.items() if key not in {"spdx", "spdx_deprecated"}}
    for key in (name, entry.get("spdx", name).lower()):
        if key in current:
            return bare | {"spdx": current[key]}
        if key in deprecated:
            return bare | {"spdx": deprecated[key], "spdx_deprecated": True}
    return bare
