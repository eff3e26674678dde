"""How a vocabulary file is written: one canonical text, sealed with the SHA-256 of its content."""

from __future__ import annotations

import json
from hashlib import sha256
from textwrap import wrap
from typing import Any

WIDTH = 120


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content without ``_meta``, as JSON with sorted keys, no blanks, UTF-8."""
    bare = {key: value for key, value in content.items() if key != "_meta"}
    return sha256(json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """The same content with the right ``sha256`` in its ``_meta``."""
    return {**content, "_meta": {**content["_meta"], "sha256": digest(content)}}


def text(content: dict[str, Any]) -> str:
    """The file's text: ``_meta`` and ``ids`` first, then by key; an entry a line, lists of words filled to `WIDTH`."""
    first = [key for key in ("_meta", "ids") if key in content]
    keys = first + sorted(content.keys() - set(first))
    return "{\n" + ",\n".join(f'"{key}": {_block(content[key])}' for key in keys) + "\n}\n"


def _block(value: Any) -> str:
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"  {_inline(key)}: {_inline(value[key])}" for key in sorted(value)) + "\n}"
    if isinstance(value, list) and value:
        if all(isinstance(item, str) and " " not in item for item in value):
            return "[\n" + _filled(value) + "\n]"
        return "[\n" + ",\n".join("  " + _inline(item) for item in value) + "\n]"
    return _inline(value)


def _filled(words: list[str]) -> str:
    line = ", ".join(_inline(word) for word in words)
    return "\n".join(wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def _inline(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
