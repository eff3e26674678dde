"""Write the weight files of the example hub: real formats, a few thousand parameters, the same bytes on every run.

Run ``python examples/make_weights.py`` to write them, with ``--check`` to compare them with what is there (exit 1 when
one differs). Values are pseudo-random and seeded by the tensor's name; the merge is the true mean of its two parents and
the GGUF files hold the true quantised values of their base.

Formats: safetensors (8-byte header length, JSON header, data) and GGUF version 3 (ggml's ``docs/gguf.md``).
"""

from __future__ import annotations

import json
import random
import struct
import sys
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HUB = Path(__file__).parent / "hub"
Shape = tuple[int, ...]


class Tensor(NamedTuple):
    """A named tensor, values in row-major order."""

    name: str
    shape: Shape
    values: tuple[float, ...]


# ---------------------------------------------------------------- shapes


def _linear(name: str, out: int, width: int, *, bias: bool = True) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (out, width)
    if bias:
        yield f"{name}.bias", (out,)


def _norm(name: str, width: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (width,)
    yield f"{name}.bias", (width,)


def distilbert(vocab: int, positions: int, width: int, inner: int, labels: int) -> Iterator[tuple[str, Shape]]:
    """One layer of DistilBERT with a sequence classification head."""
    yield "distilbert.embeddings.word_embeddings.weight", (vocab, width)
    yield "distilbert.embeddings.position_embeddings.weight", (positions, width)
    yield from _norm("distilbert.embeddings.LayerNorm", width)
    layer = "distilbert.transformer.layer.0"
    for part in ("q_lin", "k_lin", "v_lin", "out_lin"):
        yield from _linear(f"{layer}.attention.{part}", width, width)
    yield from _norm(f"{layer}.sa_layer_norm", width)
    yield from _linear(f"{layer}.ffn.lin1", inner, width)
    yield from _linear(f"{layer}.ffn.lin2", width, inner)
    yield from _norm(f"{layer}.output_layer_norm", width)
    yield from _linear("pre_classifier", width, width)
    yield from _linear("classifier", labels, width)


def bert(vocab: int, positions: int, width: int, inner: int, labels: int, *, pooler: bool) -> Iterator[tuple[str, Shape]]:
    """One layer of BERT with a classification head, with a pooler for sequences and without one for tokens."""
    yield "bert.embeddings.word_embeddings.weight", (vocab, width)
    yield "bert.embeddings.position_embeddings.weight", (positions, width)
    yield "bert.embeddings.token_type_embeddings.weight", (2, width)
    yield from _norm("bert.embeddings.LayerNorm", width)
    layer = "bert.encoder.layer.0"
    for part in ("query", "key", "value"):
        yield from _linear(f"{layer}.attention.self.{part}", width, width)
    yield from _linear(f"{layer}.attention.output.dense", width, width)
    yield from _norm(f"{layer}.attention.output.LayerNorm", width)
    yield from _linear(f"{layer}.intermediate.dense", inner, width)
    yield from _linear(f"{layer}.output.dense", width, inner)
    yield from _norm(f"{layer}.output.LayerNorm", width)
    if pooler:
        yield from _linear("bert.pooler.dense", width, width)
    yield from _linear("classifier", labels, width)


def llama(vocab: int, width: int, heads: int, inner: int) -> Iterator[tuple[str, Shape]]:
    """One layer of Llama with tied embeddings; ``heads`` is the width of all heads together."""
    yield "model.embed_tokens.weight", (vocab, width)
    layer = "model.layers.0"
    yield f"{layer}.input_layernorm.weight", (width,)
    for part in ("q_proj", "k_proj", "v_proj"):
        yield from _linear(f"{layer}.self_attn.{part}", heads, width, bias=False)
    yield from _linear(f"{layer}.self_attn.o_proj", width, heads, bias=False)
    yield f"{layer}.post_attention_layernorm.weight", (width,)
    yield from _linear(f"{layer}.mlp.gate_proj", inner, width, bias=False)
    yield from _linear(f"{layer}.mlp.up_proj", inner, width, bias=False)
    yield from _linear(f"{layer}.mlp.down_proj", width, inner, bias=False)
    yield "model.norm.weight", (width,)


def llama_lora(width: int, heads: int, rank: int) -> Iterator[tuple[str, Shape]]:
    """A LoRA adapter on the query and value projections of `llama`."""
    for part in ("q_proj", "v_proj"):
        name = f"base_model.model.model.layers.0.self_attn.{part}"
        yield f"{name}.lora_A.weight", (rank, width)
        yield f"{name}.lora_B.weight", (heads, rank)


def t5(vocab: int, width: int, inner: int, buckets: int, heads: int) -> Iterator[tuple[str, Shape]]:
    """T5 with one encoder and one decoder block, tied embeddings."""
    yield "shared.weight", (vocab, width)
    for side, last in (("encoder", 1), ("decoder", 2)):
        block = f"{side}.block.0.layer"
        for index in range(last):
            attention = "SelfAttention" if index == 0 else "EncDecAttention"
            for part in "qkvo":
                yield from _linear(f"{block}.{index}.{attention}.{part}", width, width, bias=False)
            if index == 0:
                yield f"{block}.0.SelfAttention.relative_attention_bias.weight", (buckets, heads)
            yield f"{block}.{index}.layer_norm.weight", (width,)
        yield from _linear(f"{block}.{last}.DenseReluDense.wi", inner, width, bias=False)
        yield from _linear(f"{block}.{last}.DenseReluDense.wo", width, inner, bias=False)
        yield f"{block}.{last}.layer_norm.weight", (width,)
        yield f"{side}.final_layer_norm.weight", (width,)


def vit(width: int, inner: int, patch: int, patches: int, labels: int) -> Iterator[tuple[str, Shape]]:
    """One layer of ViT with an image classification head."""
    yield "vit.embeddings.cls_token", (1, 1, width)
    yield "vit.embeddings.position_embeddings", (1, patches + 1, width)
    yield "vit.embeddings.patch_embeddings.projection.weight", (width, 3, patch, patch)
    yield "vit.embeddings.patch_embeddings.projection.bias", (width,)
    layer = "vit.encoder.layer.0"
    for part in ("query", "key", "value"):
        yield from _linear(f"{layer}.attention.attention.{part}", width, width)
    yield from _linear(f"{layer}.attention.output.dense", width, width)
    yield from _linear(f"{layer}.intermediate.dense", inner, width)
    yield from _linear(f"{layer}.output.dense", width, inner)
    yield from _norm(f"{layer}.layernorm_before", width)
    yield from _norm(f"{layer}.layernorm_after", width)
    yield from _norm("vit.layernorm", width)
    yield from _linear("classifier", labels, width)


def perceptron(*widths: int) -> Iterator[tuple[str, Shape]]:
    """Fully connected layers of the given widths."""
    for index, (width, out) in enumerate(pairwise(widths), 1):
        yield from _linear(f"fc{index}", out, width)


# ---------------------------------------------------------------- values


def fill(seed: str, shapes: Iterator[tuple[str, Shape]]) -> list[Tensor]:
    """Tensors of small pseudo-random values; norm weights lie near one."""
    tensors = []
    for name, shape in shapes:
        draw = random.Random(f"{seed}/{name}")  # noqa: S311  # no secret
        centre = 1.0 if "norm" in name.lower() and name.endswith("weight") else 0.0
        tensors.append(Tensor(name, shape, tuple(centre + draw.uniform(-0.1, 0.1) for _ in range(prod(shape)))))
    return tensors


def mean(first: list[Tensor], second: list[Tensor]) -> list[Tensor]:
    """The linear merge of two models of one architecture with equal weights."""
    return [
        Tensor(a.name, a.shape, tuple((x + y) / 2 for x, y in zip(a.values, b.values, strict=True)))
        for a, b in zip(first, second, strict=True)
    ]


def f32(values: tuple[float, ...]) -> bytes:
    """IEEE single precision."""
    return struct.pack(f"<{len(values)}f", *values)


def f16(values: tuple[float, ...]) -> bytes:
    """IEEE half precision."""
    return struct.pack(f"<{len(values)}e", *values)


def bf16(values: tuple[float, ...]) -> bytes:
    """The upper half of single precision, rounded to the nearest."""
    words = struct.unpack(f"<{len(values)}I", f32(values))
    return struct.pack(f"<{len(values)}H", *((word + 0x7FFF + (word >> 16 & 1)) >> 16 for word in words))


def q8_0(values: tuple[float, ...]) -> bytes:
    """GGML Q8_0: blocks of 32 values, one half precision scale and 32 signed bytes each."""
    out = bytearray()
    for at in range(0, len(values), 32):
        block = values[at : at + 32]
        scale = max(map(abs, block)) / 127
        out += struct.pack("<e32b", scale, *(round(value / scale) for value in block))
    return bytes(out)


def q4_0(values: tuple[float, ...]) -> bytes:
    """GGML Q4_0: blocks of 32 values, one half precision scale and 32 nibbles each, low nibbles first."""
    out = bytearray()
    for at in range(0, len(values), 32):
        block = values[at : at + 32]
        scale = max(block, key=abs) / -8
        nibbles = [min(15, int(value / scale + 8.5)) for value in block]
        out += struct.pack("<e16B", scale, *(low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True)))
    return bytes(out)


# ---------------------------------------------------------------- formats

SAFETENSORS: dict[str, Callable[[tuple[float, ...]], bytes]] = {"F32": f32, "F16": f16, "BF16": bf16}
GGML: dict[str, tuple[int, Callable[[tuple[float, ...]], bytes]]] = {"F32": (0, f32), "F16": (1, f16), "Q4_0": (2, q4_0), "Q8_0": (8, q8_0)}


def safetensors(tensors: list[Tensor], dtype: str) -> bytes:
    """A safetensors file; tensors stand in the order of their names."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    data = bytearray()
    for tensor in sorted(tensors):
        start = len(data)
        data += SAFETENSORS[dtype](tensor.values)
        header[tensor.name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(data)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: object) -> bytes:
    """A typed GGUF value: bool, uint32, float32, string or an array of strings, floats or ints."""
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + _string(value)
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_string, value))
    kind, letter = (6, "f") if isinstance(value[0], float) else (5, "i")
    return struct.pack(f"<IIQ{len(value)}{letter}", 9, kind, len(value), *value)


def gguf(metadata: dict[str, object], tensors: list[Tensor], dtype: str) -> bytes:
    """A GGUF file; vectors stay in F32 and rows that do not fill blocks in F16, as llama.cpp leaves them."""
    infos, data = bytearray(), bytearray()
    for tensor in tensors:
        row = tensor.shape[-1]
        code, encode = GGML["F32" if len(tensor.shape) == 1 else "F16" if row % 32 else dtype]
        infos += _string(tensor.name) + struct.pack("<I", len(tensor.shape))
        infos += struct.pack(f"<{len(tensor.shape)}Q", *reversed(tensor.shape)) + struct.pack("<IQ", code, len(data))
        data += encode(tensor.values)
        data += b"\0" * (-len(data) % 32)
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata))
    head += b"".join(_string(key) + _value(value) for key, value in metadata.items()) + bytes(infos)
    return head + b"\0" * (-len(head) % 32) + bytes(data)


GGUF_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}


def gguf_name(name: str) -> str:
    """llama.cpp's name of a Llama tensor."""
    stem = name.removesuffix(".weight")
    if stem in GGUF_NAMES:
        return f"{GGUF_NAMES[stem]}.weight"
    parts = stem.split(".")
    return f"blk.{parts[2]}.{GGUF_NAMES[parts[-1]]}.weight"


def minnow_gguf(tensors: list[Tensor], dtype: str, file_type: int) -> bytes:
    """The quantised copy of minnow-base as its converter would write it; pieces come from the base's tokenizer."""
    vocab = json.loads((HUB / "lanternfish/minnow-base/tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    pieces = sorted(vocab, key=vocab.__getitem__)
    metadata: dict[str, object] = {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "Minnow Base",
        "general.basename": "minnow",
        "general.finetune": "base",
        "general.organization": "Lanternfish",
        "general.quantized_by": "packrat",
        "general.size_label": "3.9K",
        "general.license": "apache-2.0",
        "general.base_model.count": 1,
        "general.base_model.0.name": "Minnow Base",
        "general.base_model.0.organization": "Lanternfish",
        "general.tags": ["text-generation"],
        "general.languages": ["en"],
        "general.file_type": file_type,
        "general.quantization_version": 2,
        "llama.block_count": 1,
        "llama.context_length": 256,
        "llama.embedding_length": 32,
        "llama.feed_forward_length": 8,
        "llama.attention.head_count": 2,
        "llama.attention.head_count_kv": 2,
        "llama.attention.key_length": 4,
        "llama.attention.value_length": 4,
        "llama.attention.layer_norm_rms_epsilon": 1e-05,
        "llama.rope.dimension_count": 4,
        "llama.vocab_size": len(pieces),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": pieces,
        "tokenizer.ggml.token_type": [3 if piece.startswith("<") else 1 for piece in pieces],
        "tokenizer.ggml.merges": ["t h", "Ġ th"],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.padding_token_id": 0,
    }
    return gguf(metadata, [tensor._replace(name=gguf_name(tensor.name)) for tensor in tensors], dtype)


def weights() -> dict[str, bytes]:
    """Every weight file of the example hub by its path."""
    base = fill("minnow-base", llama(64, 32, 8, 8))
    tides = fill("minnow-tides", llama(64, 32, 8, 8))
    return {
        "harbourlight/dockside-triage-en/model.safetensors": safetensors(fill("dockside", distilbert(96, 64, 8, 16, 4)), "F16"),
        "sunnyfield/triage-v2-final/model.safetensors": safetensors(fill("triage-v2", distilbert(96, 64, 8, 8, 3)), "F16"),
        "tsukimi-lab/komorebi-sentiment-ja/model.safetensors": safetensors(fill("komorebi", bert(80, 48, 8, 16, 3, pooler=True)), "F16"),
        "qinghe/diming-ner-zh/model.safetensors": safetensors(fill("diming", bert(64, 32, 8, 8, 5, pooler=False)), "F32"),
        "lanternfish/minnow-base/model.safetensors": safetensors(base, "BF16"),
        "quietriver/minnow-tides/model.safetensors": safetensors(tides, "BF16"),
        "mergeworks/minnow-blend/model.safetensors": safetensors(mean(base, tides), "BF16"),
        "nightshift/minnow-ckpt-0420/model.safetensors": safetensors(fill("ckpt-0420", llama(64, 32, 8, 8)), "BF16"),
        "quietriver/minnow-haiku-lora/adapter_model.safetensors": safetensors(fill("haiku", llama_lora(32, 8, 2)), "F32"),
        "packrat/minnow-base-GGUF/minnow-base.Q8_0.gguf": minnow_gguf(base, "Q8_0", 7),
        "packrat/minnow-base-GGUF/minnow-base.Q4_0.gguf": minnow_gguf(base, "Q4_0", 2),
        "atelier-verne/resume-depeches-fr/model.safetensors": safetensors(fill("depeches", t5(64, 8, 16, 8, 2)), "F16"),
        "gravelroad/pothole-vit/model.safetensors": safetensors(fill("pothole", vit(8, 16, 8, 4, 2)), "F16"),
        "coppertop/gauge-reader/model.safetensors": safetensors(fill("gauge", perceptron(12, 24, 16, 1)), "F32"),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or compare them with ``--check``."""
    stale = []
    for name, data in weights().items():
        path = HUB / name
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            stale.append(name)
    if stale:
        sys.stderr.write("".join(f"differs from examples/make_weights.py: {name}\n" for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
