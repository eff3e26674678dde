"""What the readers of the files beside a card cost: bytes read of weight files, milliseconds with large tokenizers and headers.

python benchmarks/readers.py
"""

from __future__ import annotations

import json
import random
import struct
import sys
import time
import tracemalloc
from typing import TYPE_CHECKING

from cardlint.repo import samples
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.repo.repo import Repo

if TYPE_CHECKING:
    from collections.abc import Callable


class Counted(Memory):
    """Contents that count the bytes asked of them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.bytes = self.reads = 0

    def read(self, path: str, start: int, length: int) -> bytes | None:
        found = super().read(path, start, length)
        self.bytes += len(found or b"")
        self.reads += 1
        return found


def tokenizer(words: int) -> bytes:
    rng = random.Random(7)
    vocab = {"".join(rng.choices("abcdefghijklmnopqrstuvwxyz▁é", k=rng.randint(2, 12))) + str(number): number for number in range(words)}
    names = list(vocab)
    merges = [f"{rng.choice(names)} {rng.choice(names)}" for _ in range(2 * words)]
    return json.dumps({"added_tokens": [], "model": {"type": "BPE", "vocab": vocab, "merges": merges}}, ensure_ascii=False).encode()


def shard(tensors: int) -> bytes:
    return samples.safetensors(
        {f"model.layers.{n}.self_attn.q_proj.weight": {"dtype": "BF16", "shape": [4096, 4096]} for n in range(tensors)}
    )


def gguf(words: int) -> bytes:
    tokens = [f"token{number}" for number in range(words)]
    metadata = {"general.architecture": "llama", "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.merges": [f"{a} {a}" for a in tokens]}
    return samples.gguf(metadata, {f"blk.{n}.w": {"type": "Q4_K", "shape": [256, 16]} for n in range(300)})


def measure(name: str, files: dict[str, bytes], ask: Callable[[Repo], object]) -> None:
    listing = tuple(FileEntry(path, len(data)) for path, data in files.items())
    best = float("inf")
    for _ in range(3):
        contents = Counted(files)
        start = time.perf_counter()
        said = ask(Repo(listing, None, contents))
        best = min(best, time.perf_counter() - start)
    tracemalloc.start()
    ask(Repo(listing, None, Counted(files)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = sum(map(len, files.values()))
    print(
        f"{name:44} {size / 1e6:8.2f} MB file {contents.bytes / 1e3:10.1f} kB read in {contents.reads:4} reads "
        f"{1e3 * best:7.1f} ms {peak / 1e6:6.1f} MB peak  {str(said)[:60]}"
    )


def main() -> int:
    def parameters(repo: Repo) -> object:
        main = repo.weights.main
        return main and (main.parameters, main.state)

    # Tensors of 32 MB each are promised and not there: what is measured is the header.
    one = shard(300)
    small = samples.safetensors({f"w{n}": {"dtype": "F32", "shape": [64, 64]} for n in range(500)})
    measure("safetensors, 500 tensors", {"model.safetensors": small}, parameters)
    measure("safetensors, cut short behind its header", {"model.safetensors": one}, parameters)
    measure("safetensors, 40 shards", {f"model-{n:05}-of-00040.safetensors": small for n in range(1, 41)}, parameters)
    measure("GGUF, 128,000 words and merges", {"x.gguf": gguf(128_000)}, parameters)
    measure("pytorch_model.bin by name", {"pytorch_model.bin": b"PK\x03\x04" + bytes(10_000_000)}, lambda repo: repo.weights.formats)
    words = tokenizer(128_000)
    measure("tokenizer.json, 128,000 words", {"tokenizer.json": words}, lambda repo: repo.tokenizer.value and repo.tokenizer.value.size)
    start = time.perf_counter()
    json.loads(words)
    print(f"{'(the same by json.loads)':44} {len(words) / 1e6:8.2f} MB {1e3 * (time.perf_counter() - start):48.1f} ms")
    measure("config.json of 100 MB", {"config.json": bytes(100_000_000)}, lambda repo: repo.config.reason)
    measure("safetensors header claims 90 MB", {"model.safetensors": struct.pack("<Q", 90_000_000) + b"{}"}, parameters)
    return 0


if __name__ == "__main__":
    sys.exit(main())
