"""What git tells of the folder that somebody works in: which files changed, and who committed last."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.sources.entry import Entry

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
"""Settings of a repository that would run programs or change how paths are written are overridden."""
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks; relative to a folder that is not the one asked about."""
_PATIENCE = 60
_MOST_COMMITS = 1_000


class Changed:
    """The files below some folders that differ from a revision, those that git does not track yet included."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files = frozenset(files)
        self.folders = frozenset(folder for file in self.files for folder in file.parents)

    def cards(self, folder: Path) -> list[Path]:
        """The changed README.md files at or below a folder, by name."""
        top = folder.resolve()
        found = sorted(file for file in self.files if file.name == "README.md" and file.is_relative_to(top) and file.is_file())
        return [folder / file.relative_to(top) for file in found]

    def holds(self, entry: Entry) -> bool:
        """Whether an entry's card, or a file of its repository, changed."""
        if entry.files is not None and entry.root is not None:
            return entry.root.resolve() in self.folders
        return entry.location is None or Path(entry.location).resolve() in self.files


def is_revision(folder: Path, name: str) -> bool:
    """Whether git knows a commit, or a tree, by this name. Raises CardlintError where there is no repository."""
    _top(folder)
    return _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}") is not None


def changed(folders: Iterable[Path], revision: str) -> Changed:
    """What changed in the repositories that the folders stand in, against a revision.

    In a repository without a commit everything is new against HEAD. Raises CardlintError where a folder is in no git
    repository or the revision is unknown.
    """
    found: set[Path] = set()
    for top in {_top(folder) for folder in folders}:
        if is_revision(top, revision):
            found.update(_paths(top, "diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", revision, "--"))
        elif revision == "HEAD":
            found.update(_paths(top, "ls-files", "-z"))
        else:
            raise CardlintError(f"--changed {revision!r}: no such revision in {top}")
        found.update(_paths(top, "ls-files", "--others", "--exclude-standard", "-z"))
    return Changed(found)


def author(folder: Path) -> str | None:
    """The one author of a repository's commits; None where there are several, or where the folder is not the top of its own."""
    try:
        if _top(folder) != folder.resolve():
            return None
        said = _git(folder, "rev-list", f"--max-count={_MOST_COMMITS}", "--no-commit-header", "--format=%an", "HEAD")
    except CardlintError:
        return None
    names = set((said or b"").decode("utf-8", "replace").splitlines()) - {""}
    return names.pop() if len(names) == 1 else None


def _paths(top: Path, *arguments: str) -> Iterator[Path]:
    answer = _git(top, *arguments)
    if answer is None:
        raise CardlintError(f"git {arguments[0]} failed in {top}")
    for name in answer.split(b"\0"):
        if name:
            yield top / os.fsdecode(name)


def _top(folder: Path) -> Path:
    """The top of the work tree that a folder stands in. Raises CardlintError where it stands in none."""
    answer = _git(folder, "rev-parse", "--show-toplevel")
    if answer is None:
        raise CardlintError(f"--changed: {folder} is in no git repository")
    return Path(os.fsdecode(answer.removesuffix(b"\n"))).resolve()


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers, None where it refuses. Raises CardlintError where git is missing."""
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program, arguments as a list
            ["git", "-C", os.fspath(folder), *_SAFE, *arguments],  # noqa: S607  # git is where the user has it
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name not in _OF_A_HOOK},
            timeout=_PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise CardlintError("git is not installed, or not on PATH") from None
    except subprocess.TimeoutExpired:
        raise CardlintError(f"git did not answer within {_PATIENCE} s in {folder}") from None
    return done.stdout if done.returncode == 0 else None
