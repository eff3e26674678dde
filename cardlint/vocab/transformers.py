"""Newer architectures from a release of transformers: its wheel, of which nothing is imported or executed.

The names of classes and of model types stand in its automatic classes as literals
(``transformers/models/auto/modeling_auto.py`` and ``auto_mappings.py``), which are read as syntax trees.
"""

from __future__ import annotations

import ast
import re
import zipfile
from typing import TYPE_CHECKING, Any

from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Content = dict[str, Any]

_AUTO = "transformers/models/auto/"
_MODULES = ("auto_mappings.py", "configuration_auto.py")
"""Where the kinds of configurations stand: in the first since transformers 5, in the second before."""
_KINDS = "CONFIG_MAPPING_NAMES"
_NAME = re.compile(r"transformers-(\d+(?:\.\d+)*)")
_LARGEST = 10_000_000


class Release(NamedTuple):
    """What a release says: classes and model types by the name of the mapping, and every model type."""

    version: str
    mappings: dict[str, list[tuple[str, str]]]
    model_types: frozenset[str]


def read_wheel(path: Path) -> Release:
    """Read a release from its wheel; `CardlintError` where it is none or lacks an expected module."""
    named = _NAME.match(path.name)
    try:
        with zipfile.ZipFile(path) as wheel:
            mappings = dict(_literals(_member(wheel, "modeling_auto.py")))
            kinds = {kind for module in _MODULES for kind, _ in dict(_literals(_member(wheel, module))).get(_KINDS, ())}
    except (OSError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        msg = f"{path} is no wheel of transformers that can be read: {error}"
        raise CardlintError(msg) from error
    if named is None or not mappings or not kinds:
        msg = f"{path} is no wheel of transformers that can be read: it names no version, no classes or no model types"
        raise CardlintError(msg)
    return Release(named[1], mappings, frozenset(kinds))


def architectures(now: Content, release: Release) -> Content:
    """The classes and model types of a release beside those that are known, of which none is taken away.

    ``mappings`` of the vocabulary tells the tasks of the classes of a mapping; those of any other are left out.
    """
    tasks_of: dict[str, list[str]] = {}
    kinds_of: dict[str, set[str]] = {}
    for mapping, tasks in now["mappings"]:
        for kind, name in release.mappings.get(mapping, ()):
            tasks_of.setdefault(name, []).extend(tasks)
            kinds_of.setdefault(name, set()).add(kind)
    classes = {name: [list(dict.fromkeys(tasks_of[name])), sorted(kinds)] for name, kinds in kinds_of.items()}
    for name, (tasks, kinds) in now["classes"].items():
        classes[name] = [tasks, sorted({*kinds, *kinds_of.get(name, ())})]
    kinds = {kind for _, found in classes.values() for kind in found}
    return {
        **now,
        "ids": sorted(classes),
        "classes": classes,
        "model_types": sorted({*now["model_types"], *kinds, *release.model_types}),
    }


def _member(wheel: zipfile.ZipFile, name: str) -> str:
    info = wheel.getinfo(_AUTO + name)
    if info.file_size > _LARGEST:
        raise ValueError(name)
    return wheel.read(info).decode("utf-8")


def _literals(module: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each table of a module by its name, with its pairs; a key with several classes gives a pair for each."""
    for node in ast.parse(module).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
            table = node.value.args[0]
            rows = [row for row in getattr(table, "elts", ()) if isinstance(row, ast.Tuple)]  # not those of another table
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id.endswith("_NAMES"):
                    yield target.id, [pair for row in rows for pair in _pairs(row)]


def _pairs(row: ast.Tuple) -> Iterator[tuple[str, str]]:
    kind, names = ast.literal_eval(row)
    for name in (names,) if isinstance(names, str) else names:
        yield kind, name
