"""Compiled patterns of the `re` module, kept between runs: to compile them anew takes a quarter of a first check.

As Python keeps the byte code of modules, so the code of patterns is kept: in the user's cache folder (`cardlint.kept`), one file
for each release of cardlint and of Python. Where it is absent or not sound the patterns are compiled as ever.

The file is a line that names it, a line with the patterns (JSON), and their code one behind the other: a run reads the code
of those alone that it asks for.
"""

from __future__ import annotations

import re
import sys
from array import array
from binascii import crc32
from typing import Any

from cardlint import __version__, kept
from cardlint.tuples import NamedTuple

_FORM = 2
_MOST = 2_000
"""Patterns in a file; the package has some six hundred, and those that a checkout had earlier stay until there are too many."""


class _Code(NamedTuple):
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
        self._new: dict[str, _Code] = {}

    def pattern(self, source: str, flags: int) -> re.Pattern[str]:
        """What ``re.compile`` makes of the pattern. Raises re.error where it is none."""
        if self._file is None:
            self._file = _read()
        key = f"{flags} {source}"
        code = self._file.code(key)
        try:
            if code is not None:
                return _made(source, code)
            code = _compiled(source, flags)
            made = _made(source, code)
            key.encode()  # half a surrogate is nothing that JSON holds
        except Exception:  # noqa: BLE001  # a Python whose `re` has other parts, or code that is not sound
            return re.compile(source, flags)
        self._new[key] = code
        return made

    def keep(self) -> None:
        """Write what this run compiled, and what was known."""
        if not self._new:
            return
        known = self._file.every() if self._file else {}
        patterns = self._new if len(known) + len(self._new) > _MOST else known | self._new
        self._file, self._new = None, {}
        _write(patterns)


STORE = Store()
"""The store of this process."""


class _File:
    """The patterns that a file holds: ``listed`` tells of each where its code begins and ends in ``codes``."""

    def __init__(self, listed: dict[str, list[Any]], codes: memoryview) -> None:
        self._listed, self._codes = listed, codes

    def code(self, key: str) -> _Code | None:
        """One of them; None where there is none, or its code is not what was written."""
        row = self._listed.get(key)
        if row is None:
            return None
        flags, groups, names, start, end, checksum = row
        code = bytes(self._codes[start:end])
        return _Code(flags, groups, names, code, checksum) if crc32(code) == checksum else None

    def every(self) -> dict[str, _Code]:
        """All that are sound."""
        return {key: code for key in self._listed if (code := self.code(key)) is not None}


def _compiled(source: str, flags: int) -> _Code:
    from re import _compiler, _parser  # type: ignore[attr-defined]

    tree = _parser.parse(source, flags)
    code = array("I", _compiler._code(tree, flags)).tobytes()
    return _Code(flags | tree.state.flags, tree.state.groups - 1, dict(tree.state.groupdict), code, crc32(code))


def _made(source: str, code: _Code) -> re.Pattern[str]:
    """The pattern of its code. Raises RuntimeError and the like where it is not sound."""
    import _sre  # type: ignore[import-not-found]

    numbered: list[str | None] = [None] * (code.groups + 1)
    for name, number in code.names.items():
        numbered[number] = name
    made: re.Pattern[str] = _sre.compile(source, code.flags, array("I", code.code).tolist(), code.groups, code.names, tuple(numbered))
    return made


def _release() -> str:
    """What the code of a pattern depends on, and the version, so that no pattern of an earlier one stays."""
    return f"{__version__}-{sys.implementation.cache_tag}-{sys.version_info[2]}-{sys.byteorder}-{array('I').itemsize}-{_FORM}"


def _name() -> str:
    return f"patterns-{_release()}"


def _read() -> _File:
    """What the file holds; nothing where it is not whole, or not there."""
    import orjson

    head, _, rest = kept.read(_name()).partition(b"\n")
    listed, _, codes = rest.partition(b"\n")
    try:
        found = orjson.loads(listed) if head and head == _head(listed, codes) else None
    except ValueError:
        found = None
    return _File(found, memoryview(codes)) if isinstance(found, dict) else _File({}, memoryview(b""))


def _write(patterns: dict[str, _Code]) -> None:
    import orjson

    listed: dict[str, list[Any]] = {}
    start = 0
    for key, code in patterns.items():
        end = start + len(code.code)
        listed[key] = [code.flags, code.groups, code.names, start, end, code.checksum]
        start = end
    line = orjson.dumps(listed)
    codes = b"".join(code.code for code in patterns.values())
    kept.write(_name(), b"\n".join((_head(line, codes), line, codes)))


def _head(listed: bytes, codes: bytes) -> bytes:
    """The first line: what the file is for, a checksum of the second, and how much code follows."""
    return f"cardlint {_release()} {crc32(listed):08x} {len(codes)}".encode()
