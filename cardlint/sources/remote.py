"""Which repository of a known hub a folder is a clone of, by the remote in its git configuration. Nothing is run."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from cardlint.sources.layout import Identity

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.model import Kind

_REMOTE = re.compile(r"url\s*=\s*(?:https://(?:[^@/\s]*@)?|git@|ssh://git@)(?:huggingface\.co|hf\.co)[/:]([^\s]+)")
_KINDS: dict[str, Kind] = {"datasets": "dataset", "spaces": "space"}
_LONGEST_CONFIG = 100_000


def by_remote(folder: Path) -> Identity | None:
    """The identity that the first remote on a known hub tells, None where there is none. The folder may be a bare repository."""
    config = _config(folder / ".git" / "config") or _config(folder / "config")
    match = _REMOTE.search(config)
    if match is None:
        return None
    parts = match.group(1).removesuffix(".git").strip("/").split("/")
    kind: Kind = _KINDS.get(parts[0], "model")
    name = "/".join(parts[1:] if parts[0] in _KINDS else parts)
    return Identity(name, kind, "remote") if name.count("/") <= 1 and name else None


def _config(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(_LONGEST_CONFIG)
    except OSError:
        return ""
