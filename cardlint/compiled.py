"""Compiled patterns of the `re` module, kept between runs: to compile them anew takes a quarter of a first check.

As Python keeps the byte code of modules, so the code of patterns is kept: in the user's cache folder, one file for each
release of cardlint and of Python. What cannot be read, is another user's, or was written by another one counts as absent, and the
patterns are compiled as ever. Only what `re` makes of a pattern is kept, nothing of a card.

The file is a line that names it, a line with the patterns (JSON), and their code one behind the other: a run reads the code
of those alone that it asks for.
"""

from __future__ import annotations

import os
import re
import sys
from array import array
from binascii import crc32
from typing import Any

from cardlint import __version__
from cardlint.tuples import NamedTuple

_FORM = 2
_MOST = 2_000
"""Patterns in a file; the package has some six hundred, and those that a checkout had earlier stay until there are too many."""
_MOST_BYTES = 16_000_000


class _Kept(NamedTuple):
    """What `re` finds of a pattern: flags, number of groups and their names, and its code with a checksum."""

    flags: int
    groups: int
    names: dict[str, int]
    code: bytes
    checksum: int


class Store:
    """The patterns of one file. It is read when the first one is asked for, and written by `keep` alone."""

    def __init__(self) -> None:
        self._file: _File | None = None
        self._new: dict[str, _Kept] = {}

    def pattern(self, source: str, flags: int) -> re.Pattern[str]:
        """What ``re.compile`` makes of the pattern. Raises re.error where it is none."""
        if self._file is None:
            self._file = _read()
        key = f"{flags} {source}"
        kept = self._file.kept(key)
        try:
            if kept is not None:
                return _made(source, kept)
            kept = _compiled(source, flags)
            made = _made(source, kept)
            key.encode()  # half a surrogate is nothing that JSON holds
        except Exception:  # noqa: BLE001  # a Python whose `re` has other parts, or code that is not sound
            return re.compile(source, flags)
        self._new[key] = kept
        return made

    def keep(self) -> None:
        """Write what this run compiled, and what was known; a file that cannot be written is not missed."""
        if not self._new:
            return
        known = self._file.every() if self._file else {}
        patterns = self._new if len(known) + len(self._new) > _MOST else known | self._new
        self._file, self._new = None, {}
        try:
            _write(patterns)
        except OSError:
            return


STORE = Store()
"""The store of this process."""


class _File:
    """The patterns that a file holds: ``listed`` tells of each where its code begins and ends in ``codes``."""

    def __init__(self, listed: dict[str, list[Any]], codes: memoryview) -> None:
        self._listed, self._codes = listed, codes

    def kept(self, key: str) -> _Kept | None:
        """One of them; None where there is none, or its code is not what was written."""
        row = self._listed.get(key)
        if row is None:
            return None
        flags, groups, names, start, end, checksum = row
        code = bytes(self._codes[start:end])
        return _Kept(flags, groups, names, code, checksum) if crc32(code) == checksum else None

    def every(self) -> dict[str, _Kept]:
        """All that are sound."""
        return {key: kept for key in self._listed if (kept := self.kept(key)) is not None}


def _compiled(source: str, flags: int) -> _Kept:
    from re import _compiler, _parser  # type: ignore[attr-defined]

    tree = _parser.parse(source, flags)
    code = array("I", _compiler._code(tree, flags)).tobytes()
    return _Kept(flags | tree.state.flags, tree.state.groups - 1, dict(tree.state.groupdict), code, crc32(code))


def _made(source: str, kept: _Kept) -> re.Pattern[str]:
    """The pattern of what was kept. Raises RuntimeError and the like where it is not sound."""
    import _sre  # type: ignore[import-not-found]

    numbered: list[str | None] = [None] * (kept.groups + 1)
    for name, number in kept.names.items():
        numbered[number] = name
    made: re.Pattern[str] = _sre.compile(source, kept.flags, array("I", kept.code).tolist(), kept.groups, kept.names, tuple(numbered))
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
    return place and os.path.join(place, f"patterns-{_release()}")  # noqa: PTH118


def _read() -> _File:
    """What the file holds; nothing where it is not ours, not whole, or not there."""
    import orjson

    try:
        with open(_file(), "rb") as stream:  # noqa: PTH123
            about = os.fstat(stream.fileno())
            if about.st_size > _MOST_BYTES or (hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022)):
                return _File({}, memoryview(b""))
            head, listed, codes = stream.readline(), stream.readline(), stream.read()
        found = orjson.loads(listed) if head == _head(listed, codes) else None
    except (OSError, ValueError):
        found = None
    return _File(found, memoryview(codes)) if isinstance(found, dict) else _File({}, memoryview(b""))


def _write(patterns: dict[str, _Kept]) -> None:
    """Put the file in its place as a whole. Raises OSError."""
    import tempfile

    import orjson

    file = _file()
    if not file:
        return
    listed: dict[str, list[Any]] = {}
    start = 0
    for key, kept in patterns.items():
        end = start + len(kept.code)
        listed[key] = [kept.flags, kept.groups, kept.names, start, end, kept.checksum]
        start = end
    line = orjson.dumps(listed) + b"\n"
    codes = b"".join(kept.code for kept in patterns.values())
    os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
    handle, name = tempfile.mkstemp(dir=os.path.dirname(file))  # noqa: PTH120
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_head(line, codes) + line + codes)
        os.replace(name, file)  # noqa: PTH105
    except OSError:
        os.unlink(name)  # noqa: PTH108
        raise


def _head(listed: bytes, codes: bytes) -> bytes:
    """The first line: what the file is for, a checksum of the second, and how much code follows."""
    return f"cardlint {_release()} {crc32(listed):08x} {len(codes)}\n".encode()
