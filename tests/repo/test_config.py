"""Configuration files: tolerant, bounded, with the traps of real ones."""

from __future__ import annotations

import json

import pytest

from cardlint.repo.repo import Repo


def config(**data: object) -> Repo:
    return Repo.from_contents({"config.json": json.dumps(data).encode()})


def test_what_a_configuration_says() -> None:
    found = config(
        architectures=["BertForSequenceClassification"],
        model_type="bert",
        id2label={"0": "LABEL_0", "1": "LABEL_1"},
        auto_map={"AutoModel": "modeling_x.X", "AutoTokenizer": ["tok.T", None]},
        torch_dtype="torch.float16",
        max_position_embeddings=512.0,
        vocab_size=True,
    ).config.value
    assert found is not None
    assert (found.architectures, found.model_type, found.dtype) == (("BertForSequenceClassification",), "bert", "float16")
    assert (found.num_labels, found.labels_named, found.max_positions, found.vocab_size) == (2, False, 512, None)
    assert found.custom_code == ("modeling_x.X", "tok.T")


def test_the_newer_dtype_wins_and_nested_text_counts() -> None:
    found = config(dtype="bfloat16", torch_dtype="float32", text_config={"max_position_embeddings": 8192, "vocab_size": 7}).config.value
    assert found is not None
    assert (found.dtype, found.max_positions, found.vocab_size) == ("bfloat16", 8192, 7)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({"quantization_config": {"load_in_4bit": True}}, ("bitsandbytes", 4)),
        ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, ("gptq", 4)),
        ({"quantization": {"bits": 8, "group_size": 64}}, ("mlx", 8)),
    ],
)
def test_quantization(data: dict, wanted: tuple) -> None:
    found = config(**data).config.value
    assert found is not None
    assert found.quantization is not None
    assert (found.quantization.method, found.quantization.bits) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "not JSON"),
        (b"[1]", "an object is expected"),
        (b'{"a": }', "not JSON"),
        (b"\xff{}", "not UTF-8"),
        (b'{"a":' * 100_000, "nested deeper"),
        (b"[" * 1_000_000, "nested deeper"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
    ids=lambda value: value[:8] if isinstance(value, str) else f"{len(value)}-bytes",
)
def test_bad_json_is_unreadable(text: bytes, reason: str) -> None:
    found = Repo.from_contents({"config.json": text}).config
    assert found.state == "unreadable"
    assert reason in found.reason


def test_what_python_writes_is_read() -> None:
    text = b'\xef\xbb\xbf{"a": NaN, "b": -Infinity, "model_type": "x", "model_type": "y", "brackets": "' + b"[" * 200 + b'"}'
    found = Repo.from_contents({"config.json": text}).config.value
    assert found is not None
    assert found.model_type == "y"


def test_generation_and_processors() -> None:
    made = Repo.from_contents(
        {
            "generation_config.json": b'{"temperature": 0.6, "do_sample": true, "top_k": "40"}',
            "preprocessor_config.json": b'{"feature_extractor_type": "WhisperFeatureExtractor", "sampling_rate": 16000}',
            "processor_config.json": b'{"processor_class": "WhisperProcessor"}',
        }
    )
    generation, processor = made.generation_config.value, made.processor.value
    assert generation is not None
    assert processor is not None
    assert generation == {"temperature": 0.6, "do_sample": True, "top_k": "40"}
    assert (processor.classes, processor.modalities) == (("WhisperProcessor", "WhisperFeatureExtractor"), ("audio",))


def test_adapters_of_two_libraries() -> None:
    peft = Repo.from_contents({"adapter_config.json": b'{"peft_type": "LORA", "base_model_name_or_path": "a/b", "r": 8}'}).adapter.value
    other = Repo.from_contents({"adapter_config.json": b'{"config": {}, "model_name": "bert-base", "hidden_size": 768}'}).adapter.value
    assert peft is not None
    assert other is not None
    assert (peft.library, peft.base_model, peft.rank) == ("peft", "a/b", 8)
    assert (other.library, other.base_model) == ("adapter-transformers", "bert-base")


def test_halves_of_surrogate_pairs_can_be_printed() -> None:
    text = rb'{"model_type": "a\ud800b", "\udfff": ["\ud83d\ude42"], "architectures": ["\ud83d\ude42"]}'
    found = Repo.from_contents({"config.json": text}).config.value
    assert found is not None
    assert found.architectures == ("\U0001f642",)
    json.dumps(found.data, ensure_ascii=False).encode()
