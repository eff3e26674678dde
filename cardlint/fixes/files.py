"""Fixed cards into files: whole or not at all, with the file's mode, and never through a link that leads away."""

from __future__ import annotations

import os
import stat
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def writable_place(location: Path, root: Path | None) -> Path:
    """The file that may be replaced for a card: itself, or what it links to inside its repository (its folder where none is known).

    Raises OSError for a link that leads out.
    """
    if not location.is_symlink():
        return location
    target = location.resolve(strict=True)
    if not target.is_relative_to((root or location.parent).resolve()):
        raise OSError(0, "a link that leads out of the repository is not followed")
    return target


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put new content in place of a file's: a temporary file beside it, then a rename, the mode kept.

    Raises OSError where that is not possible, or where the file no longer holds ``before``.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or path.read_bytes() != before:
        raise OSError(0, "it changed while it was judged")
    if not os.access(path, os.W_OK):
        raise OSError(0, "it is read-only")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(after)
            os.fchmod(stream.fileno(), stat.S_IMODE(status.st_mode))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)  # noqa: PTH105  # both are at hand
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise
