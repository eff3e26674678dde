"""Data as script files, which a page may load from disk too: each calls ``cardlint.put(NAME, DATA)`` with plain JSON.

Rows with keys are cut into chunks of bounded size in the order of their keys; a directory tells the first key of each. Texts that come
again and again are written once a chunk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CHUNK = 400_000
"""Bytes after which a chunk of rows is full."""


class Texts:
    """Texts of a chunk by number."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The number of a text."""
        return self.known.setdefault(text, len(self.known))

    def listed(self) -> list[str]:
        """The texts in the order of their numbers."""
        return list(self.known)


class Data:
    """The ``data`` folder of a site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, value: Any) -> None:
        """Write one file. ``<`` is written as an escape, so that the file is harmless wherever it is pasted."""
        path = self.folder / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = orjson.dumps(value).replace(b"<", b"\\u003c")
        path.write_bytes(b"cardlint.put(" + orjson.dumps(name) + b"," + content + b");\n")

    def put_rows(self, name: str, rows: Iterable[tuple[str, Any]], texts: Texts | None = None) -> None:
        """Write rows of (key, value), which come in the order of their keys, as chunks with a directory.

        ``texts`` are those that the values refer to; each chunk gets its own, so the caller packs a value when it is asked for it.
        """
        first: list[str] = []
        for keys, values, used in _chunks(rows, texts):
            self.put(f"{name}/{len(first)}", {"keys": keys, "rows": values, "texts": used})
            first.append(keys[0])
        self.put(f"{name}/directory", first)


def _chunks(rows: Iterable[tuple[str, Any]], texts: Texts | None) -> Iterator[tuple[list[str], list[Any], list[str]]]:
    keys: list[str] = []
    values: list[Any] = []
    size = 0
    for key, value in rows:
        keys.append(key)
        values.append(value)
        size += len(orjson.dumps(value)) + len(key)
        if size >= CHUNK:
            yield keys, values, texts.listed() if texts else []
            keys, values, size = [], [], 0
            if texts:
                texts.known.clear()
    if keys:
        yield keys, values, texts.listed() if texts else []
