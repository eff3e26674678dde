"""What the reduce phase adds to the results: files that grow row by row and appear whole, and the report's lines with their additions."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.report.writer import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

_BATCH = 2_000
_SPAN = ("line", "column", "end_line", "end_column")


class RowFile:
    """A Parquet file that is written in row groups, beside its place until it is whole."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._schema = path, schema
        self._beside = path.with_name(f".{path.name}.{os.getpid()}")
        self._held: list[pa.Table] = []
        self._rows = 0

    def __enter__(self) -> Self:
        self._writer = pq.ParquetWriter(self._beside, self._schema, compression="zstd")
        return self

    def add(self, rows: pa.Table) -> None:
        """More rows."""
        self._held.append(rows)
        self._rows += rows.num_rows
        if self._rows >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.concat_tables(self._held))
        self._held.clear()
        self._rows = 0

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
        if kind is None:
            self._beside.replace(self._path)
        else:
            self._beside.unlink(missing_ok=True)


class LineFile:
    """A JSON Lines file, written likewise."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> Self:
        self._file = self._beside.open("w", encoding="utf-8")
        return self

    def add(self, lines: str) -> None:
        """More lines."""
        self._file.write(lines)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        if kind is None:
            self._beside.replace(self._path)
        else:
            self._beside.unlink(missing_ok=True)


def with_additions(cards: Iterable[bytes], additions: Path) -> Iterator[bytes]:
    """The report's lines of cards, each with what the reduce phase adds to it; both come in one order."""
    if not additions.is_file():
        yield from cards
        return
    with additions.open(encoding="utf-8") as file:
        coming = map(json.loads, file)
        added = next(coming, None)
        head = _head(added)
        for card in cards:
            if added is None or not card.startswith(head):
                yield card
                continue
            yield encode(_merged(json.loads(card), added)).encode() + b"\n"
            added = next(coming, None)
            head = _head(added)


def _head(added: dict[str, Any] | None) -> bytes:
    """How the line of a card begins, so that the others need not be read."""
    return encode({"type": "card", "input": added["input"]})[:-1].encode() + b"," if added else b""


def _merged(card: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    findings = [*card["findings"], *added["findings"]]
    findings.sort(key=lambda each: (*(each["span"][name] for name in _SPAN), each["code"], each["message"]))
    not_checked = dict(card["not_checked"])
    for reason, codes in added["not_checked"].items():
        not_checked[reason] = sorted({*not_checked.get(reason, ()), *codes})
    failure = "; ".join(each for each in (card["failure"], added["failure"]) if each) or None
    return {**card, "failure": failure, "findings": findings, "not_checked": not_checked}
