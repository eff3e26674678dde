"""Compiled patterns of the `re` module, kept between runs: to compile them anew takes a quarter of a first check.

As Python keeps the byte code of modules, so the code of patterns is kept: in the user's cache folder, one file for each
release of cardlint and of Python. What cannot be read, is another user's, or was written by another one counts as absent, and the
patterns are compiled as ever. Only what `re` makes of a pattern is kept, nothing of a card.
"""

from __future__ import annotations

import os
import re
import sys
from array import array
from binascii import a2b_base64, b2a_base64, crc32
from typing import Any

from cardlint import __version__

_FORM = 1
_MOST = 2_000
"""Patterns in a file; the package has some six hundred, and those that a checkout had earlier stay until there are too many."""
_MOST_BYTES = 16_000_000


class Store:
    """The patterns of one file. It is read when the first one is asked for, and written by `keep` alone."""

    def __init__(self) -> None:
        self._known: dict[str, list[Any]] | None = None
        self._new: dict[str, list[Any]] = {}

    def pattern(self, source: str, flags: int) -> re.Pattern[str]:
        """What ``re.compile`` makes of the pattern. Raises re.error where it is none."""
        if self._known is None:
            self._known = _read()
        key = f"{flags} {source}"
        kept = self._known.get(key)
        try:
            if kept is not None:
                return _made(source, kept)
            kept = _code(source, flags)
            made = _made(source, kept)
            key.encode()  # half a surrogate is nothing that JSON holds
        except Exception:  # noqa: BLE001  # a Python whose `re` has other parts, or code that is not sound
            return re.compile(source, flags)
        self._new[key] = kept
        return made

    def keep(self) -> None:
        """Write what this run compiled, and what was known, where that is allowed; a file that cannot be written is not missed."""
        if not self._new or sys.dont_write_bytecode:
            return
        known = self._known or {}
        patterns = self._new if len(known) + len(self._new) > _MOST else known | self._new
        self._known, self._new = patterns, {}
        try:
            _write(patterns)
        except OSError:
            return


STORE = Store()
"""The store of this process."""


def _code(source: str, flags: int) -> list[Any]:
    """Flags, code, number of groups and their names, as `re` finds them; the code as text."""
    from re import _compiler, _parser  # type: ignore[attr-defined]

    tree = _parser.parse(source, flags)
    code = array("I", _compiler._code(tree, flags))
    return [flags | tree.state.flags, b2a_base64(code.tobytes(), newline=False).decode(), tree.state.groups - 1, dict(tree.state.groupdict)]


def _made(source: str, kept: list[Any]) -> re.Pattern[str]:
    """The pattern of what was kept. Raises RuntimeError and the like where it is not sound."""
    import _sre  # type: ignore[import-not-found]

    flags, code, groups, names = kept
    numbered: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        numbered[number] = name
    made: re.Pattern[str] = _sre.compile(source, flags, array("I", a2b_base64(code)).tolist(), groups, names, tuple(numbered))
    return made


def folder() -> str:
    """Where the file stands: `cardlint` in the user's cache folder, as the system names it; empty where it has none."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117  # pathlib takes as long to import as all of this
        return os.path.join(given, "cardlint")  # noqa: PTH118
    home = os.path.expanduser("~")  # noqa: PTH111
    if not os.path.isabs(home):  # noqa: PTH117
        return ""
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA", home), "cardlint", "Cache")  # noqa: PTH118
    return os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache", "cardlint")  # noqa: PTH118


def _release() -> str:
    """What the code of a pattern depends on, and the version, so that no pattern of an earlier one stays."""
    return f"{__version__}-{sys.implementation.cache_tag}-{sys.version_info[2]}-{sys.byteorder}-{array('I').itemsize}-{_FORM}"


def _file() -> str:
    place = folder()
    return place and os.path.join(place, f"patterns-{_release()}.json")  # noqa: PTH118


def _read() -> dict[str, list[Any]]:
    """The patterns of the file; none where it is not ours, not whole, or not there."""
    import orjson

    try:
        with open(_file(), "rb") as stream:  # noqa: PTH123
            about = os.fstat(stream.fileno())
            if about.st_size > _MOST_BYTES or (hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022)):
                return {}
            head, _, body = stream.read().partition(b"\n")
        patterns = orjson.loads(body) if head == _head(body) else {}
    except (OSError, ValueError):
        return {}
    return patterns if isinstance(patterns, dict) else {}


def _write(patterns: dict[str, list[Any]]) -> None:
    """Put the file in its place as a whole. Raises OSError."""
    import tempfile

    import orjson

    file = _file()
    if not file:
        return
    body = orjson.dumps(patterns)
    os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
    handle, name = tempfile.mkstemp(dir=os.path.dirname(file))  # noqa: PTH120
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_head(body) + b"\n" + body)
        os.replace(name, file)  # noqa: PTH105
    except OSError:
        os.unlink(name)  # noqa: PTH108
        raise


def _head(body: bytes) -> bytes:
    """The first line: what the file is for, and a checksum of the rest."""
    return f"cardlint {_release()} {crc32(body):08x}".encode()
