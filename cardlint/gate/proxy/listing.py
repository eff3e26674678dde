"""What a hub says of a repository's files: rows of a listing, its pages, and which files are small texts that rules read."""

from __future__ import annotations

import hashlib
from typing import Any

from yarl import URL

from cardlint.gate.paths import CARD
from cardlint.repo.files import FileEntry

MAX_NAMES = 20_000
MAX_SMALL = 256_000
_TEXTS = (".json", ".txt", ".md", ".yaml", ".yml", ".cff", ".bib")


def names_told(about: dict[str, Any]) -> tuple[FileEntry, ...] | None:
    """The names of the files, as the hub tells them of a revision; their sizes are not known."""
    rows = about.get("siblings")
    if not isinstance(rows, list) or len(rows) > MAX_NAMES:
        return None
    names = {row["rfilename"] for row in rows if isinstance(row, dict) and isinstance(row.get("rfilename"), str)}
    return tuple(FileEntry(name) for name in sorted(names))


def file_of(row: dict[str, Any]) -> FileEntry:
    """A row of a listing; a large file has its hash, a small one the id of its blob in git."""
    lfs = row.get("lfs")
    large: dict[str, Any] = lfs if isinstance(lfs, dict) else {}
    sha256 = large.get("oid") or large.get("sha256")
    size = large.get("size", row.get("size"))
    blob = row.get("oid") if not large and isinstance(row.get("oid"), str) else None
    return FileEntry(
        row["path"], size if isinstance(size, int) else None, sha256.removeprefix("sha256:") if isinstance(sha256, str) else None, blob=blob
    )


def is_small_text(file: FileEntry) -> bool:
    """Whether rules may want to read the file, and it is small enough to be fetched."""
    name = file.path.lower()
    if file.sha256 or file.size is None or file.size > MAX_SMALL or file.path == CARD or file.path.count("/") > 1:
        return False
    return name.endswith(_TEXTS) or ("/" not in name and name.startswith(("license", "licence", "copying", "notice", "dockerfile")))


def git_id(body: bytes) -> str:
    """The id of a blob in git."""
    return hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def next_page(link: str, address: str) -> str | None:
    """The path of the next page of a listing; pages lie on the hub, whatever host the link names."""
    for part in link.split(","):
        target, _, relation = part.partition(";")
        if 'rel="next"' in relation:
            url = URL(target.strip().strip("<>"), encoded=True)
            base = URL(address, encoded=True).raw_path.rstrip("/")
            return url.raw_path_qs.removeprefix(base) if base else url.raw_path_qs
    return None
