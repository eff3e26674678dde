"""Git repositories, read object by object: no checkout, no configuration of theirs that runs anything, no network.

A repository may be a stranger's. Only plumbing that reads objects is called (``rev-parse``, ``ls-tree``, ``cat-file``,
``for-each-ref``), never what reads the index, runs hooks, filters or pagers; every protocol is refused, so that a partial
clone fetches nothing.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import threading
import weakref
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from cardlint.model import CardlintError
from cardlint.repo.contents import Outside
from cardlint.repo.files import FileEntry
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_LISTED = 64_000_000
"""Bytes of git's answers (listings of trees and of references) that are read."""
MAX_FILES = 100_000
"""Files listed of one tree, as of a folder."""
MAX_BLOB = 512_000_000
"""Bytes of a blob whose content is read: git may unpack a blob into its own memory. Larger ones have a size and no content."""
DRAINED = 1_000_000
"""Bytes behind a range that are read and dropped; behind more, git is ended and started again for the next range."""
PATIENCE = 60.0
"""Seconds for an answer of git: objects of a stranger's repository may be pipes."""

_SETTINGS = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.bigFileThreshold=1m",  # larger blobs are streamed where they are no deltas
    "protocol.allow=never",
    "safe.directory=*",  # whoever owns the repository, nothing of it is run
)
CARD = "README.md"
_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_FILES = frozenset({"100644", "100755", "100664", "120000"})
_LINK = "120000"
_MOST_LINKS = 8
_LONGEST_LINK = 4096


class Place(NamedTuple):
    """A folder in a git repository: ``prefix`` is its path below the top, empty at the top and in a bare repository."""

    folder: Path
    prefix: str
    bare: bool


class Blob(NamedTuple):
    """A file of a tree: the id of its blob, its size where git knows it, whether it is a symbolic link."""

    oid: str
    size: int | None
    link: bool


def locate(folder: Path) -> Place | None:
    """Where a folder stands in a git repository, None where it stands in none. Raises CardlintError where git is missing."""
    answer = _ask(folder, "rev-parse", "--is-bare-repository", "--show-prefix")
    if answer is None:
        return None
    bare, _, prefix = os.fsdecode(answer).partition("\n")
    return Place(folder, prefix.removesuffix("\n").rstrip("/"), bare == "true")


def commit(folder: Path, revision: str) -> str | None:
    """The id of the commit that a revision names, None where it names none."""
    if not revision or revision.startswith("-") or "\0" in revision:
        return None
    answer = _ask(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return answer.decode().strip() if answer else None


def head(folder: Path) -> str | None:
    """The full name of the reference that HEAD stands for, None where it stands for none."""
    answer = _ask(folder, "symbolic-ref", "--quiet", "HEAD")
    return os.fsdecode(answer).strip() if answer else None


def names(folder: Path) -> list[str]:
    """The short names of branches and tags."""
    answer = _ask(folder, "for-each-ref", "--count=10000", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
    return os.fsdecode(answer or b"").splitlines()


def is_shallow(folder: Path) -> bool:
    """Whether a clone lacks a part of its history."""
    return _ask(folder, "rev-parse", "--is-shallow-repository") == b"true\n"


def tree(place: Place, commit_id: str) -> Tree:
    """The folder's files at a commit; none where the folder was not there yet."""
    treeish = commit_id
    if place.prefix:
        found = _ask(place.folder, "rev-parse", "--verify", "--quiet", f"{commit_id}:{place.prefix}")
        if not found:
            return Tree(place.folder, {})
        treeish = found.decode().strip()
    listed = ("ls-tree", "-r", "-z", "--full-tree")
    # Where blobs are missing (a partial clone) their sizes cannot be told.
    told = _ask(place.folder, *listed, "-l", treeish) or _ask(place.folder, *listed, treeish)
    answer = told or b""
    cut = len(answer) >= MAX_LISTED or answer.count(b"\0") > MAX_FILES
    blobs = dict(_parse(answer))
    if cut:  # the card must be found however many files come before it
        blobs |= dict(_parse(_ask(place.folder, *listed, "-l", treeish, "--", CARD) or b""))
    return Tree(place.folder, blobs, complete=told is not None and not cut)


def _parse(answer: bytes) -> Iterator[tuple[str, Blob]]:
    """The files of a listing; submodules are none. A last line that was cut off is dropped."""
    for line in answer.split(b"\0", MAX_FILES)[:MAX_FILES]:
        head, tab, path = line.partition(b"\t")
        parts = head.decode("ascii", "replace").split()
        if tab and len(parts) >= 3 and parts[0] in _FILES and parts[1] == "blob":
            size = int(parts[3]) if len(parts) > 3 and parts[3].isdigit() else None
            yield path.decode("utf-8", "surrogateescape"), Blob(parts[2], size, parts[0] == _LINK)


class Tree:
    """The files of a tree as contents (see `cardlint.repo.contents.Contents`); one git process answers all reads.

    ``complete``: the listing holds every file, and not only the first ones and the card, or none because git failed.
    """

    def __init__(self, folder: Path, blobs: Mapping[str, Blob], complete: bool = True) -> None:
        self.folder = folder
        self.blobs = blobs
        self.complete = complete
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[..., Tree] | None = None

    def __reduce__(self) -> tuple[type[Tree], tuple[Path, Mapping[str, Blob], bool]]:
        """Workers start a process of their own."""
        return Tree, (self.folder, self.blobs, self.complete)

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """The listing, in git's order."""
        return tuple(FileEntry(path, None if blob.link else blob.size, blob=blob.oid) for path, blob in self.blobs.items())

    def size(self, path: str) -> int | None:
        """See `Contents.size`."""
        try:
            blob = self._blob(path)
        except (OSError, ValueError):
            self._stop()
            return None
        return None if blob is None else blob.size

    def read(self, path: str, start: int, length: int) -> bytes | None:
        """See `Contents.read`."""
        try:
            blob = self._blob(path)
            if blob is None or blob.size is None or blob.size > MAX_BLOB:
                return None
            return self._range(blob.oid, start, max(0, min(length, blob.size - start)))
        except (OSError, ValueError):
            self._stop()
            return None

    def _blob(self, path: str) -> Blob | None:
        """The blob behind a path; links are followed inside the tree."""
        blob = self.blobs.get(path)
        for _ in range(_MOST_LINKS):
            if blob is None or not blob.link:
                return blob
            target = os.fsdecode(self._range(blob.oid, 0, min(blob.size or 0, _LONGEST_LINK)) or b"")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if path.startswith(("/", "../")) or path == "..":
                raise Outside("it leads out of the repository")
            blob = self.blobs.get(path)
        raise Outside("its links go in a circle")

    def _range(self, oid: str, start: int, length: int) -> bytes | None:
        process = self._running()
        asked, answers = _pipe(process.stdin), _pipe(process.stdout)
        with _watched(process):
            asked.write(oid.encode() + b"\n")
            asked.flush()
            head = answers.readline(200).split()
            if len(head) != 3:  # "OID missing"
                self._stop()
                return None
            size = int(head[2])
            _drop(answers, min(start, size))
            data = answers.read(min(length, max(0, size - start)))
            left = size - min(start, size) - len(data)
            if left > DRAINED:
                self._stop()
            else:
                _drop(answers, left + 1)
        return data

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = _start(self.folder, "cat-file", "--batch")
            self._end = weakref.finalize(self, _finish, self._process)
        return self._process

    def _stop(self) -> None:
        if self._end is not None:
            self._end()
        self._process = None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("git has no pipe")
    return pipe


def _drop(answers: IO[bytes], count: int) -> None:
    while count > 0:
        part = answers.read(min(count, 1 << 20))
        if not part:
            raise OSError("git ended early")
        count -= len(part)


def _start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    git = shutil.which("git")
    if git is None:
        raise CardlintError("git is not installed (or not on PATH), and revisions are read with it")
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return subprocess.Popen(  # noqa: S603  # no shell; revisions that look like options are refused
        [git, "--no-pager", *settings, "-C", os.fspath(folder), *arguments],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _environment() -> dict[str, str]:
    """The user's environment without what steers git; a hook that judges a push keeps the place of the pushed objects."""
    kept = _QUARANTINE if os.environ.get("GIT_QUARANTINE_PATH") else ()
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in kept} | {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _ask(folder: Path, *arguments: str) -> bytes | None:
    """Git's answer up to its bound, None where git refuses."""
    process = _start(folder, *arguments)
    try:
        with _watched(process):
            answer = _pipe(process.stdout).read(MAX_LISTED + 1)
            if len(answer) > MAX_LISTED:
                return answer[:MAX_LISTED]
            return answer if process.wait(PATIENCE) == 0 else None
    finally:
        _finish(process)


@contextmanager
def _watched(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Git is killed where it does not answer in time."""
    timer = threading.Timer(PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _finish(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                pass
    process.wait()
