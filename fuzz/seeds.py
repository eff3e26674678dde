"""Where fuzzing starts: the cards and files that the rules' own examples hold, in the shape that each target takes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from cardlint.engine.loader import shipped_files
from cardlint.repo import samples
from fuzz.targets import CONFIG_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 6_000
"""Bytes of a seed at most; longer ones slow the search down."""


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """The seeds of a target, each once, in one order."""
    found = {seed: None for text, data in _rules() for seed in _of_rule(target, text, data)}
    return tuple(seed for seed in found if len(seed) <= LONGEST)


@cache
def _rules() -> tuple[tuple[str, dict[str, Any]], ...]:
    """The shipped rule files, each as text and data."""
    texts = [each.read_text(encoding="utf-8") for each in shipped_files()]
    return tuple((text, yaml.load(text, Loader=yaml.CSafeLoader)) for text in texts)


def _of_rule(target: str, text: str, data: dict[str, Any]) -> Iterator[bytes]:
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
