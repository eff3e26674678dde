"""The files beside a card: their names and sizes, and what they say, read on demand. Nothing outside the repository is read.

Every reader is bounded and answers `Answer`: a value, or why there is none. ``docs/readers.md`` lists them with their bounds.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cardlint.repo.answer import Answer
from cardlint.repo.contents import Contents, Folder, Memory, Outside
from cardlint.repo.files import FileEntry
from cardlint.repo.pointer import MAX_POINTER, Pointer, read_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cardlint.repo.adapter import Adapter
    from cardlint.repo.config import Config, Processor
    from cardlint.repo.libraries import Libraries
    from cardlint.repo.license_files import LicenseFile
    from cardlint.repo.merge import Merge
    from cardlint.repo.pickles import PickleScan
    from cardlint.repo.pipelines import Diffusers, SentenceTransformers, Spacy
    from cardlint.repo.results import Results
    from cardlint.repo.tokenizer import Tokenizer
    from cardlint.repo.weights import Weights

MAX_TEXT = 2_000_000
"""Bytes read of a file beside the card."""


class Repo:
    """A repository whose listing is complete; contents may still be absent (a partial copy, pointers of Git LFS)."""

    def __init__(self, files: tuple[FileEntry, ...], root: Path | None, contents: Contents | None = None) -> None:
        self.files = files
        self._contents: Contents = contents or (Folder(root) if root is not None else Memory({}))
        self._pointers: dict[str, Pointer | None] = {}

    @classmethod
    def from_contents(cls, contents: Mapping[str, bytes]) -> Repo:
        """A repository held in memory."""
        return cls(tuple(FileEntry(path, len(data)) for path, data in sorted(contents.items())), None, Memory(contents))

    # The listing.

    @cached_property
    def names(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(self._entries)

    @cached_property
    def folded(self) -> dict[str, str]:
        """Lower-cased paths to paths."""
        return {file.path.lower(): file.path for file in self.files}

    @cached_property
    def _entries(self) -> dict[str, FileEntry]:
        return {file.path: file for file in self.files}

    def has(self, path: str) -> bool:
        """Whether the repository holds this file or folder."""
        path = path.rstrip("/")
        return path in self.names or any(name.startswith(path + "/") for name in self.names)

    def size(self, path: str) -> int | None:
        """The size of a listed file's content in bytes, also where a pointer stands for it; None where it is not known."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        pointer = self.pointer(path)
        if pointer is not None:
            return pointer.size
        try:
            here = self._contents.size(path)
        except Outside:
            here = None
        return entry.size if here is None else here

    def sha256(self, path: str) -> str | None:
        """The SHA-256 of a file's content where the listing or a pointer tells it."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        pointer = self.pointer(path)
        return pointer.sha256 if pointer else entry.sha256

    def refused(self, path: str) -> str | None:
        """Why a listed file is never read: it leads out of the repository, or is a pipe or a device. None for other files."""
        try:
            self._contents.size(path)
        except Outside as error:
            return str(error)
        return None

    def blob(self, path: str) -> str | None:
        """Git's id of the blob that a file is, where the listing is a tree of git; a pointer's own where one stands there."""
        entry = self._entries.get(path)
        return entry.blob if entry else None

    # Contents.

    def pointer(self, path: str) -> Pointer | None:
        """What stands in place of a content that is not here, None for a content or nothing."""
        if path not in self._pointers:
            head = self._range(path, 0, MAX_POINTER + 1)
            self._pointers[path] = read_pointer(head) if head and head.startswith((b"version ", b"# xet ")) else None
        return self._pointers[path]

    def read(self, path: str, limit: int = MAX_TEXT) -> bytes | None:
        """At most ``limit`` bytes of a listed file; None where it is not listed, not here, or lies outside."""
        return self.read_range(path, 0, limit)

    def read_range(self, path: str, start: int, length: int) -> bytes | None:
        """At most ``length`` bytes of a listed file from ``start``; None as `read`."""
        return None if self.pointer(path) else self._range(path, start, length)

    def whole(self, path: str, limit: int = MAX_TEXT) -> Answer[bytes]:
        """The whole content of a file; unreadable where it has more than ``limit`` bytes."""
        if path not in self.names:
            return Answer("absent", path)
        if self.pointer(path):
            return Answer("not-here", path, reason="a pointer stands in its place")
        try:
            size = self._contents.size(path)
        except Outside as error:
            return Answer("unreadable", path, reason=str(error))
        if size is not None and size > limit:
            return Answer("unreadable", path, reason=f"{size:,} bytes are over the bound of {limit:,}")
        data = self._range(path, 0, limit)
        return Answer("not-here", path, reason="its content is not in this copy") if data is None else Answer("ok", path, data)

    def _range(self, path: str, start: int, length: int) -> bytes | None:
        if path not in self.names:
            return None
        try:
            return self._contents.read(path, start, length)
        except Outside:
            return None

    # What the files say.

    @cached_property
    def config(self) -> Answer[Config]:
        """``config.json``."""
        from cardlint.repo.config import read_config

        return read_config(self)

    @cached_property
    def generation_config(self) -> Answer[dict[str, Any]]:
        """The object of ``generation_config.json``."""
        from cardlint.repo.jsonfile import read_object

        return read_object(self, "generation_config.json", dict)

    @cached_property
    def processor(self) -> Answer[Processor]:
        """``processor_config.json``, ``preprocessor_config.json`` and ``video_preprocessor_config.json`` together."""
        from cardlint.repo.config import read_processor

        return read_processor(self)

    @cached_property
    def adapter(self) -> Answer[Adapter]:
        """``adapter_config.json``."""
        from cardlint.repo.adapter import read_adapter

        return read_adapter(self)

    @cached_property
    def weights(self) -> Weights:
        """The weight files: formats, shards, dtypes, parameters."""
        from cardlint.repo.weights import read_weights

        return read_weights(self)

    @cached_property
    def pickles(self) -> tuple[PickleScan, ...]:
        """Static scans of the files that hold pickles; needs the package picklescan."""
        from cardlint.repo.pickles import scan_pickles

        return scan_pickles(self)

    @cached_property
    def tokenizer(self) -> Answer[Tokenizer]:
        """The tokenizer's files at the top, together."""
        from cardlint.repo.tokenizer import read_tokenizer

        return read_tokenizer(self)

    @cached_property
    def diffusers(self) -> Answer[Diffusers]:
        """``model_index.json``."""
        from cardlint.repo.pipelines import read_diffusers

        return read_diffusers(self)

    @cached_property
    def sentence_transformers(self) -> Answer[SentenceTransformers]:
        """``modules.json``."""
        from cardlint.repo.pipelines import read_sentence_transformers

        return read_sentence_transformers(self)

    @cached_property
    def spacy(self) -> Answer[Spacy]:
        """The ``meta.json`` of spaCy."""
        from cardlint.repo.pipelines import read_spacy

        return read_spacy(self)

    @cached_property
    def merge(self) -> Answer[Merge]:
        """The configuration of mergekit."""
        from cardlint.repo.merge import read_merge

        return read_merge(self)

    @cached_property
    def results(self) -> Results:
        """Numbers of training and evaluation in Trainer's files and ``.eval_results``."""
        from cardlint.repo.results import read_results

        return read_results(self)

    @cached_property
    def license_files(self) -> tuple[LicenseFile, ...]:
        """The licence files at the top, identified by their text."""
        from cardlint.repo.license_files import read_license_files

        return read_license_files(self)

    @cached_property
    def libraries(self) -> Libraries:
        """The libraries that the files betray."""
        from cardlint.repo.libraries import Libraries

        return Libraries(self)
