"""Two states of a repository: which files have another content."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.repo.config import read_config
from cardlint.repo.jsonfile import read_object
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

MAX_TEXT = 4_000_000
"""Bytes up to which two files are compared as texts: line ends of Windows are no change."""
MAX_HASHED = 512_000_000
"""Bytes of a file that are hashed where sizes agree and no listing or pointer tells a hash."""
MAX_COMPARED = 2_000
_BLOCK = 1 << 20


class Change(NamedTuple):
    """A file that both states have: ``changed`` is None where that could not be told; ``said`` tells more in words."""

    path: str
    changed: bool | None
    said: str = ""


class Changes:
    """What differs between an earlier and a later state, compared when it is asked for."""

    def __init__(self, old: Repo, new: Repo) -> None:
        self.old = old
        self.new = new

    @cached_property
    def weights(self) -> tuple[Change, ...]:
        """The weight files of both."""
        return self._compared([file.path for file in self.new.weights.files if file.role == "weights"])

    @cached_property
    def tokenizer(self) -> tuple[Change, ...]:
        """The tokenizer's files of both, at the top; ``said`` as for `config`."""
        return self._listed("tokenizer_files")

    @cached_property
    def config(self) -> tuple[Change, ...]:
        """The configurations of both; ``said`` names the settings that differ, those that libraries write by themselves aside."""
        return self._listed("config_files")

    @cached_property
    def data(self) -> tuple[Change, ...]:
        """The data files of both, where the repository is a dataset."""
        endings, other = data.words("revisions", "data_endings"), data.words("revisions", "not_data")
        names = (name for name in sorted(self.new.names) if name.rpartition(".")[2].lower() in endings)
        return self._compared([name for name in names if name.rpartition("/")[2] not in other])

    @cached_property
    def code(self) -> tuple[Change, ...]:
        """The Python files of both at the top that loading the later state runs."""
        config = self.new.config.value
        modules = sorted({f"{name.rpartition('--')[2].partition('.')[0]}.py" for name in config.custom_code}) if config else []
        return self._compared(modules)

    @property
    def added_code(self) -> tuple[str, ...]:
        """What ``auto_map`` of the later state wants run and that of the earlier one did not; empty where one could not be read."""
        old, new = read_config(self.old), self.new.config
        if new.value is None or (old.value is None and old.state != "absent"):
            return ()
        before = set(old.value.custom_code) if old.value else set()
        return tuple(name for name in new.value.custom_code if name not in before)

    def _listed(self, key: str) -> tuple[Change, ...]:
        return tuple([self._settings(change) for change in self._compared(data.vocabulary("revisions")[key])])

    def _compared(self, paths: list[str]) -> tuple[Change, ...]:
        both = [path for path in paths if path in self.new.names and path in self.old.names]
        return tuple([Change(path, _differ(self.old, self.new, path)) for path in both[:MAX_COMPARED]])

    def _settings(self, change: Change) -> Change:
        if not change.changed or not change.path.endswith(".json"):
            return change
        old, new = (read_object(repo, change.path, dict).value for repo in (self.old, self.new))
        if old is None or new is None:
            return change
        ignored = data.words("revisions", "ignored")
        keys = [key for key in {**old, **new} if key not in ignored and (key in old, old.get(key)) != (key in new, new.get(key))]
        return Change(change.path, bool(keys), ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else ""))


def _differ(old: Repo, new: Repo, path: str) -> bool | None:
    """Whether a file has another content; None where that cannot be told without reading too much, or at all."""
    blobs = [repo.blob(path) for repo in (old, new)]
    if blobs[0] is not None and blobs[0] == blobs[1]:
        return False
    hashes = [repo.sha256(path) for repo in (old, new)]
    sizes = [repo.size(path) for repo in (old, new)]
    if None not in hashes:
        return (hashes[0], sizes[0]) != (hashes[1], sizes[1])
    if all(size is not None and size <= MAX_TEXT for size in sizes):
        texts = [repo.read(path, MAX_TEXT) for repo in (old, new)]
        if texts[0] is not None and texts[1] is not None:
            return texts[0] != texts[1] and _lines(texts[0]) != _lines(texts[1])
    if None not in sizes and sizes[0] != sizes[1]:
        return True
    if None not in blobs and not old.pointer(path) and not new.pointer(path):
        return True
    return _differ_by_hash(old, new, path)


def _lines(text: bytes) -> bytes:
    return text if b"\0" in text else text.replace(b"\r\n", b"\n")


def _differ_by_hash(old: Repo, new: Repo, path: str) -> bool | None:
    """By one hash of what is here against what is known of the other."""
    for one, other in ((new, old), (old, new)):
        known = other.sha256(path)
        if known is not None:
            found = _digest(one, path, hashlib.sha256())
            return None if found is None else found != known
        blob, size = other.blob(path), one.size(path)
        if blob is not None and not other.pointer(path) and size is not None:
            made = hashlib.sha1(usedforsecurity=False) if len(blob) == 40 else hashlib.sha256()
            made.update(b"blob %d\0" % size)
            found = _digest(one, path, made)
            return None if found is None else found != blob
    digests = [_digest(repo, path, hashlib.sha256()) for repo in (old, new)]
    return None if None in digests else digests[0] != digests[1]


def _digest(repo: Repo, path: str, made: Any) -> str | None:
    size = repo.size(path)
    if size is None or size > MAX_HASHED or repo.pointer(path):
        return None
    for start in range(0, size, _BLOCK):
        part = repo.read_range(path, start, _BLOCK)
        if not part:
            return None
        made.update(part)
    found: str = made.hexdigest()
    return found
