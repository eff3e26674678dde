"""Tables of cards: Parquet, JSON Lines or CSV, one repository a row, here or wherever fsspec reads.

The columns are those of well-known dumps of hubs, or are named by the user. Rows are read in batches; a row that cannot be
understood is a repository whose result is a failure.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cardlint.model import KINDS, CardlintError, Kind
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUFFIXES = (".parquet", ".jsonl", ".ndjson", ".csv", ".jsonl.gz", ".ndjson.gz", ".csv.gz")
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "modelId", "model_id", "repo_id", "repoId", "datasetId", "dataset_id", "repo"),
    "card": ("card", "text", "readme", "README", "README.md", "content", "card_text"),
    "metadata": ("cardData", "card_data", "metadata"),
    "downloads": ("downloads",),
    "kind": ("kind", "repo_type", "repoType"),
    "revision": ("sha", "revision", "commit"),
    "files": ("siblings", "files"),
}
"""What is read of a row, and the columns that may hold it; the first one that the table has is taken."""
MAX_CELL = 64_000_000
"""Bytes of one card or one line."""
_BATCH = 256


class Tables:
    """The rows of tables, in their order; ``share`` tells how much of them was read.

    ``columns`` names columns by what they hold, instead of `COLUMNS`; ``kind`` is that of all rows that tell none.
    Raises CardlintError where a table cannot be read or has no column that is needed.
    """

    def __init__(self, places: Sequence[str], columns: Mapping[str, str] | None = None, kind: Kind | None = None) -> None:
        self.places = places
        self.columns = dict(columns or {})
        self.kind = kind
        self.share: float | None = 0.0

    def __iter__(self) -> Iterator[Entry]:
        for number, place in enumerate(self.places):
            table = _Table(place, self.columns, self.kind)
            for done, entry in table.entries():
                self.share = None if done is None else (number + done) / len(self.places)
                yield entry


class _Table:
    """One table."""

    def __init__(self, place: str, columns: Mapping[str, str], kind: Kind | None) -> None:
        self.place = place
        self.shown = place.rpartition("/")[2] or place
        self.given = columns
        self.kind = kind

    def entries(self) -> Iterator[tuple[float | None, Entry]]:
        """The entries, each with the share of the table that was read before it."""
        read = self._parquet if self.place.endswith(".parquet") else self._csv if ".csv" in self.shown else self._json_lines
        number = 0
        with _open(self.place) as (stream, size):
            for done, row in read(stream, size):
                number += 1
                yield done, self._entry(row, number) if isinstance(row, dict) else self._unreadable(number, *row)

    def _parquet(self, stream: IO[bytes], _: int | None) -> Iterator[tuple[float | None, dict[str, Any]]]:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise CardlintError("Parquet is read with pyarrow: pip install 'cardlint[audit]'") from None
        try:
            with pq.ParquetFile(stream, pre_buffer=False) as file:
                names = self._columns(file.schema_arrow.names)
                rows, done = max(1, file.metadata.num_rows), 0
                for batch in file.iter_batches(_BATCH, columns=sorted(set(names.values())), use_threads=False):
                    for row in batch.to_pylist():
                        yield done / rows, {what: row[name] for what, name in names.items()}
                        done += 1
        except (pa.ArrowException, OSError) as error:
            raise CardlintError(f"{self.place}: {error}") from None

    def _csv(self, stream: IO[bytes], size: int | None) -> Iterator[tuple[float | None, dict[str, Any]]]:
        csv.field_size_limit(MAX_CELL)
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
        rows = csv.reader(text)
        try:
            header = next(rows, [])
            names = self._columns(header)
            at = {what: header.index(name) for what, name in names.items()}
            for row in rows:
                done = stream.tell() / size if size and not self.place.endswith(".gz") else None
                yield done, {what: row[index] if index < len(row) else None for what, index in at.items()}
        except (csv.Error, OSError, EOFError, zlib.error) as error:
            raise CardlintError(f"{self.place}:{rows.line_num}: {error}") from None
        finally:
            text.detach()

    def _json_lines(self, stream: IO[bytes], size: int | None) -> Iterator[tuple[float | None, dict[str, Any] | tuple[str, bytes]]]:
        names: dict[str, str] | None = None
        read = 0
        while True:
            try:
                line = stream.readline(MAX_CELL)
            except (OSError, EOFError, zlib.error) as error:
                raise CardlintError(f"{self.place}: {error}") from None
            if not line:
                return
            done = read / size if size and not self.place.endswith(".gz") else None
            read += len(line)
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield done, (f"not JSON: {error}", line)
                continue
            if not isinstance(row, dict):
                yield done, ("no JSON object", line)
                continue
            names = names or self._columns(list(row))
            yield done, {what: row.get(name) for what, name in names.items()}

    def _columns(self, there: Sequence[str]) -> dict[str, str]:
        """What is read, and from which column. Raises CardlintError where there is neither a card nor metadata."""
        for what, name in self.given.items():
            if name not in there:
                from difflib import get_close_matches

                near = get_close_matches(name, there, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(there[:20])}"
                raise CardlintError(f"{self.place}: no column {name!r} for {what}{hint}")
        names = {what: next((name for name in known if name in there), None) for what, known in COLUMNS.items()} | dict(self.given)
        if not names["card"] and not names["metadata"]:
            raise CardlintError(f"{self.place}: no column of cards; name it by --columns card=NAME (there are {', '.join(there[:20])})")
        return {what: name for what, name in names.items() if name}

    def _entry(self, row: dict[str, Any], number: int) -> Entry:
        who = row.get("id")
        who = who if isinstance(who, str) and 0 < len(who) <= 300 else None
        told = row.get("kind")
        kind: Kind | None = told if told in KINDS else self.kind
        shown = f"{self.shown}#{who or f'row-{number}'}"
        revision = row.get("revision")
        files = _files(row.get("files"))
        common: dict[str, Any] = {
            "id": who,
            "kind": kind,
            "kind_from": "manifest" if kind else "default",
            "revision": revision if isinstance(revision, str) and revision else None,
            "downloads": _count(row.get("downloads")),
            "files": files,
            "contents": Memory({}) if files is not None else None,
        }
        card = row.get("card")
        if isinstance(card, str | bytes):
            text = card if isinstance(card, bytes) else card.encode("utf-8", "surrogatepass")
            return Entry(shown, None, text=text[:MAX_CELL], **common)
        metadata = _mapping(row.get("metadata"))
        if metadata is not None:
            return Entry(shown, None, text=_front_matter(metadata), only_metadata=True, **common)
        return Entry(shown, None, **common)  # no card, or none that is told

    def _unreadable(self, number: int, why: str, data: bytes) -> Entry:
        stamp = blake2b(data, digest_size=16).hexdigest()
        return Entry(f"{self.shown}#row-{number}", None, opener=Unreadable(why), stamp=stamp)


def _count(value: Any) -> int | None:
    try:
        return max(0, min(int(value), 2**62))
    except (TypeError, ValueError, OverflowError):
        return None


def _mapping(value: Any) -> dict[str, Any] | None:
    """Metadata as an object, or as the JSON of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _front_matter(metadata: dict[str, Any]) -> bytes:
    """Metadata as front matter; what a column of a table adds as null was not there."""
    import yaml

    try:
        text = yaml.dump(_filled(metadata), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000)
    except (yaml.YAMLError, RecursionError):
        text = json.dumps(metadata)
    return f"---\n{text}---\n".encode("utf-8", "surrogatepass")


def _filled(value: Any) -> Any:
    """A value without nulls."""
    if isinstance(value, dict):
        return {str(key): _filled(item) for key, item in value.items() if item is not None}
    return [_filled(item) for item in value if item is not None] if isinstance(value, list) else value


def _files(value: Any) -> tuple[FileEntry, ...] | None:
    """The listing that a row tells: names, or objects with ``rfilename`` or ``path``."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, list):
        return None
    found = []
    for each in value:
        path = each if isinstance(each, str) else (each.get("rfilename") or each.get("path")) if isinstance(each, dict) else None
        if not isinstance(path, str):
            return None
        size = each.get("size") if isinstance(each, dict) else None
        found.append(FileEntry(path, size if isinstance(size, int) else None))
    return tuple(sorted(found, key=lambda file: file.path))


@contextmanager
def _open(place: str) -> Iterator[tuple[IO[bytes], int | None]]:
    """A table's bytes, unpacked, and how many there are where that is known. Raises CardlintError."""
    with ExitStack() as stack:
        try:
            if "://" in place:
                stream: Any = stack.enter_context(_fsspec(place))
                size = getattr(stream, "size", None)
            else:
                stream = stack.enter_context(Path(place).open("rb"))
                size = Path(place).stat().st_size
            if place.endswith(".gz"):
                stream = stack.enter_context(gzip.open(stream))
        except OSError as error:
            raise CardlintError(f"{place}: {error.strerror or error}") from None
        yield stream, size


def _fsspec(place: str) -> Any:
    try:
        import fsspec
    except ImportError:
        raise CardlintError(f"{place}: addresses are read with fsspec: pip install 'cardlint[remote]'") from None
    try:
        return fsspec.open(place, "rb")
    except (ImportError, ValueError) as error:  # a file system whose package is not installed, or that nobody knows
        raise CardlintError(f"{place}: {error}") from None


def matching(pattern: str) -> list[str]:
    """The tables that a path or an address with ``*`` names, in order; a folder's are those in it."""
    if "://" in pattern:
        return _matching_far(pattern)
    path = Path(pattern)
    if path.is_dir():
        return sorted(str(each) for each in path.iterdir() if each.name.endswith(SUFFIXES) and each.is_file())
    if any(mark in pattern for mark in "*?["):
        from glob import glob

        return sorted(glob(pattern))  # noqa: PTH207  # the pattern may be absolute
    return [pattern]


def _matching_far(pattern: str) -> list[str]:
    if pattern.endswith(SUFFIXES) and "*" not in pattern:
        return [pattern]
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(pattern)
        found = system.glob(path) if "*" in path else system.ls(path, detail=False)
        return sorted(system.unstrip_protocol(each) for each in found if each.endswith(SUFFIXES))
    except ImportError as error:
        raise CardlintError(f"{pattern}: {error} (addresses are read with fsspec: pip install 'cardlint[remote]')") from None
    except (OSError, ValueError) as error:
        raise CardlintError(f"{pattern}: {error}") from None
