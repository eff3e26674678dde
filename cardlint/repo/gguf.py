"""The header of a GGUF file: its metadata and the shapes of its tensors, read in blocks and never past the header."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.repo.answer import Answer, Unreadable
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

MAX_HEADER = 64_000_000
"""Bytes of a header; vocabularies of 260,000 words with their merges take about 12 MB."""
MAX_KEYS = 10_000
MAX_ITEMS = 4_000_000
"""Items of all arrays together; they are passed over, not kept."""
MAX_TENSORS = 100_000
MAX_STRING = 10_000_000
MAX_KEPT = 1_000
"""Items kept of an array of texts."""
MAX_KEPT_ITEMS = 100_000
"""Items kept of all arrays together."""
MAX_KEPT_STRING = 100_000
"""Characters kept of a text; chat templates have about 10,000."""

_BLOCK = 1 << 16
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_CODES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


class Gguf(NamedTuple):
    """A GGUF header.

    ``metadata`` holds every single value by its key, and arrays of at most `MAX_KEPT` items; of longer arrays only
    ``lengths`` tells. ``file_type`` is the quantization's name (``Q4_K_M``). ``dtypes`` counts elements by tensor type.
    """

    version: int
    architecture: str | None
    type: str | None
    name: str | None
    file_type: str | None
    context_length: int | None
    license: str | None
    base_models: tuple[str, ...]
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    size_label: str | None
    chat_template: str | None
    vocab_size: int | None
    parameters: int
    dtypes: dict[str, int]
    metadata: dict[str, Any]
    lengths: dict[str, int]


def read_gguf(repo: Repo, path: str) -> Answer[Gguf]:
    """The header of a file."""
    if path not in repo.names:
        return Answer("absent", path)
    head = repo.read_range(path, 0, _BLOCK)
    if head is None:
        return Answer("not-here", path, reason="its content is not in this copy")
    try:
        return Answer("ok", path, _Reader(repo, path, head).read())
    except Unreadable as error:
        return Answer("unreadable", path, reason=str(error))


class _Reader:
    """Walks through a header, block by block."""

    def __init__(self, repo: Repo, path: str, head: bytes) -> None:
        self.repo, self.path = repo, path
        self.buffer, self.at, self.base = head, 0, 0
        self.order, self.wide = "<", "Q"
        self.items = self.kept = 0
        self.lengths: dict[str, int] = {}

    def read(self) -> Gguf:
        if self.take(4) != b"GGUF":
            raise Unreadable("no header of GGUF")
        version = self.number("I")
        if version & 0xFFFF == 0:
            self.order = ">"
            version = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in (1, 2, 3):
            raise Unreadable(f"version {version} of GGUF is not known")
        self.wide = "I" if version == 1 else "Q"
        tensors, keys = self.number(self.wide), self.number(self.wide)
        if tensors > MAX_TENSORS or keys > MAX_KEYS:
            raise Unreadable(f"its header claims {tensors:,} tensors and {keys:,} keys")
        metadata: dict[str, Any] = {}
        for _ in range(keys):
            key = self.string(1 << 16)
            value = self.value(self.number("I"), key, 0)
            if value is not None:
                metadata[key] = value
        dtypes = self.tensors(tensors)
        size = self.repo.size(self.path)
        if size is not None and self.base + self.at > size:
            raise Unreadable("the file ends inside its header")
        if size is not None and sum(dtypes.values()) > 8 * size:
            raise Unreadable("its tensors hold more than the file can")
        return self.facts(version, metadata, dtypes)

    def take(self, length: int) -> bytes:
        """The next bytes; reads another block where they are not at hand."""
        end = self.at + length
        if end > len(self.buffer):
            self.base += self.at
            if self.base + length > MAX_HEADER:
                raise Unreadable(f"its header is over the bound of {MAX_HEADER:,} bytes")
            self.buffer = self.repo.read_range(self.path, self.base, max(length, _BLOCK)) or b""
            self.at, end = 0, length
            if end > len(self.buffer):
                raise Unreadable("the file ends inside its header")
        found = self.buffer[self.at : end]
        self.at = end
        return found

    def number(self, code: str) -> Any:
        return struct.unpack(self.order + code, self.take(struct.calcsize(self.order + code)))[0]

    def skip(self, length: int) -> None:
        """Pass over bytes without reading them."""
        self.at += length
        if self.at > len(self.buffer):
            self.base, self.buffer, self.at = self.base + self.at, b"", 0
            if self.base > MAX_HEADER:
                raise Unreadable(f"its header is over the bound of {MAX_HEADER:,} bytes")

    def string(self, longest: int = MAX_STRING) -> str:
        length = self.number(self.wide)
        if length > longest:
            raise Unreadable(f"a text of {length:,} bytes in its header")
        kept = self.take(min(length, MAX_KEPT_STRING))
        self.skip(length - len(kept))
        return kept.decode("utf-8", "replace")

    def value(self, kind: int, key: str, depth: int) -> Any:
        if kind in _CODES:
            return self.number(_CODES[kind])
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY or depth > 4:
            raise Unreadable(f"a value of type {kind} in its header")
        inner, length = self.number("I"), self.number(self.wide)
        self.items += length
        if self.items > MAX_ITEMS:
            raise Unreadable(f"{self.items:,} items in the arrays of its header")
        if not depth:
            self.lengths[key] = length
        if inner in _SIZES and length > MAX_KEPT:
            self.skip(length * _SIZES[inner])
        elif inner == _STRING and length > MAX_KEPT:
            self.skip_strings(length)
        else:
            self.kept += length
            if self.kept > MAX_KEPT_ITEMS:
                raise Unreadable(f"{self.kept:,} items in the short arrays of its header")
            return [self.value(inner, key, depth + 1) for _ in range(length)]
        return None

    def skip_strings(self, number: int) -> None:
        """Pass over texts, quickly where they lie in the block at hand."""
        unpack = struct.Struct(self.order + self.wide).unpack_from
        wide = struct.calcsize(self.order + self.wide)
        while number:
            at, buffer, limit = self.at, self.buffer, len(self.buffer) - wide
            while number and at <= limit:
                (length,) = unpack(buffer, at)
                if at + wide + length > len(buffer):
                    break
                at += wide + length
                number -= 1
            self.at = at
            if number:
                length = self.number(self.wide)
                if length > MAX_STRING:
                    raise Unreadable(f"a text of {length:,} bytes in its header")
                self.skip(length)
                number -= 1

    def tensors(self, number: int) -> dict[str, int]:
        names = data.vocabulary("artifact_signatures")["gguf_tensor_types"]
        dtypes: dict[str, int] = {}
        for _ in range(number):
            self.string(1 << 16)
            dimensions = self.number("I")
            if dimensions > 8:
                raise Unreadable(f"a tensor of {dimensions} dimensions")
            elements = 1
            for _ in range(dimensions):
                elements *= self.number(self.wide)
            if elements > 2**48:
                raise Unreadable("a tensor's shape is impossible")
            kind = self.number("I")
            self.number("Q")
            name = names.get(str(kind), f"type {kind}")
            dtypes[name] = dtypes.get(name, 0) + elements
        return dtypes

    def facts(self, version: int, metadata: dict[str, Any], dtypes: dict[str, int]) -> Gguf:
        def text(key: str) -> str | None:
            found = metadata.get(key)
            return found if isinstance(found, str) and found else None

        def texts(key: str) -> tuple[str, ...]:
            found = metadata.get(key)
            return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()

        architecture = text("general.architecture")
        context = metadata.get(f"{architecture}.context_length")
        kind = metadata.get("general.file_type")
        bases = (text(f"general.base_model.{n}.repo_url") or text(f"general.base_model.{n}.name") for n in range(20))
        return Gguf(
            version=version,
            architecture=architecture,
            type=text("general.type"),
            name=text("general.name"),
            file_type=data.vocabulary("artifact_signatures")["gguf_file_types"].get(str(kind)) if type(kind) is int else None,
            context_length=context if type(context) is int else None,
            license=text("general.license"),
            base_models=tuple(found for found in bases if found),
            languages=texts("general.languages"),
            tags=texts("general.tags"),
            size_label=text("general.size_label"),
            chat_template=text("tokenizer.chat_template"),
            vocab_size=self.lengths.get("tokenizer.ggml.tokens"),
            parameters=sum(dtypes.values()),
            dtypes=dtypes,
            metadata=metadata,
            lengths=self.lengths,
        )
