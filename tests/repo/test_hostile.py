"""Repositories made to mislead or to exhaust: a finding or not checked, in bounded memory, and nothing read outside."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CARD = "---\nlicense: mit\nlibrary_name: transformers\npipeline_tag: text-generation\n---\n# Gull counter\nIt counts gulls.\n"
SECRET = "s3cret-outside"
MEMORY = 700_000_000
"""Bytes of address space that a run is given; bare Python with all parsers maps about 300 MB."""
LIMITED = (
    f"import resource, runpy; resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY})); "
    "runpy.run_module('cardlint', run_name='__main__')"
)

GGUF = b"GGUF" + struct.pack("<I", 3)
KEY = struct.pack("<Q", 4) + b"name"
LIE = json.dumps({"a": {"dtype": "F32", "shape": [1_000_000], "data_offsets": [0, 8]}}).encode()
HEADERS = {
    "model.safetensors cut": struct.pack("<Q", 5_000) + b'{"a": {"dtype": "F32"',
    "model.safetensors lying": struct.pack("<Q", len(LIE)) + LIE + bytes(8),
    "model.safetensors claims 10 GB": struct.pack("<Q", 10_000_000_000) + b'{"a": ',
    "model.gguf cut": GGUF + struct.pack("<QQ", 10, 5) + struct.pack("<Q", 20) + b"general.arch",
    "model.gguf of 2^62 keys": GGUF + struct.pack("<QQ", 2**62, 2**62),
    "model.gguf with a text of 10 GB": GGUF + struct.pack("<QQ", 0, 1) + KEY + struct.pack("<IQ", 8, 10_000_000_000),
    "model.gguf with an array of 2^40": GGUF + struct.pack("<QQ", 0, 1) + KEY + struct.pack("<IIQ", 9, 8, 2**40),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "README.md").write_text(CARD)
    (tmp_path / "secret.json").write_text(json.dumps({"architectures": [SECRET], "model_type": SECRET}))
    return folder


def said(home: Path) -> str:
    """Messages and reasons of a run under a bound of memory."""
    command = [sys.executable, "-c", LIMITED, "check", str(home), "--profile", "audit", "--preview", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr[-2_000:]
    assert SECRET not in done.stdout + done.stderr
    (card,) = json.loads(done.stdout)["cards"]
    assert card["failure"] is None
    return "\n".join([*(found["message"] for found in card["findings"]), *card["not_checked"]])


@pytest.mark.parametrize("case", HEADERS)
def test_headers(case: str, home: Path) -> None:
    name = case.partition(" ")[0]
    with (home / name).open("wb") as stream:
        stream.write(HEADERS[case])
        if "10 GB" in case or "2^" in case:
            stream.truncate(10_000_100_000)
    assert f"'{name}' cannot be read" in said(home)


def test_a_large_configuration(home: Path) -> None:
    with (home / "config.json").open("wb") as stream:
        stream.write(b'{"a": "')
        stream.truncate(100_000_000)
    assert "config.json could not be read" in said(home)


def test_links_out(home: Path) -> None:
    (home / "config.json").symlink_to(home.parent / "secret.json")
    (home / "tokenizer.json").symlink_to("/dev/zero")
    (home / "LICENSE").symlink_to(home.parent)
    found = said(home)
    assert "'LICENSE' is not read: it leads out of the repository; so are 'config.json', 'tokenizer.json'" in found
    assert "config.json could not be read" in found


def test_a_card_that_links_out_is_not_read(home: Path) -> None:
    (home / "README.md").unlink()
    (home / "README.md").symlink_to(home.parent / "secret.json")
    assert "has no model card" in said(home)


def test_a_folder_that_links_out_is_not_entered(home: Path) -> None:
    (home.parent / "other").mkdir()
    (home.parent / "other" / "config.json").write_text(SECRET)
    (home / "unet").symlink_to(home.parent / "other")
    assert "'unet' is not read" in said(home)


def test_pipes(home: Path) -> None:
    os.mkfifo(home / "config.json")
    os.mkfifo(home / "model.safetensors")
    found = said(home)
    assert "'config.json' is not read: it is no regular file; so are 'model.safetensors'" in found


def test_links_to_nothing_and_in_circles_are_not_checked(home: Path) -> None:
    (home / "config.json").symlink_to("nowhere.json")
    (home / "loop").symlink_to("loop")
    assert "config.json is not in this copy" in said(home)


def test_a_zip_bomb(home: Path) -> None:
    with (
        zipfile.ZipFile(home / "pytorch_model.bin", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("archive/data.pkl", "w", force_zip64=True) as member,
    ):
        for _ in range(200):
            member.write(bytes(1_000_000))
    assert "pytorch_model.bin" in said(home)
