"""A small mirror with planted contradictions: clean repositories (`bases/`), and cases (`cases/`) that change one thing.

A base is ``{id, kind, card, files}``; files are as in the examples of rule files (text, ``json``, ``safetensors``, ``gguf``,
``pointer``, ``base64``). A case is::

    name: adapter-without-weights     # one a line of the test report
    base: adapter
    id: acme/bird-7b                  # another id, where the name matters
    code: ART004                      # the one rule of scope repo that finds it
    replace: {old: new}               # in the card; each old text must be there
    append: text                      # after the card
    json: {config.json: {key: value}} # merged into a JSON file of the base; null takes a key away
    files: {path: sample}             # added, or put in place of another
    remove: [path]                    # a file, or a folder with all in it
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from cardlint.repo import samples

HERE = Path(__file__).parent
_FOLDERS = {"model": "", "dataset": "datasets", "space": "spaces"}


class Case(NamedTuple):
    """A planted contradiction; ``change`` holds what the case says beside its name, base and code."""

    name: str
    base: str
    code: str
    change: dict[str, Any]


def bases() -> dict[str, dict[str, Any]]:
    """The clean repositories by name."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((HERE / "bases").glob("*.yaml"))}


def cases() -> list[Case]:
    """Every case, by file and order."""
    found = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            change = {key: value for key, value in case.items() if key not in ("name", "base", "code")}
            found.append(Case(case["name"], case["base"], case["code"], change))
    return found


def build(base: dict[str, Any], change: dict[str, Any], root: Path) -> Path:
    """Write a base with a change into a mirror below ``root``; returns the repository's folder."""
    files = copy.deepcopy(base["files"])
    card = base["card"]
    for old, new in change.get("replace", {}).items():
        assert old in card, f"{old!r} is not in the card"
        card = card.replace(old, new)
    card += change.get("append", "")
    for path, merged in change.get("json", {}).items():
        files[path]["json"] = _merged(files[path]["json"], merged)
    for path in change.get("remove", []):
        gone = [name for name in files if name == path or name.startswith(f"{path}/")]
        assert gone, f"{path} is not in the base"
        for name in gone:
            del files[name]
    files |= change.get("files", {})
    folder = root / _FOLDERS[base.get("kind", "model")] / change.get("id", base["id"])
    for path, sample in {**files, "README.md": card}.items():
        content = samples.content(sample)
        assert content is not None, f"{path} has no content"
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def _merged(value: Any, change: Any) -> Any:
    """A JSON merge patch."""
    if not isinstance(change, dict) or not isinstance(value, dict):
        return change
    merged = {**value, **{key: _merged(value.get(key), item) for key, item in change.items()}}
    return {key: item for key, item in merged.items() if not (key in change and change[key] is None)}
