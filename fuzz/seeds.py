"""Where fuzzing starts: the cards and files that the rules' own examples hold, in the shape that each target takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from cardlint.engine.loader import shipped_files
from cardlint.repo import samples
from targets import CONFIG_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 6_000
"""Bytes of a seed at most; longer ones slow the search down."""


def seeds(target: str) -> list[bytes]:
    """The seeds of a target, each once, in one order."""
    found = {seed: None for rule_file in shipped_files() for seed in _of_rule(target, rule_file.read_text(encoding="utf-8"))}
    return [seed for seed in found if len(seed) <= LONGEST]


def _of_rule(target: str, text: str) -> Iterator[bytes]:
    data = yaml.load(text, Loader=yaml.CSafeLoader)  # noqa: S506  # the safe loader, in C; a rule file of our own
    if target == "rule_file":
        yield text.replace(data["code"], "ORG900").replace(f"name: {data['name']}", "name: any").encode()
        return
    for example in (*data["examples"]["bad"], *data["examples"]["good"]):
        if target in ("front_matter", "outline", "card", "judge"):
            if type(example.get("card")) is str:
                yield example["card"].encode("utf-8", "surrogatepass")
            continue
        for path, sample in (example.get("files") or {}).items():
            content = samples.content(sample)
            if content is None:
                continue
            if target == "config" and path in CONFIG_FILES:
                yield bytes([CONFIG_FILES.index(path)]) + content
            elif type(sample) is dict and target in sample:
                yield content
