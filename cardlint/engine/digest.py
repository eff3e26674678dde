"""The digest of the running engine: its code, its data and the versions of its parsers. Part of every report and cache key."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pyromark

import cardlint

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOME = os.path.dirname(cardlint.__file__)  # noqa: PTH120  # this runs at every start, before pathlib is there
_KEPT = os.path.join(_HOME, "__pycache__", "engine.digest")  # noqa: PTH118
_NO_CODE = frozenset({"__pycache__", "rules", "schemas"})


def engine_digest() -> str:
    """``sha256:`` and the hash of every source and data file of the package and of the parsers' versions.

    Of an installed wheel its RECORD is hashed instead, which holds the hashes of the files: that is ten times as fast.
    Of a checkout the digest is kept beside the bytecode, and holds as long as that does: while no file has another size
    or time. Nothing is kept where Python is told to keep no bytecode.
    """
    versions = f"{cardlint.__version__} {_yaml_version()} {pyromark.__version__}"
    record = os.path.join(os.path.dirname(_HOME), f"cardlint-{cardlint.__version__}.dist-info", "RECORD")  # noqa: PTH118, PTH120
    if os.path.isfile(record):  # noqa: PTH113
        with open(record, encoding="utf-8") as stream:  # noqa: PTH123
            lines = [line for line in stream if line.startswith("cardlint/") and ".pyc," not in line]
        return _named(versions.encode() + "".join(sorted(lines)).encode())
    files = list(_files())
    state = _named("\n".join([versions, *[f"{file.path} {(was := file.stat()).st_size} {was.st_mtime_ns}" for file in files]]).encode())
    kept = _kept(state)
    if kept:
        return kept
    digest = _named(versions.encode() + b"".join(file.name.encode() + b"\0" + _content(file.path) for file in files))
    _keep(state, digest)
    return digest


def _named(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()[:32]}"


def _files() -> Iterator[os.DirEntry[str]]:
    """The source and data files of the checkout, folder by folder."""
    schemas = os.path.join(_HOME, "_data", "schemas")  # noqa: PTH118
    if not os.path.isdir(schemas):  # noqa: PTH112
        schemas = os.path.join(os.path.dirname(_HOME), "schemas")  # noqa: PTH118, PTH120
    pending = [_HOME, schemas]
    while pending:
        try:
            with os.scandir(pending.pop()) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:  # the package stands in a zip
            continue
        pending += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name not in _NO_CODE]
        yield from (entry for entry in entries if entry.name.endswith((".py", ".json")))


def _content(path: str) -> bytes:
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
        return stream.read()


def _kept(state: str) -> str | None:
    """The digest that was kept of files in this state."""
    try:
        was, digest = _content(_KEPT).decode().split()
    except (OSError, ValueError):
        return None
    return digest if was == state else None


def _keep(state: str, digest: str) -> None:
    if sys.dont_write_bytecode:
        return
    new = f"{_KEPT}.{os.getpid()}"
    try:
        with open(new, "w", encoding="utf-8") as stream:  # noqa: PTH123
            stream.write(f"{state} {digest}\n")
        os.replace(new, _KEPT)  # noqa: PTH105
    except OSError:  # the folder is not ours to write in
        return


def _yaml_version() -> str:
    """PyYAML's version, by the name of its metadata: importing it takes a tenth of the time in which cardlint starts."""
    spec = find_spec("yaml")
    if spec is not None and spec.origin:
        beside = os.path.dirname(os.path.dirname(spec.origin))  # noqa: PTH120
        for name in os.listdir(beside) if os.path.isdir(beside) else ():  # noqa: PTH112, PTH208
            if name.lower().startswith("pyyaml-") and name.endswith((".dist-info", ".egg-info")):
                return name.split("-")[1].removesuffix(".dist").removesuffix(".egg")
    import yaml

    version: str = yaml.__version__
    return version
