"""Files of rule examples, and the schema that allows them."""

from __future__ import annotations

import jsonschema
import pytest

from cardlint import data
from cardlint.engine.testing import _subject
from cardlint.repo import samples

FILES = {
    "README.md": 60,
    "config.json": {"json": {"model_type": "llama"}},
    "model.safetensors": {"safetensors": {"a": {"dtype": "BF16", "shape": [4, 4]}, "__metadata__": {"format": "pt"}}},
    "x.gguf": {"gguf": {"general.architecture": "llama", "general.file_type": 7}, "tensors": {"t": {"type": "Q8_0", "shape": [32]}}},
    "pytorch_model.bin": {"pointer": 5000},
    "note.bin": {"base64": "gAI="},
    "LICENSE": None,
    "vocab.txt": "a\nb\n",
    "adapter_config.json": {"link": "../elsewhere"},
}


def test_the_files_of_an_example_are_read() -> None:
    repo = _subject({"card": "x", "files": FILES}).repo
    assert repo is not None
    assert repo.config.value is not None
    assert repo.config.value.model_type == "llama"
    assert repo.weights.main is not None
    assert repo.weights.main.parameters == 16
    assert repo.weights.gguf["x.gguf"].value is not None
    assert repo.weights.gguf["x.gguf"].value.file_type == "Q8_0"
    assert repo.size("pytorch_model.bin") == 5000
    assert repo.size("README.md") == 60
    assert repo.whole("README.md").state == repo.whole("LICENSE").state == "not-here"
    assert repo.read("vocab.txt") == b"a\nb\n"
    assert repo.adapter.state == "unreadable"


def test_the_schema_knows_them() -> None:
    schema = data.schema("rule")
    validator = jsonschema.Draft202012Validator({**schema["$defs"]["example"], "$defs": schema["$defs"]})
    assert validator.is_valid({"files": FILES})
    assert not validator.is_valid({"files": {"a": {"safetensor": {}}}})
    assert not validator.is_valid({"files": {"a": {"safetensors": {"t": {"shape": [1]}}}}})


def test_a_mapping_that_makes_no_file() -> None:
    with pytest.raises(ValueError, match="is no file"):
        samples.content({"nothing": 1})
