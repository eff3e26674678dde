"""Front matter written: keys with texts and lists of texts, quoted only where a reader might take them for something else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardlint.scaffold.known import Value

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_./+<>-]|(?<=\S) (?=\S))*")
_TAKEN = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null"})


def lines_of(metadata: Mapping[str, Value]) -> list[str]:
    """The lines of a metadata block, without its fences."""
    lines = []
    for key, value in metadata.items():
        if isinstance(value, str):
            lines.append(f"{key}: {scalar(value)}")
        else:
            lines += [f"{key}:", *(f"- {scalar(item)}" for item in value)]
    return lines


def scalar(text: str) -> str:
    """A text as YAML that every reader takes for that text."""
    plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _TAKEN
    return text if plain else json.dumps(text, ensure_ascii=False)
