"""The store of an audit: Parquet parts by table, JSON Lines, and the run's manifest. A part is written whole or not at all."""

from __future__ import annotations

import json
import os
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.rows import Row, control_rows, edge_rows, fact_rows, finding_rows
from cardlint.report.writer import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_SECTION = pa.struct([("name", pa.string()), ("status", pa.string()), ("documented", pa.string())])
_TEXTS = pa.list_(pa.string())
REPOS = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "owner", "kind", "revision", "sha256")),
        ("has_card", pa.bool_()),
        *((name, pa.string()) for name in ("front_matter", "language", "generator")),
        ("bytes", pa.int64()),
        *((name, pa.string()) for name in ("pipeline_tag", "library")),
        *((name, _TEXTS) for name in ("licenses", "languages", "datasets", "base_models")),
        ("sections", pa.list_(_SECTION)),
        *((name, pa.int32()) for name in ("errors", "warnings", "notes", "not_checked", "waived", "suppressed", "unhonoured")),
        ("failure", pa.string()),
    ]
)
FINDINGS = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "kind", "code", "name", "severity", "confidence")),
        *((name, pa.string()) for name in ("message", "help", "at", "fingerprint")),
        *((name, pa.int32()) for name in ("line", "column")),
    ]
)
EDGES = pa.schema([(name, pa.string()) for name in ("source", "relation", "target")])
FACTS = pa.schema([*((name, pa.string()) for name in ("input", "id", "kind", "document")), ("cut", _TEXTS)])
CONTROLS = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "kind", "owner", "standard", "control", "state", "reason")),
        ("evidence", _TEXTS),
    ]
)


class Table(NamedTuple):
    """A table of the store: its schema, and its rows of one repository's results."""

    schema: pa.Schema
    rows: Callable[[Row], list[dict[str, Any]]]


TABLES = {
    "repos": Table(REPOS, lambda row: [row.repo]),
    "findings": Table(FINDINGS, finding_rows),
    "edges": Table(EDGES, edge_rows),
    "facts": Table(FACTS, fact_rows),
    "controls": Table(CONTROLS, control_rows),
}


class Store:
    """The folder of an audit's results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folders. Raises OSError where that is not possible."""
        for name in (*TABLES, "cards"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def has(self, key: str) -> bool:
        """Whether a part is there; its JSON Lines are written last."""
        return (self.folder / "cards" / f"{key}.jsonl").is_file()

    def write(self, key: str, rows: Sequence[Row]) -> None:
        """Write a part: each table, then the JSON Lines that make it count."""
        for name, kept in TABLES.items():
            table = pa.Table.from_pylist([each for row in rows for each in kept.rows(row)], schema=kept.schema)
            _replace(self.folder / name / f"{key}.parquet", partial(pq.write_table, table, compression="zstd"))
        lines = "".join(encode({"type": "card", **row.record}) + "\n" for row in rows)
        _replace(self.folder / "cards" / f"{key}.jsonl", lambda path: path.write_text(lines, encoding="utf-8"))

    def keep_only(self, keys: Sequence[str]) -> None:
        """Remove the parts of repositories that are gone or have changed."""
        wanted = set(keys)
        for name in (*TABLES, "cards"):
            for path in (self.folder / name).iterdir():
                if path.name.split(".")[0] not in wanted:
                    path.unlink()

    def finish(self, keys: Sequence[str], run: dict[str, Any], summary: dict[str, Any]) -> None:
        """Write ``report.jsonl``, all parts in order between the run and its summary, and ``run.json``."""

        def write(path: Path) -> None:
            with path.open("wb") as out:
                out.write(json.dumps({"type": "run", **run}, ensure_ascii=False).encode() + b"\n")
                for key in keys:
                    out.write((self.folder / "cards" / f"{key}.jsonl").read_bytes())
                out.write(json.dumps({"type": "summary", "summary": summary}, ensure_ascii=False).encode() + b"\n")

        manifest = {**run, "parts": list(keys), "summary": summary}
        if self.manifest() != manifest:
            _replace(self.folder / "report.jsonl", write)
            text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
            _replace(self.folder / "run.json", lambda path: path.write_text(text, encoding="utf-8"))

    def manifest(self) -> dict[str, Any] | None:
        """The manifest of the run that was finished last."""
        try:
            loaded: dict[str, Any] = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return loaded


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside, then rename: whoever reads sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    write(beside)
    beside.replace(path)
