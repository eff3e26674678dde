"""Listings of cards: what a line may say, and how a faulty one is told."""

from __future__ import annotations

import json
import os

import pytest

from cardlint.model import CardlintError
from cardlint.sources.listing import from_listing

ROW = {"path": "README.md"}


@pytest.fixture
def listing(tmp_path):
    """A listing beside a card, of that card and of what is given."""
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n# Gulls\n", encoding="utf-8")

    def written(line):
        (tmp_path / "list").write_bytes(f"README.md\n{line}\n".encode())
        return str(tmp_path / "list")

    return written


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"path": ' + "[" * 100_000, "not JSON: "),
        ({**ROW, "id": 5}, "'id' is a text"),
        ({**ROW, "revision": ["main"]}, "'revision' is a text"),
        ({**ROW, "kind": ["model"]}, "unknown kind ['model']; it is one of model, dataset, space"),
        ({**ROW, "sise": 1}, "unknown key 'sise'; known are "),
        ({**ROW, "files": {"path": "a"}}, "'files' is a list of objects with 'path'"),
        ({**ROW, "files": [{"path": 1}]}, "'files' is a list of objects with 'path'"),
        ({**ROW, "files": [{"path": "a.bin", "size": "big"}]}, "a.bin: 'size' is a number of bytes, 'sha256' a text"),
        ({**ROW, "files": [{"path": "a.bin", "sha256": 7}]}, "a.bin: 'size' is a number of bytes, 'sha256' a text"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_faulty_line_is_told_with_its_number(listing, row, message):
    path = listing(row if isinstance(row, str) else json.dumps(row))
    with pytest.raises(CardlintError) as caught:
        list(from_listing(path))
    assert str(caught.value).startswith(f"{path}:2: {message}")


@pytest.mark.parametrize("end", ["", "\r"])
def test_only_a_line_feed_ends_a_line(listing, end):
    row = {**ROW, "files": [{"path": "gulls\u2028terns.csv", "size": 3}]}
    _, entry = from_listing(listing(json.dumps(row, ensure_ascii=False) + end))
    assert [(file.path, file.size) for file in entry.files] == [("gulls\u2028terns.csv", 3)]


def test_a_listing_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "list").write_bytes(b"\xff\n")
    with pytest.raises(CardlintError, match=f"{os.sep}list: not UTF-8 .byte [0-9]+.: save it as UTF-8"):
        list(from_listing(str(tmp_path / "list")))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("config.json", b"{}", "no model card, which is Markdown; give "), ("weights.q8", b"Q8\0\1" * 9, "no text, and so no model card")],
)
def test_a_file_that_is_no_card_is_told_with_its_line(listing, tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    path = listing(name)
    with pytest.raises(CardlintError) as caught:
        list(from_listing(path))
    assert str(caught.value).startswith(f"{path}:2: {name}: {message}")
    assert [entry.input for entry in from_listing(path, only_cards=True)] == ["README.md"]


@pytest.mark.parametrize("content", ["# Möwen\n".encode("utf-16"), "# Möwen\n".encode("latin-1"), b""])
def test_text_of_any_encoding_may_be_a_card(listing, tmp_path, content):
    (tmp_path / "CARD").write_bytes(content)
    assert [entry.input for entry in from_listing(listing("CARD"))] == ["README.md", "CARD"]
