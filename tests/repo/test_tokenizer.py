"""Tokenizers: counted without being built, complete or not, and scans that hostile files do not slow."""

from __future__ import annotations

import json
import time

import pytest

from cardlint.repo.answer import Unreadable
from cardlint.repo.repo import Repo
from cardlint.repo.tokenizer_json import scan

WORDS = ["[PAD]", 'quo"te', "back\\", ":1", '": 3,', "über", "🙂", "}", "]", "vocab", "line\nbreak"]


def tokenizer_json(vocab: object, kind: str = "BPE", added: list | None = None, indent: int | None = None) -> bytes:
    tokens = added if added is not None else [{"id": 0, "content": "[PAD]", "special": True}]
    data = {"version": "1.0", "added_tokens": tokens, "normalizer": None, "model": {"type": kind, "vocab": vocab, "merges": ["a b"]}}
    return json.dumps(data, ensure_ascii=False, indent=indent).encode()


@pytest.mark.parametrize("indent", [None, 2])
def test_a_vocabulary_is_counted(indent: int | None) -> None:
    mapped = scan(tokenizer_json({word: number for number, word in enumerate(WORDS)}, indent=indent))
    listed = scan(tokenizer_json([[word, -1.5e-3] for word in WORDS], "Unigram", indent=indent))
    assert (mapped.type, mapped.vocabulary, mapped.size, mapped.added) == ("BPE", len(WORDS), len(WORDS), ("[PAD]",))
    assert (listed.type, listed.vocabulary) == ("Unigram", len(WORDS))


def test_added_tokens_count_once() -> None:
    added = [{"id": 0, "content": "a"}, {"id": 2, "content": '"model": {"vocab": {'}, {"id": 3, "content": "c"}]
    found = scan(tokenizer_json({"a": 0, "b": 1}, added=added))
    assert (found.vocabulary, found.size, len(found.added)) == (2, 4, 3)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"model": 3}', b"\x80\x02"])
def test_no_tokenizer_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        scan(content)


@pytest.mark.parametrize(
    "content",
    [
        b'{"model": {"type": "BPE", "vocab": {' + b'"a": 1, ' * 500_000,
        b'{"model": {"type": "BPE", "vocab": {"' + b"\\" * 2_000_000,
        b'{"added_tokens": ' + b"[" * 2_000_000 + b', "model": {"vocab": {}',
        b'{"added_tokens": [' * 200_000 + b'"model": {',
        b'{"model": {"type": "BPE", "vocab": [' + b" " * 2_000_000,
    ],
    ids=["endless", "backslashes", "nested", "repeated", "blanks"],
)
def test_hostile_scans_are_linear(content: bytes) -> None:
    start = time.process_time()
    found = scan(content)
    assert found.size is None
    assert time.process_time() - start < 3


def test_the_files_together() -> None:
    made = Repo.from_contents(
        {
            "tokenizer.json": tokenizer_json({"a": 0, "b": 1}),
            "tokenizer_config.json": json.dumps(
                {
                    "tokenizer_class": "LlamaTokenizer",
                    "model_max_length": 1e30,
                    "eos_token": {"content": "</s>"},
                    "chat_template": [{"template": "T"}],
                }
            ).encode(),
            "special_tokens_map.json": b'{"bos_token": "<s>"}',
        }
    )
    found = made.tokenizer.value
    assert found is not None
    assert (found.class_name, found.size, found.max_length, found.chat_template) == ("LlamaTokenizer", 2, None, "T")
    assert found.special == {"bos_token": "<s>", "eos_token": "</s>"}
    assert (found.complete, found.missing) == (True, ())


@pytest.mark.parametrize(
    ("names", "kind", "missing"),
    [
        (("vocab.json", "merges.txt"), "GPT2Tokenizer", ()),
        (("vocab.json",), "GPT2TokenizerFast", ("merges.txt",)),
        (("special_tokens_map.json",), "LlamaTokenizer", ("tokenizer.model",)),
        (("spiece.model",), "XLMRobertaTokenizer", ()),
        (("vocab.txt",), "SomebodysTokenizer", None),
        (("special_tokens_map.json",), "PreTrainedTokenizerFast", ("tokenizer.json",)),
    ],
)
def test_companions(names: tuple[str, ...], kind: str, missing: tuple[str, ...] | None) -> None:
    files = dict.fromkeys(names, b"{}") | {"tokenizer_config.json": json.dumps({"tokenizer_class": kind}).encode()}
    found = Repo.from_contents(files).tokenizer.value
    assert found is not None
    assert (found.complete, found.missing) == ((None, ()) if missing is None else (not missing, missing))


def test_the_class_follows_from_the_architecture() -> None:
    found = Repo.from_contents({"config.json": b'{"model_type": "bert"}', "special_tokens_map.json": b"{}"}).tokenizer.value
    assert found is not None
    assert found.missing == ("vocab.txt",)


def test_a_template_of_its_own_file() -> None:
    found = Repo.from_contents({"tokenizer_config.json": b'{"chat_template": "old"}', "chat_template.jinja": b"new"}).tokenizer.value
    assert found is not None
    assert found.chat_template == "new"


def test_what_could_not_be_read_is_told() -> None:
    found = Repo.from_contents({"tokenizer_config.json": b"{", "tokenizer.json": b"[]"}).tokenizer.value
    assert found is not None
    assert {answer.path: answer.state for answer in found.unread} == {"tokenizer_config.json": "unreadable", "tokenizer.json": "unreadable"}
