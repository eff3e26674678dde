"""Pickle-bearing files by a static scan of their opcodes (the optional package picklescan); nothing is unpickled."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

from cardlint.repo import signatures
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.repo.repo import Repo

MAX_PICKLE = 1_000_000
"""Bytes of a pickle that are scanned; the structure of a checkpoint's shard takes some 100 kB, the scanner 100 times as much."""
MAX_READ = 16_000_000
"""Bytes read of a file, its directory included."""
MAX_MEMBERS = 20
"""Pickles scanned in an archive."""
MAX_FILES = 50
"""Files scanned of one repository."""
MAX_NAMES = 50
_LEGACY_PICKLES = 5
"""A checkpoint of old PyTorch starts with so many: magic, protocol, system, object, keys; raw tensors follow."""
NOT_INSTALLED = "picklescan is not installed (pip install 'cardlint[scan]')"

Verdict = Literal["clean", "suspicious", "dangerous", "not-scanned"]


class PickleScan(NamedTuple):
    """What loading a file would import: ``dangerous`` where a name runs code, ``suspicious`` where it is merely unknown.

    ``names`` are those names as ``module.name``. ``clean`` is said only of files scanned to the end; ``reason`` tells
    why a file was not, and may stand beside a verdict of what was seen.
    """

    path: str
    verdict: Verdict
    names: tuple[str, ...]
    reason: str


def scan_pickles(repo: Repo) -> tuple[PickleScan, ...]:
    """The scans of all files in formats that hold pickles, in the order of their paths."""
    files = [name for name in sorted(repo.names) if _may_pickle(name)]
    if not files:
        return ()
    try:
        from picklescan import scanner
    except ImportError:
        return tuple(PickleScan(path, "not-scanned", (), NOT_INSTALLED) for path in files)
    import logging

    # It logs every finding; they are told here.
    logging.getLogger("picklescan").setLevel(logging.CRITICAL + 1)
    found = [_scan(repo, path, scanner) for path in files[:MAX_FILES]]
    return (*found, *(PickleScan(path, "not-scanned", (), f"only {MAX_FILES} files are scanned") for path in files[MAX_FILES:]))


def _may_pickle(name: str) -> bool:
    """Whether the name is that of a pickle, or a ``.bin``, which is a checkpoint more often than not."""
    form = signatures.format_of(name)
    return form is not None and (form.name == "bin" or signatures.may_pickle(form.name))


def _scan(repo: Repo, path: str, scanner: Any) -> PickleScan:
    head = repo.read_range(path, 0, signatures.HEAD)
    if head is None:
        return PickleScan(path, "not-scanned", (), "its content is not in this copy")
    kind = signatures.content(head)
    if kind in ("safetensors", "gguf", "ggml", "fasttext", "hdf5", "onnx", "empty"):
        return PickleScan(path, "clean", (), f"no pickle: {kind}")
    if kind in ("gzip", "7z", "tar", "numpy"):
        return PickleScan(path, "not-scanned", (), f"{kind} files are not scanned")
    try:
        results, whole = _archive(repo, path, scanner) if kind == "zip" else _stream(repo, path, scanner)
    except Exception as error:  # noqa: BLE001  # the scanner meets files made to break it
        return PickleScan(path, "not-scanned", (), f"the scan broke off: {type(error).__name__}")
    if not results:
        return PickleScan(path, "not-scanned", (), "it holds no pickle where one is expected")
    return _judged(path, results, whole)


def _judged(path: str, results: list[Any], whole: bool) -> PickleScan:
    worst: Verdict = "clean" if whole else "not-scanned"
    names: dict[str, None] = {}
    for each in (item for result in results for item in result.globals):
        safety = each.safety.value
        if safety == "innocuous":
            continue
        names[f"{each.module}.{each.name}"[:200]] = None
        if safety == "dangerous":
            worst = "dangerous"
        elif worst != "dangerous":
            worst = "suspicious"
    return PickleScan(path, worst, tuple(sorted(names))[:MAX_NAMES], "" if whole else "only its first part was scanned")


def _stream(repo: Repo, path: str, scanner: Any) -> tuple[list[Any], bool]:
    """A bare pickle, or the pickles that a checkpoint of old PyTorch begins with."""
    data = repo.read_range(path, 0, MAX_PICKLE) or b""
    size = repo.size(path)
    stream = io.BytesIO(data)
    if size is not None and size <= len(data) and not path.lower().endswith((".bin", ".pt", ".pth", ".ckpt")):
        result = scanner.scan_pickle_bytes(stream, path)
        return [result], not result.scan_err
    results = []
    for _ in range(_LEGACY_PICKLES):
        before = stream.tell()
        if not data.startswith(b"\x80", before):
            break
        results.append(scanner.scan_pickle_bytes(stream, path, multiple_pickles=False))
        if stream.tell() <= before:
            break
    done = stream.tell()
    complete = data[done - 1 : done] == b"." and (len(results) == _LEGACY_PICKLES or done == size)
    return results, complete


def _archive(repo: Repo, path: str, scanner: Any) -> tuple[list[Any], bool]:
    """The pickles in an archive, inflated no further than `MAX_PICKLE`."""
    import zipfile

    results = []
    whole = True
    with zipfile.ZipFile(_File(repo, path)) as archive:
        members = [info for info in archive.infolist() if _is_pickle(info.filename)]
        for info in members[:MAX_MEMBERS]:
            with archive.open(info) as stream:
                data = stream.read(MAX_PICKLE + 1)
            whole = whole and len(data) <= MAX_PICKLE
            results.append(scanner.scan_pickle_bytes(io.BytesIO(data[:MAX_PICKLE]), f"{path}:{info.filename}"))
    return results, whole and len(members) <= MAX_MEMBERS and not any(result.scan_err for result in results)


def _is_pickle(name: str) -> bool:
    return name.lower().endswith((".pkl", ".pickle", ".joblib", ".dat", ".p")) or name.endswith("/data.pkl")


class _File(io.RawIOBase):
    """A file of a repository as a stream that gives up after `MAX_READ` bytes."""

    def __init__(self, repo: Repo, path: str) -> None:
        self._repo, self._path, self._at, self._left = repo, path, 0, MAX_READ
        self._size = repo.size(path) or 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self._at if size < 0 else size
        wanted = max(0, min(wanted, self._size - self._at))
        if wanted > self._left:
            raise OSError("over the bound")
        data = self._repo.read_range(self._path, self._at, wanted) or b""
        self._at += len(data)
        self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        raise OSError("not read by lines")
