"""The store of an audit: Parquet parts by table, JSON Lines, and the run's manifest. One run at a time writes into it."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cardlint.audit.additions import with_additions
from cardlint.audit.part import CARDS, TABLES, replace
from cardlint.audit.segments import SEGMENTS
from cardlint.model import CardlintError
from cardlint.sources.layout import SITE_MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import TextIO


REDUCED = "hub"
"""What the reduce phase's part and folder are called, beside those of the shards."""
FEW = 10_000
"""Repositories up to which the process that leads asks the database itself: a process of its own takes half a second to start."""


class Store:
    """The folder of an audit's results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / ".notes"

    def prepare(self) -> None:
        """Make the folders. Raises OSError where that is not possible."""
        for name in (*TABLES, CARDS, SEGMENTS, self.notes.name):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take the store for one run; what an earlier run left half done is removed.

        Raises OSError where it cannot be written, CardlintError where another run writes into it or it holds what no audit wrote.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._ours()
        with (self.folder / ".lock").open("w") as lock:
            if not _locked(lock):
                raise CardlintError(f"{self.folder}: another audit is writing there")
            self.prepare()
            self._sweep()
            try:
                yield
            finally:
                self._sweep()

    def _ours(self) -> None:
        """Raise CardlintError where somebody else's files lie in the folder: names of ours may be theirs, and are swept."""
        names = {path.name for path in self.folder.iterdir()}
        folders = {*TABLES, CARDS, SEGMENTS, REDUCED}
        whole = names.issuperset((CARDS, "findings", SEGMENTS)) and not names.isdisjoint((".lock", "run.json"))
        begun = ".lock" in names and all(name.startswith(".") or name in folders for name in names)
        if SITE_MARK in names or not (whole or begun or all(name.startswith(".") for name in names)):
            raise CardlintError(f"{self.folder}: is there and holds no audit of cardlint; name a new folder")

    def _sweep(self) -> None:
        """Remove notes, and what processes that were killed left half written."""
        for name in (*TABLES, CARDS, SEGMENTS, REDUCED, self.notes.name):
            folder = self.folder / name
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.name.startswith(".") and path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name.startswith(".") or name == self.notes.name:
                    path.unlink(missing_ok=True)
        for name in ("report.jsonl", "run.json"):
            for path in self.folder.glob(f".{name}.*"):
                path.unlink(missing_ok=True)

    def has(self, key: str) -> bool:
        """Whether the part of a shard is there; its lines are written last."""
        return (self.folder / CARDS / f"{key}.jsonl").is_file()

    def small(self, keys: Iterable[str]) -> bool:
        """Whether some parts hold few repositories."""
        import pyarrow.parquet as pq

        rows = 0
        for key in keys:
            rows += pq.read_metadata(self.folder / "repos" / f"{key}.parquet").num_rows
            if rows > FEW:
                return False
        return True

    def parts(self) -> list[str]:
        """The names of all parts and segments, those of earlier runs too."""
        return sorted(path.stem for path in (self.folder / CARDS).glob("*.jsonl") if not path.name.startswith("."))

    def keep_only(self, keys: Sequence[str]) -> None:
        """Remove the results of repositories that are gone or have changed."""
        wanted = {*keys, REDUCED}
        for name in (SEGMENTS, CARDS, *TABLES):  # listings, then lines first: what is without them does not count
            for path in (self.folder / name).iterdir():
                if path.name.split(".")[0] not in wanted:
                    path.unlink()

    def finish(self, keys: Sequence[str], run: dict[str, Any], summary: dict[str, Any]) -> None:
        """Write ``report.jsonl``, all parts in order between the run and its summary, and ``run.json``."""

        def write(path: Path) -> None:
            with path.open("wb") as out:
                out.write(json.dumps({"type": "run", **run}, ensure_ascii=False).encode() + b"\n")
                out.writelines(with_additions(self._lines(keys), self.folder / REDUCED / "cards.jsonl"))
                out.write(json.dumps({"type": "summary", "summary": summary}, ensure_ascii=False).encode() + b"\n")

        manifest = {**run, "parts": list(keys), "summary": summary}
        if self.manifest() != manifest:
            replace(self.folder / "report.jsonl", write)
            text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
            replace(self.folder / "run.json", lambda path: path.write_text(text, encoding="utf-8"))

    def _lines(self, keys: Sequence[str]) -> Iterator[bytes]:
        for key in keys:
            with (self.folder / CARDS / f"{key}.jsonl").open("rb") as lines:
                yield from lines

    def manifest(self) -> dict[str, Any] | None:
        """The manifest of the run that was finished last."""
        return _read_manifest(self.folder)


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of the audit that a folder holds; None where there is no finished one."""
    try:
        loaded = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) and "parts" in loaded else None


def require_audit(folder: Path) -> dict[str, Any]:
    """The manifest of an audit's folder. Raises CardlintError where there is no finished audit."""
    manifest = _read_manifest(folder)
    if manifest is None:
        raise CardlintError(f"{folder}: no finished audit is here; 'cardlint audit MIRROR --out {folder}' makes one")
    return manifest


def _locked(file: TextIO) -> bool:
    """Take a lock that ends with this process alone: workers do not hold it, and no file stays behind that would block."""
    try:
        import fcntl
    except ImportError:  # not on this system: two runs at once write the same bytes
        return True
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
