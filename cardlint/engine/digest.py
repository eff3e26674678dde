"""The digest of the running engine: its code, its data and the versions of its parsers. Part of every report and cache key."""

from __future__ import annotations

import os
from binascii import crc32
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pyromark

import cardlint
from cardlint import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOME = os.path.dirname(cardlint.__file__)  # noqa: PTH120  # this runs at every start, before pathlib is there
_NO_CODE = frozenset({"__pycache__", "rules", "schemas"})


def engine_digest() -> str:
    """``sha256:`` and the hash of every source and data file of the package and of the parsers' versions.

    Of an installed wheel its RECORD is hashed instead, which holds the hashes of the files: that is ten times as fast.
    Of a checkout the digest is kept in the user's cache folder, and holds as byte code does: while no file has another size or time.
    """
    versions = f"{cardlint.__version__} {_yaml_version()} {pyromark.__version__}"
    record = os.path.join(os.path.dirname(_HOME), f"cardlint-{cardlint.__version__}.dist-info", "RECORD")  # noqa: PTH118, PTH120
    if os.path.isfile(record):  # noqa: PTH113
        with open(record, encoding="utf-8") as stream:  # noqa: PTH123
            lines = [line for line in stream if line.startswith("cardlint/") and ".pyc," not in line]
        return _named(versions.encode() + "".join(sorted(lines)).encode())
    files = list(_files())
    state = _named("\n".join([versions, *[f"{file.path} {(was := file.stat()).st_size} {was.st_mtime_ns}" for file in files]]).encode())
    name = f"engine-{crc32(_HOME.encode(errors='surrogateescape')):08x}"
    was_state, _, digest = kept.read(name).decode(errors="replace").strip().partition(" ")
    if digest and was_state == state:
        return digest
    digest = _named(versions.encode() + b"".join(file.name.encode() + b"\0" + _content(file.path) for file in files))
    kept.write(name, f"{state} {digest}\n".encode())
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
