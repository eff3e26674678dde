"""The header of a safetensors file: names, dtypes and shapes of its tensors, never their values."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.repo.answer import Answer, Unreadable
from cardlint.repo.jsonfile import mapping, parse
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

MAX_HEADER = 25_000_000
"""Bytes of a header, the bound of the hub and its client; the format itself allows 100 MB."""
MAX_DIMENSION = 2**32
MAX_METADATA = 1000
"""Entries of ``__metadata__`` kept, as hubs do."""


class Tensor(NamedTuple):
    """A tensor of a header: its dtype in the format's words and its number of elements."""

    name: str
    dtype: str
    elements: int


class Header(NamedTuple):
    """A checked header: its tensors, their bytes together, and ``__metadata__``."""

    tensors: tuple[Tensor, ...]
    bytes: int
    metadata: dict[str, str]


def read_header(repo: Repo, path: str) -> Answer[Header]:
    """The header of a file; two reads, of 8 bytes and of the header."""
    if path not in repo.names:
        return Answer("absent", path)
    size = repo.read_range(path, 0, 8)
    if size is None:
        return Answer("not-here", path, reason="its content is not in this copy")
    try:
        length = _length(size)
        header = repo.read_range(path, 8, length)
        if header is None or len(header) < length:
            raise Unreadable("the file ends inside its header")
        return Answer("ok", path, _header(header, repo.size(path)))
    except Unreadable as error:
        return Answer("unreadable", path, reason=str(error))


def _length(start: bytes) -> int:
    if len(start) < 8:
        raise Unreadable("no header of safetensors")
    length = int.from_bytes(start, "little")
    if length > MAX_HEADER:
        raise Unreadable(f"its header claims {length:,} bytes, over the bound of {MAX_HEADER:,}")
    if length < 2:
        raise Unreadable("no header of safetensors")
    return length


def _header(text: bytes, size: int | None) -> Header:
    # Brackets beyond what tensors need would make the JSON reader build millions of lists.
    if not text.startswith(b"{") or text.count(b"[") > 2 * text.count(b'"dtype"') + MAX_METADATA:
        raise Unreadable("no header of safetensors")
    found = parse(text)
    metadata = {key: value for key, value in list(mapping(found.pop("__metadata__", None)).items())[:MAX_METADATA] if type(value) is str}
    bits = data.vocabulary("artifact_signatures")["dtype_bits"]
    tensors = []
    spans = []
    for name, entry in found.items():
        tensor, span = _tensor(name, entry, bits)
        tensors.append(tensor)
        spans.append(span)
    spans.sort()
    end = 0
    for start, stop in spans:
        if start != end:
            raise Unreadable("its tensors overlap or leave holes")
        end = stop
    if size is not None and size != 8 + len(text) + end:
        raise Unreadable(f"its header speaks of {8 + len(text) + end:,} bytes, the file has {size:,}")
    return Header(tuple(tensors), end, metadata)


def _tensor(name: str, entry: Any, bits: dict[str, int]) -> tuple[Tensor, tuple[int, int]]:
    entry = mapping(entry)
    dtype, shape, span = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if type(dtype) is not str or type(shape) is not list or type(span) is not list or len(span) != 2:
        raise Unreadable("an entry of its header is no tensor")
    if not all(type(number) is int and 0 <= number < MAX_DIMENSION for number in shape) or len(shape) > MAX_METADATA:
        raise Unreadable("a shape in its header is impossible")
    start, stop = span
    if type(start) is not int or type(stop) is not int or not 0 <= start <= stop < 2**63:
        raise Unreadable("the offsets in its header are impossible")
    elements = prod(shape)
    if dtype in bits and elements * bits[dtype] != 8 * (stop - start):
        raise Unreadable("a tensor's shape and its bytes differ")
    return Tensor(name, dtype, elements), (start, stop)
