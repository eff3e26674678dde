"""Small files made from a few words: what examples of rules and tests hold in place of real weights."""

from __future__ import annotations

import base64
import json
import struct
from math import prod
from typing import Any

from cardlint import data

Sample = str | int | None | dict[str, Any]
"""A file as an example writes it: its text, or only its size, or nothing; a mapping is one of

- ``{base64: TEXT}``: any bytes;
- ``{safetensors: {NAME: {dtype, shape}, __metadata__: {…}}}``: offsets and zeros are added;
- ``{gguf: {KEY: VALUE}, tensors: {NAME: {type, shape}}}``: no tensor data but as many bytes as they take;
- ``{pointer: SIZE}``: a pointer of Git LFS to a content of that size;
- ``{json: VALUE}``;
- ``{link: TARGET}``: a symbolic link that leads out of the repository.
"""

MAX_DATA = 10_000_000
"""Bytes of zeros after a made header; larger tensors have none, as in a file cut short."""


def content(sample: Sample) -> bytes | None:
    """The bytes of a sample, None where only a size is given. Raises ValueError for a mapping that is none of these."""
    if sample is None or type(sample) is int or leads_out(sample):
        return None
    if type(sample) is str:
        return sample.encode("utf-8", "surrogatepass")
    if type(sample) is dict:
        if "base64" in sample:
            return base64.b64decode(sample["base64"])
        if "safetensors" in sample:
            return safetensors(sample["safetensors"])
        if "gguf" in sample:
            return gguf(sample["gguf"], sample.get("tensors"))
        if "pointer" in sample:
            return b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize %d\n" % sample["pointer"]
        if "json" in sample:
            return json.dumps(sample["json"]).encode()
    raise ValueError(f"{sample!r} is no file")


def leads_out(sample: Sample) -> bool:
    """Whether a sample is a link that leads out of the repository."""
    return type(sample) is dict and "link" in sample


def safetensors(tensors: dict[str, Any]) -> bytes:
    """A safetensors file with these tensors, all zeros."""
    bits = data.vocabulary("artifact_signatures")["dtype_bits"]
    header: dict[str, Any] = {}
    end = 0
    for name, tensor in tensors.items():
        if name == "__metadata__":
            header[name] = tensor
            continue
        start, end = end, end + prod(tensor["shape"]) * bits[tensor["dtype"]] // 8
        header[name] = {"dtype": tensor["dtype"], "shape": tensor["shape"], "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(end if end <= MAX_DATA else 0)


def gguf(metadata: dict[str, Any], tensors: dict[str, Any] | None = None) -> bytes:
    """A GGUF file of version 3 with this metadata; integers become u32, lists of texts arrays."""
    out = [b"GGUF", struct.pack("<IQQ", 3, len(tensors or {}), len(metadata))]
    for key, value in metadata.items():
        out += [_text(key), _value(value)]
    numbers = {name: int(number) for number, name in data.vocabulary("artifact_signatures")["gguf_tensor_types"].items()}
    elements = 0
    for name, tensor in (tensors or {}).items():
        shape = tensor["shape"]
        out += [_text(name), struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, numbers[tensor["type"]], elements)]
        elements += prod(shape)
    return b"".join(out) + bytes(min(elements, MAX_DATA))


def _text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(_text(str(item)) for item in value)
