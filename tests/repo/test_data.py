"""The data behind the readers: sealed, canonical, and of ids that exist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint import data
from cardlint.repo import shingles, signatures
from cardlint.vocab import libraries, licenses, sealed

FOLDER = Path(str(data.folder("schemas"))) / "vocab"


@pytest.mark.parametrize("name", ["artifact_signatures", "license_texts", "license_texts_terms"])
def test_a_file_is_canonical_and_sealed(name: str) -> None:
    path = FOLDER / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["_meta"]["sha256"] == sealed.digest(content)
    assert path.read_text(encoding="utf-8") == sealed.text(content)
    assert {"source", "date"} <= content["_meta"].keys()


def test_licences_exist() -> None:
    vocabulary = data.vocabulary("license_texts")
    assert all(licenses.known(text["license"]) for text in vocabulary["texts"].values() if "license" in text)
    assert all(licenses.known(identifier) for identifier in vocabulary["spdx"])
    assert all(len(shingles.unpack(text["runs"])) > 100 for text in vocabulary["texts"].values())


def test_libraries_exist_or_are_tools_and_formats() -> None:
    vocabulary = data.vocabulary("artifact_signatures")
    unknown = {identifier for identifier in vocabulary["detect"] if not libraries.known(identifier)}
    assert unknown <= {
        "gguf",
        "onnx",
        "openvino",
        "ctranslate2",
        "mergekit",
        "coreml",
        "tf-keras",
        "opennmt",
        "tvm",
        "torchhub",
        "megatron",
    }


def test_every_format_is_found_by_its_own_pattern() -> None:
    for pattern, name, _ in data.vocabulary("artifact_signatures")["formats"]:
        found = signatures.format_of(pattern.replace("*", "x").replace("?", "1"))
        assert found is not None
        assert found.name == name, pattern
