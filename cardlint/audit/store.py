"""The store of an audit: Parquet parts by table, JSON Lines, and the run's manifest. A part is written whole or not at all."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.rows import Row, edge_rows, finding_rows, repo_row
from cardlint.report.records import Families, card_record
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
TABLES = ("repos", "findings", "edges")


class Store:
    """The folder of an audit's results."""

    def __init__(self, folder: Path, families: Families) -> None:
        self.folder = folder
        self.families = families

    def prepare(self) -> None:
        """Make the folders. Raises OSError where that is not possible."""
        for name in (*TABLES, "cards"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def has(self, key: str) -> bool:
        """Whether a part is there; its JSON Lines are written last."""
        return (self.folder / "cards" / f"{key}.jsonl").is_file()

    def write(self, key: str, rows: Sequence[Row]) -> None:
        """Write a part: each table, then the JSON Lines that make it count."""
        self._table("repos", key, REPOS, [repo_row(row) for row in rows])
        self._table("findings", key, FINDINGS, [each for row in rows for each in finding_rows(row)])
        self._table("edges", key, EDGES, [each for row in rows for each in edge_rows(row)])
        lines = "".join(encode({"type": "card", **card_record(row.outcome, self.families)}) + "\n" for row in rows)
        _replace(self.folder / "cards" / f"{key}.jsonl", lambda path: path.write_text(lines, encoding="utf-8"))

    def _table(self, name: str, key: str, schema: pa.Schema, rows: list[dict[str, Any]]) -> None:
        table = pa.Table.from_pylist(rows, schema=schema)
        _replace(self.folder / name / f"{key}.parquet", lambda path: pq.write_table(table, path, compression="zstd"))

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
