"""What cardlint keeps between runs in the user's cache folder: nothing of a card, only what a start would work out anew.

What cannot be read, is another user's, or was written by another one counts as absent; what cannot be written is not missed.
"""

from __future__ import annotations

import os
import sys

_MOST_BYTES = 16_000_000


def folder() -> str:
    """`cardlint` in the user's cache folder, as the system names it; empty where it has none."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117  # pathlib takes as long to import as all of this
        return os.path.join(given, "cardlint")  # noqa: PTH118
    home = os.path.expanduser("~")  # noqa: PTH111
    if not os.path.isabs(home):  # noqa: PTH117
        return ""
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA", home), "cardlint", "Cache")  # noqa: PTH118
    return os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache", "cardlint")  # noqa: PTH118


def read(name: str) -> bytes:
    """The content of a kept file; empty where it is not there, not ours, or too large."""
    place = folder()
    try:
        if not place:
            return b""
        with open(os.path.join(place, name), "rb") as stream:  # noqa: PTH118, PTH123
            about = os.fstat(stream.fileno())
            if about.st_size > _MOST_BYTES or (hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022)):
                return b""
            return stream.read()
    except OSError:
        return b""


def write(name: str, content: bytes) -> None:
    """Put a file in its place as a whole, where that is allowed."""
    place = folder()
    if not place:
        return
    import tempfile

    try:
        os.makedirs(place, mode=0o700, exist_ok=True)  # noqa: PTH103
        handle, new = tempfile.mkstemp(dir=place)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(new, os.path.join(place, name))  # noqa: PTH105, PTH118
    except OSError:
        os.unlink(new)  # noqa: PTH108
