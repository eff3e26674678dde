"""The body of a commit: lines of JSON, read strictly and written anew, so that the hub gets exactly what was judged."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from cardlint.gate.change import Reason, card_in_lfs
from cardlint.gate.paths import CARD, fault
from cardlint.repo.files import FileEntry
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    class Reader(Protocol):
        """Where lines come from."""

        def readline(self, limit: int, /) -> bytes:
            """The next line, ``limit`` bytes of it at most."""

    class Writer(Protocol):
        """Where lines go."""

        def write(self, data: bytes, /) -> int:
            """Add bytes."""


MAX_LINE = 48 << 20
"""Bytes of one line. Hubs take regular files of some ten megabytes, a third more as base64; larger ones go to large-file storage."""
MAX_OPERATIONS = 100_000
MAX_KEPT = 2_000_000
"""Bytes of a file beside the card that are kept for rules to read."""
MAX_KEPT_IN_ALL = 8_000_000
MAX_CARD = 16_000_000
"""Bytes of a card; what rules read is cut earlier."""

_FIELDS: dict[str, dict[str, type]] = {
    "header": {"summary": str, "description": str, "parentCommit": str},
    "file": {"content": str, "path": str, "encoding": str},
    "lfsFile": {"path": str, "algo": str, "oid": str, "size": int},
    "deletedFile": {"path": str},
    "deletedFolder": {"path": str},
}
_REQUIRED = {"file": {"content", "path"}, "lfsFile": {"path", "oid"}, "deletedFile": {"path"}, "deletedFolder": {"path"}}
_HEX = frozenset("0123456789abcdef")


class Malformed(Exception):
    """A commit that is refused before it is judged: no two readers need agree on what it says."""

    def __init__(self, code: str, message: str, help_: str | None = None) -> None:
        super().__init__(message)
        self.reason = Reason(code, message, help=help_)


class Operation(NamedTuple):
    """One line of a commit but its header; ``size`` in bytes where it is known, ``oid`` the SHA-256 of a large file."""

    key: str
    path: str
    size: int | None = None
    oid: str | None = None


@dataclass(slots=True)
class Commit:
    """A commit as it was read. ``card`` is the new text of the card; ``kept`` are the contents of small files by path."""

    header: dict[str, Any] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    card: bytes | None = None
    kept: dict[str, bytes] = field(default_factory=dict)
    objections: list[Reason] = field(default_factory=list)

    @property
    def touched(self) -> tuple[str, ...]:
        """The paths that are named, but for folders that go."""
        return tuple(each.path for each in self.operations if each.key != "deletedFolder")

    @property
    def names_card(self) -> bool:
        """Whether the card is added, replaced or taken away."""
        return any(each.path == CARD or (each.key == "deletedFolder" and each.path.rstrip("/") == CARD) for each in self.operations)

    def files_after(self, before: tuple[FileEntry, ...]) -> tuple[FileEntry, ...]:
        """The listing that the commit leaves behind, sorted by path."""
        files = {each.path: each for each in before}
        for each in self.operations:
            if each.key == "deletedFile":
                files.pop(each.path, None)
            elif each.key == "deletedFolder":
                folder = each.path.rstrip("/")
                for path in [path for path in files if path == folder or path.startswith(folder + "/")]:
                    del files[path]
        for each in self.operations:
            if each.key in ("file", "lfsFile"):
                files[each.path] = FileEntry(each.path, each.size, each.oid)
        return tuple(files[path] for path in sorted(files))


def read_commit(body: Reader, out: Writer) -> Commit:
    """Read a commit from its body and write all of its lines but the header to ``out``, anew.

    Raises Malformed where the body is not what clients send. What is wrong with single files stands in ``objections``.
    """
    commit = Commit()
    named: dict[str, str] = {}
    kept = 0
    for number, line in enumerate(_lines(body), 1):
        key, value = _line(line, number)
        if number == 1:
            if key != "header":
                raise Malformed("odd-commit", f"line 1 of the commit is no header but {key!r}")
            commit.header = value
            continue
        if key == "header":
            raise Malformed("odd-commit", f"line {number} of the commit is a second header")
        if number > MAX_OPERATIONS:
            raise Malformed("commit-too-large", f"the commit has more than {MAX_OPERATIONS:,} files", "send it in several commits")
        path = value["path"]
        if wrong := fault(path, folder=key == "deletedFolder"):
            raise Malformed("odd-path", f"the path {path[:80]!r}: {wrong}")
        _once(named, key, path)
        content = _content(value, number) if key == "file" else None
        if content is not None:
            if path == CARD:
                commit.card = content
            elif len(content) <= MAX_KEPT and kept + len(content) <= MAX_KEPT_IN_ALL:
                commit.kept[path] = content
                kept += len(content)
            value = {"content": base64.b64encode(content).decode(), "path": path, "encoding": "base64"}
        elif key == "lfsFile":
            _check_large(commit, value, number)
        commit.operations.append(Operation(key, path, len(content) if content is not None else value.get("size"), value.get("oid")))
        out.write(_written(key, value))
    if not commit.header and not commit.operations:
        raise Malformed("odd-commit", "the commit is empty")
    return commit


def header_line(header: dict[str, Any], parent: str | None) -> bytes:
    """The first line of the commit that is sent on; ``parent`` is the commit that was judged, where the client names none."""
    if parent is not None and not header.get("parentCommit"):
        header = {**header, "parentCommit": parent}
    return _written("header", header)


def _written(key: str, value: dict[str, Any]) -> bytes:
    """A member as one line, also for a hub that parts lines at every line end that Unicode knows; the others JSON escapes itself."""
    line = orjson.dumps({"key": key, "value": value})
    if not line.isascii():
        for end in ("\x85", "\u2028", "\u2029"):
            line = line.replace(end.encode(), b"\\u%04x" % ord(end))
    return line + b"\n"


def _lines(body: Reader) -> Iterator[bytes]:
    while line := body.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise Malformed(
                "commit-too-large", f"a line of the commit has more than {MAX_LINE:,} bytes", "large files go to large-file storage (LFS)"
            )
        if line.strip():
            yield line


def _line(line: bytes, number: int) -> tuple[str, dict[str, Any]]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Malformed("odd-commit", f"line {number} of the commit is not one JSON object") from None
    if not isinstance(row, dict) or row.keys() != {"key", "value"} or not isinstance(row["value"], dict):
        raise Malformed("odd-commit", f"line {number} of the commit has not the members 'key' and 'value'")
    key, value = row["key"], row["value"]
    fields = _FIELDS.get(key) if isinstance(key, str) else None
    if fields is None:
        raise Malformed("odd-commit", f"line {number} of the commit: the gate does not know {str(key)[:40]!r}")
    required = _REQUIRED.get(key, set())
    value = {name: member for name, member in value.items() if member is not None or name in required}  # some clients send null
    for name, member in value.items():
        if name not in fields:
            raise Malformed("odd-commit", f"line {number} of the commit: the gate does not know {name[:40]!r} of {key}")
        if type(member) is not fields[name] or (isinstance(member, int) and member < 0):
            raise Malformed("odd-commit", f"line {number} of the commit: {name!r} is not what it should be")
    if missing := required - value.keys():
        raise Malformed("odd-commit", f"line {number} of the commit: {key} has no {min(missing)!r}")
    return key, value


def _once(named: dict[str, str], key: str, path: str) -> None:
    """Refuse what names a file twice: which of the two a hub takes is not known."""
    path = path.rstrip("/")
    before = named.get(path)
    if before is not None and (path == CARD or before in ("file", "lfsFile") or key not in ("file", "lfsFile")):
        raise Malformed("named-twice", f"{path[:80]!r} is named twice in this commit")
    named[path] = key


def _content(value: dict[str, Any], number: int) -> bytes:
    encoding = value.get("encoding", "utf-8")
    if encoding == "base64":
        try:
            content = base64.b64decode(value["content"], validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("odd-commit", f"line {number} of the commit: the content is not base64") from None
    elif encoding == "utf-8":
        content = value["content"].encode()
    else:
        raise Malformed("odd-commit", f"line {number} of the commit: the gate does not know the encoding {encoding[:40]!r}")
    if value["path"] == CARD and len(content) > MAX_CARD:
        raise Malformed("commit-too-large", f"{CARD} has more than {MAX_CARD:,} bytes")
    return content


def _check_large(commit: Commit, value: dict[str, Any], number: int) -> None:
    if value.get("algo", "sha256") != "sha256" or len(value["oid"]) != 64 or not _HEX.issuperset(value["oid"]):
        raise Malformed("odd-commit", f"line {number} of the commit: the oid is no SHA-256")
    if value["path"] == CARD:
        commit.objections.append(card_in_lfs("sent as a large file"))
