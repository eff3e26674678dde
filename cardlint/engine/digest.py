"""The digest of the running engine: its code, its data and the versions of its parsers. Part of every report and cache key."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING

from cardlint import __version__

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PARSERS = ("PyYAML", "pyromark", "jsonschema-rs", "google-re2")


def engine_digest() -> str:
    """``sha256:`` and the hash of every source file of the package, the catalogue, the vocabularies, the parsers' versions."""
    digest = sha256(__version__.encode())
    for name in _PARSERS:
        try:
            digest.update(f"{name}={version(name)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{name}=?\n".encode())
    package = files("cardlint")
    _add(package, digest)
    from cardlint.data import folder

    _add(folder("schemas"), digest)
    return f"sha256:{digest.hexdigest()[:32]}"


def _add(place: Traversable, digest: object) -> None:
    for each in sorted(place.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            if each.name not in ("__pycache__", "rules", "schemas"):
                _add(each, digest)
        elif each.name.endswith((".py", ".json")):
            digest.update(each.name.encode())  # type: ignore[attr-defined]  # hashlib names no class
            digest.update(each.read_bytes())  # type: ignore[attr-defined]
