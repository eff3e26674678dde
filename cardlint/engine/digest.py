"""The digest of the running engine: its code, its data and the versions of its parsers. Part of every report and cache key."""

from __future__ import annotations

import os
from hashlib import sha256
from importlib.util import find_spec

import pyromark

import cardlint


def engine_digest() -> str:
    """``sha256:`` and the hash of every source and data file of the package and of the parsers' versions.

    Of an installed wheel its RECORD is hashed instead, which holds the hashes of the files: that is ten times as fast.
    """
    digest = sha256(f"{cardlint.__version__} {_yaml_version()} {pyromark.__version__}".encode())
    home = os.path.dirname(cardlint.__file__)  # noqa: PTH120  # this runs at every start
    record = os.path.join(os.path.dirname(home), f"cardlint-{cardlint.__version__}.dist-info", "RECORD")  # noqa: PTH118, PTH120
    if os.path.isfile(record):  # noqa: PTH113
        with open(record, encoding="utf-8") as stream:  # noqa: PTH123
            lines = [line for line in stream if line.startswith("cardlint/") and ".pyc," not in line]
        digest.update("".join(sorted(lines)).encode())
        return f"sha256:{digest.hexdigest()[:32]}"
    schemas = os.path.join(home, "_data", "schemas")  # noqa: PTH118
    if not os.path.isdir(schemas):  # noqa: PTH112
        schemas = os.path.join(os.path.dirname(home), "schemas")  # noqa: PTH118, PTH120
    for top in (home, schemas):
        for place, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name not in ("__pycache__", "rules", "schemas"))
            for name in sorted(names):
                if name.endswith((".py", ".json")):
                    digest.update(name.encode() + b"\0")
                    digest.update(_content(os.path.join(place, name)))  # noqa: PTH118
    return f"sha256:{digest.hexdigest()[:32]}"


def _content(path: str) -> bytes:
    """A file's bytes. Five hundred are read at a start from a checkout, and `open` takes longer than the reading."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.read(handle, os.fstat(handle).st_size)
    finally:
        os.close(handle)


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
