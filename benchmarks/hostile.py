"""Files made to mislead or to exhaust a reader, each in a repository of its own: what is said of it, seconds, and memory.

python benchmarks/hostile.py
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CARD = "---\nlicense: mit\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n# Gull counter\nIt counts gulls. Created with care.\n"
SECRET = "s3cret-outside"


def sparse(path: Path, head: bytes, size: int) -> None:
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(size)


def nothing(home: Path) -> None:
    """The card and a small configuration: the measure of the others."""


def cut_safetensors(home: Path) -> None:
    (home / "model.safetensors").write_bytes(struct.pack("<Q", 5_000) + b'{"a": {"dtype": "F32"')


def lying_safetensors(home: Path) -> None:
    text = json.dumps({"a": {"dtype": "F32", "shape": [1_000_000], "data_offsets": [0, 8]}}).encode()
    (home / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(8))


def huge_safetensors_header(home: Path) -> None:
    sparse(home / "model.safetensors", struct.pack("<Q", 10_000_000_000) + b'{"a": ', 10_000_100_000)


def many_tensors(home: Path) -> None:
    text = b"{" + b",".join(b'"t%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % n for n in range(400_000)) + b"}"
    (home / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text)


def cut_gguf(home: Path) -> None:
    (home / "model.gguf").write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 10, 5) + struct.pack("<Q", 20) + b"general.arch")


def huge_gguf_counts(home: Path) -> None:
    (home / "model.gguf").write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 2**62, 2**62))


def huge_gguf_text(home: Path) -> None:
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 4) + b"name" + struct.pack("<IQ", 8, 10_000_000_000)
    sparse(home / "model.gguf", head, 10_000_100_000)


def huge_gguf_array(home: Path) -> None:
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 4) + b"name" + struct.pack("<IIQ", 9, 8, 2**40)
    sparse(home / "model.gguf", head, 10_000_100_000)


def huge_config(home: Path) -> None:
    (home / "config.json").write_bytes(b'{"a": "' + b"x" * 100_000_000 + b'"}')


def deep_config(home: Path) -> None:
    (home / "config.json").write_bytes(b'{"a":' * 600_000 + b"1" + b"}" * 600_000)


def link_out(home: Path) -> None:
    (home / "config.json").unlink()
    (home / "config.json").symlink_to(home.parent / "secret.json")


def link_to_device(home: Path) -> None:
    (home / "tokenizer.json").symlink_to("/dev/zero")


def zip_bomb(home: Path) -> None:
    with (
        zipfile.ZipFile(home / "pytorch_model.bin", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("archive/data.pkl", "w", force_zip64=True) as member,
    ):
        for _ in range(1_000):
            member.write(bytes(1_000_000))


def many_members(home: Path) -> None:
    with zipfile.ZipFile(home / "pytorch_model.bin", "w") as archive:
        for number in range(60_000):
            archive.writestr(f"archive/data/{number}", b"")


def pipe(home: Path) -> None:
    (home / "config.json").unlink()
    os.mkfifo(home / "config.json")


def pipe_as_card(home: Path) -> None:
    (home / "README.md").unlink()
    os.mkfifo(home / "README.md")


def huge_card(home: Path) -> None:
    (home / "README.md").write_text(CARD + "word " * 20_000_000)


def huge_tokenizer(home: Path) -> None:
    (home / "tokenizer.json").write_bytes(b'{"model": {"vocab": {' + b",".join(b'"%d": %d' % (n, n) for n in range(6_000_000)) + b"}}}")


CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "nothing (the measure)": ("config.json", nothing),
    "safetensors cut in its header": ("model.safetensors", cut_safetensors),
    "safetensors whose shapes lie": ("model.safetensors", lying_safetensors),
    "safetensors of 10 GB, header claims 10 GB": ("model.safetensors", huge_safetensors_header),
    "safetensors header of 24 MB, 400,000 tensors": ("model.safetensors", many_tensors),
    "GGUF cut in its header": ("model.gguf", cut_gguf),
    "GGUF claims 2^62 tensors and keys": ("model.gguf", huge_gguf_counts),
    "GGUF of 10 GB, a text claims 10 GB": ("model.gguf", huge_gguf_text),
    "GGUF of 10 GB, an array claims 2^40 texts": ("model.gguf", huge_gguf_array),
    "config.json of 100 MB": ("config.json", huge_config),
    "config.json nested 600,000 deep": ("config.json", deep_config),
    "config.json links out of the repository": ("config.json", link_out),
    "tokenizer.json links to /dev/zero": ("tokenizer.json", link_to_device),
    "zip bomb of 1 GB named pytorch_model.bin": ("pytorch_model.bin", zip_bomb),
    "zip of 60,000 members named pytorch_model.bin": ("pytorch_model.bin", many_members),
    "config.json is a pipe": ("config.json", pipe),
    "README.md is a pipe": ("README.md", pipe_as_card),
    "README.md of 100 MB": ("README.md", huge_card),
    "tokenizer.json of 100 MB": ("tokenizer.json", huge_tokenizer),
}


def run(home: Path) -> tuple[dict[str, object], float, float, int]:
    """The report on a repository, seconds, MB of memory at most, exit."""
    out = home.parent / "report.json"
    with out.open("wb") as stream:
        start = time.perf_counter()
        command = [sys.executable, "-m", "cardlint", "check", os.fspath(home), "--profile", "audit", "--preview", "--format", "json"]
        process = subprocess.Popen(command, stdout=stream)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    text = out.read_text(encoding="utf-8")
    assert SECRET not in text
    return json.loads(text), seconds, used.ru_maxrss / 1024, process.returncode


def said(report: dict[str, object], name: str) -> str:
    """What the report says of a file: findings, what was not checked, a failure."""
    (card,) = report["cards"]  # type: ignore[misc]
    found = [f"{each['code']} {each['message']}" for each in card["findings"] if name in each["message"] or "bytes" in each["message"]]
    found += [f"not checked: {reason}" for reason in card["not_checked"] if name in reason]
    return "; ".join([*found, *([f"failure: {card['failure']}"] if card["failure"] else [])]) or "-"


def main() -> int:
    with tempfile.TemporaryDirectory() as top:
        for case, (name, make) in CASES.items():
            home = Path(top) / "x" / "repo"
            home.mkdir(parents=True)
            (home.parent / "secret.json").write_text(json.dumps({"architectures": [SECRET], "model_type": SECRET}))
            (home / "README.md").write_text(CARD)
            (home / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}')
            builder = os.fork()  # the memory of this process would count as that of the next one
            if builder == 0:
                make(home)
                os._exit(0)
            os.waitpid(builder, 0)
            report, seconds, memory, code = run(home)
            print(f"| {case} | {said(report, name)[:230]} | {seconds:.2f} | {memory:.0f} | {code} |", flush=True)
            shutil.rmtree(home.parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
