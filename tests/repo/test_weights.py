"""Weights by their headers: counts, shards, quantization, and headers that lie."""

from __future__ import annotations

import json
import struct

import pytest

from cardlint.repo import samples
from cardlint.repo.gguf import read_gguf
from cardlint.repo.repo import Repo
from cardlint.repo.safetensors import read_header

TENSORS = {"a.weight": {"dtype": "F16", "shape": [2, 3]}, "b.weight": {"dtype": "F32", "shape": [4]}}


def header(entries: object, body: int = 0, *, length: int | None = None) -> bytes:
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + bytes(body)


def test_parameters_by_dtype_and_the_main_set() -> None:
    made = Repo.from_contents(
        {"model.safetensors": samples.safetensors(TENSORS), "adapter_model.safetensors": samples.safetensors(TENSORS)}
    )
    main = made.weights.main
    assert main is not None
    assert (main.path, main.parameters, main.dtypes, main.state) == ("model.safetensors", 10, {"F16": 6, "F32": 4}, "ok")


def test_shards_promised_and_missing() -> None:
    names = [f"model-0000{n}-of-00003.safetensors" for n in (1, 2, 3)]
    made = Repo.from_contents({name: samples.safetensors(TENSORS) for name in names[:2]})
    assert made.weights.checkpoints[0].missing == (names[2],)
    assert made.weights.checkpoints[0].state == "absent"
    assert made.weights.checkpoints[0].parameters is None
    index = json.dumps({"metadata": {"total_size": 56}, "weight_map": {"x": names[0], "y": "elsewhere.safetensors"}}).encode()
    made = Repo.from_contents({name: samples.safetensors(TENSORS) for name in names} | {"model.safetensors.index.json": index})
    found = made.weights.checkpoints[0]
    assert found.missing == ("elsewhere.safetensors",)
    assert found.listing is not None
    assert found.listing.value is not None
    assert found.listing.value.total_size == 56


def test_a_shard_that_is_not_here_leaves_the_count_open() -> None:
    pointer = samples.content({"pointer": 1_000_000})
    assert pointer is not None
    made = Repo.from_contents(
        {"model-00001-of-00002.safetensors": samples.safetensors(TENSORS), "model-00002-of-00002.safetensors": pointer}
    )
    found = made.weights.checkpoints[0]
    assert (found.state, found.parameters, found.missing) == ("not-here", None, ())
    assert found.bytes == 1_000_000 + len(samples.safetensors(TENSORS))


@pytest.mark.parametrize(
    ("config", "tensors", "wanted"),
    [
        (
            {"quant_method": "gptq", "bits": 4},
            {"q.qweight": ("I32", [10]), "q.qzeros": ("I32", [3]), "q.scales": ("F16", [5]), "n.weight": ("F16", [7])},
            87,
        ),
        ({"load_in_4bit": True}, {"w": ("U8", [10]), "w.absmax": ("F32", [2]), "w.quant_state.bitsandbytes__nf4": ("U8", [9])}, 20),
        ({"quant_method": "mxfp4"}, {"w_blocks": ("U8", [10]), "w_scales": ("U8", [4])}, 20),
        ({"quant_method": "fp8"}, {"w": ("F8_E4M3", [10]), "w.weight_scale_inv": ("F32", [4])}, 10),
    ],
)
def test_packed_weights_are_counted_as_what_they_hold(config: dict, tensors: dict, wanted: int) -> None:
    made = samples.safetensors({name: {"dtype": dtype, "shape": shape} for name, (dtype, shape) in tensors.items()})
    repo = Repo.from_contents({"model.safetensors": made, "config.json": json.dumps({"quantization_config": config}).encode()})
    assert repo.weights.checkpoints[0].parameters == wanted


ONE = {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 99_000_000) + b"{}",
        header({}, length=500),
        header([1, 2]),
        b"<!DOCTYPE html><html></html>",
        header({"a": {"dtype": "F32", "shape": [1000], "data_offsets": [0, 4]}}, 4),
        header({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, 4),
        header({"a": {"dtype": "F32", "shape": [2**33], "data_offsets": [0, 4]}}, 4),
        header(ONE, 3),
        header(ONE, 9),
        header({"a": ONE["a"], "b": ONE["a"]}, 4),
        header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}, 12),
        header({"a": {"dtype": "F32", "shape": "[1]", "data_offsets": [0, 4]}}, 4),
        header({"a": [[]] * 100_000}),
        header({"__metadata__": {"x": "y"}, "a": 3}),
    ],
    ids=lambda content: f"{len(content)}-bytes",
)
def test_headers_that_lie_are_unreadable(content: bytes) -> None:
    repo = Repo.from_contents({"model.safetensors": content})
    found = read_header(repo, "model.safetensors")
    assert found.state == "unreadable"
    assert found.reason
    assert repo.weights.checkpoints[0].parameters is None


def test_a_header_is_read_and_nothing_else() -> None:
    made = samples.safetensors({"a": {"dtype": "F32", "shape": [1_000_000]}})
    repo = Repo.from_contents({"model.safetensors": made})
    contents = repo._contents
    asked: list[int] = []
    plain = contents.read
    contents.read = lambda path, start, length: asked.append(length) or plain(path, start, length)  # type: ignore[method-assign]
    assert repo.weights.checkpoints[0].parameters == 1_000_000
    assert sum(asked) < 4_000


GGUF = {
    "general.architecture": "llama",
    "llama.context_length": 4096,
    "general.file_type": 15,
    "general.license": "apache-2.0",
    "general.languages": ["en", "de"],
    "general.base_model.0.repo_url": "https://hub.example/a/b",
    "tokenizer.ggml.tokens": [f"t{number}" for number in range(30_000)],
    "tokenizer.chat_template": "{{ messages }}",
}


def test_gguf() -> None:
    made = Repo.from_contents({"x-Q4_K_M.gguf": samples.gguf(GGUF, {"w": {"type": "Q4_K", "shape": [256, 4]}})})
    found = made.weights.gguf["x-Q4_K_M.gguf"].value
    assert found is not None
    assert (found.architecture, found.context_length, found.file_type, found.license) == ("llama", 4096, "Q4_K_M", "apache-2.0")
    assert (found.languages, found.vocab_size, found.parameters) == (("en", "de"), 30_000, 1024)
    assert found.base_models == ("https://hub.example/a/b",)
    assert "tokenizer.ggml.tokens" not in found.metadata
    assert made.weights.main is not None
    assert made.weights.main.parameters == 1024


def kv(count: int, rest: bytes, tensors: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, count) + rest


KEY = struct.pack("<Q", 1) + b"k"


@pytest.mark.parametrize(
    "content",
    [
        b"GGUF",
        b"GGML" + bytes(40),
        b"GGUF" + struct.pack("<IQQ", 9, 0, 0),
        kv(2**60, b""),
        kv(1, struct.pack("<Q", 2**62)),
        kv(1, KEY + struct.pack("<IQ", 8, 2**62)),
        kv(1, KEY + struct.pack("<IIQ", 9, 8, 2**40)),
        kv(1, KEY + struct.pack("<IIQ", 9, 0, 3_999_999)),
        kv(1, KEY + struct.pack("<I", 77)),
        kv(200, (KEY + struct.pack("<IIQ", 9, 0, 1000) + bytes(1000)) * 200),
        kv(1, KEY + struct.pack("<IIQIQIQIQIQIQ", 9, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1)),
        kv(0, b"", 2**50),
        kv(0, struct.pack("<Q", 1) + b"w" + struct.pack("<IQQIQ", 2, 2**30, 2**30, 0, 0), 1),
        kv(0, struct.pack("<Q", 1) + b"w" + struct.pack("<IQIQ", 1, 2**30, 0, 0), 1),
        kv(0, struct.pack("<Q", 1) + b"w" + struct.pack("<I", 2**31), 1),
        samples.gguf(GGUF)[:-40_000],
    ],
    ids=lambda content: f"{len(content)}-bytes",
)
def test_hostile_gguf_is_unreadable(content: bytes) -> None:
    found = read_gguf(Repo.from_contents({"x.gguf": content}), "x.gguf")
    assert found.state == "unreadable"
    assert found.reason


def test_big_endian_and_version_one() -> None:
    big = b"GGUF" + struct.pack(">IQQ", 3, 0, 1) + struct.pack(">Q", 20) + b"general.architecture" + struct.pack(">IQ", 8, 4) + b"bert"
    old = b"GGUF" + struct.pack("<III", 1, 0, 1) + struct.pack("<I", 20) + b"general.architecture" + struct.pack("<II", 8, 4) + b"bert"
    for content in (big, old):
        found = read_gguf(Repo.from_contents({"x.gguf": content}), "x.gguf").value
        assert found is not None
        assert found.architecture == "bert"


def test_formats_by_name_and_by_content() -> None:
    made = Repo.from_contents(
        {
            "pytorch_model.bin": b"PK\x03\x04rest",
            "training_args.bin": b"PK\x03\x04rest",
            "tf_model.h5": b"\x89HDF\r\n\x1a\n",
            "x.bin": b"\x80\x02}q\x00.",
            "openvino_model.bin": b"\0" * 8,
            "onnx/model.onnx": b"\x08\x07",
            "model.safetensors": b"Entry not found",
            "notes.txt": b"no weights",
        }
    )
    files = {file.path: file for file in made.weights.files}
    assert files["x.bin"].format == "pytorch"
    assert files["training_args.bin"].role == "training"
    assert files["model.safetensors"].content == "text"
    assert "notes.txt" not in files
    assert made.weights.formats == ("onnx", "openvino", "pytorch", "safetensors", "tensorflow")
    assert made.weights.pickles == ("pytorch_model.bin", "training_args.bin", "x.bin")
