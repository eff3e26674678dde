"""``tokenizer.json`` by a scan: the vocabulary is counted, not built; files of 30 MB cost tens of milliseconds."""

from __future__ import annotations

import json
import re

from cardlint.repo.answer import Unreadable
from cardlint.repo.jsonfile import whole_texts
from cardlint.tuples import NamedTuple

MAX_TOKENIZER = 64_000_000
"""Bytes of a ``tokenizer.json``; those of 260,000 words with their merges have about 33 MB."""
MAX_ADDED = 4_000_000
"""Bytes of the list of added tokens."""

_ADDED = re.compile(rb'"added_tokens"\s*:\s*\[')
_MODEL = re.compile(rb'"model"\s*:\s*\{')
_TYPE = re.compile(rb'"type"\s*:\s*"(\w{1,40})"')
_VOCAB = re.compile(rb'"vocab"\s*:\s*([\[{])')
_STRING = rb'\s*+"[^"\\]*+(?:\\.[^"\\]*+)*+"\s*+'
_ENTRIES = {
    # Possessive throughout: a broken file must not make the scan try twice.
    b"{": re.compile(_STRING + rb":\s*+\d++\s*+,?+", re.DOTALL),
    b"[": re.compile(rb"\s*+\[" + _STRING + rb",\s*+[-+.\deE]++\s*+\]\s*+,?+", re.DOTALL),
}
_NEXT = re.compile(rb"\s*+(.)", re.DOTALL)


class TokenizerJson(NamedTuple):
    """The scan of a tokenizer: model ``type`` (BPE, WordPiece, Unigram, WordLevel), words of its vocabulary, added tokens.

    ``size`` counts both together, None where the vocabulary could not be followed to its end.
    """

    type: str | None
    vocabulary: int | None
    added: tuple[str, ...]
    size: int | None


def scan(data: bytes) -> TokenizerJson:
    """What a whole ``tokenizer.json`` says. Raises Unreadable where it is none."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise Unreadable("not JSON: an object is expected")
    added, ids, end = _added(data)
    model = _MODEL.search(data, end) or _MODEL.search(data)
    if model is None:
        raise Unreadable("no model of a tokenizer")
    vocab = _VOCAB.search(data, model.end())
    kind = _TYPE.search(data, model.end(), vocab.start() if vocab else len(data)) or _TYPE.search(data, model.end())
    words = _count(data, vocab.end(), vocab[1]) if vocab else None
    size = None if words is None or ids is None else words + sum(1 for number in ids if number >= words)
    return TokenizerJson(kind[1].decode() if kind else None, words, added, size)


def _added(data: bytes) -> tuple[tuple[str, ...], list[int] | None, int]:
    """The added tokens, their numbers (None where the list could not be read), and where it ends."""
    found = _ADDED.search(data, 0, MAX_ADDED)
    if found is None:
        return (), [], 0
    start = found.end() - 1
    text = data[start : start + MAX_ADDED].decode("utf-8", "replace")
    try:
        tokens, length = json.JSONDecoder().raw_decode(text)
        tokens = whole_texts(tokens)
    except (ValueError, RecursionError):
        return (), None, 0
    tokens = [token for token in tokens if type(token) is dict and type(token.get("content")) is str]
    ids = [token["id"] for token in tokens if type(token.get("id")) is int]
    return tuple(token["content"] for token in tokens), ids, start + len(text[:length].encode("utf-8", "replace"))


def _count(data: bytes, at: int, opening: bytes) -> int | None:
    """The entries of a vocabulary that begins at ``at``; None where it breaks off."""
    entry = _ENTRIES[opening]
    number = 0
    scanner = entry.scanner(data, at)  # type: ignore[attr-defined]  # undocumented, and matches end to end without a loop of slices
    while found := scanner.match():
        number += 1
        at = found.end()
    closing = _NEXT.match(data, at)
    return number if closing and closing[1] == (b"}" if opening == b"{" else b"]") else None
