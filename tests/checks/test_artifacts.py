"""Numbers of parameters in names, in words, in configurations; patterns of data files."""

from __future__ import annotations

import pytest

from cardlint.card.card import Card
from cardlint.checks.art_formats import _named_bits
from cardlint.checks.art_measure import Measured, estimate
from cardlint.checks.art_sizes import name_sizes, parse
from cardlint.checks.art_splits import by_name, chosen, data_files
from cardlint.repo.config import build_config
from cardlint.repo.files import FileEntry
from cardlint.repo.repo import Repo


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("letters-7b-chat", (7e9,)),
        ("Letters-1.5B", (1.5e9,)),
        ("letters65B_tuned", (65e9,)),
        ("Letters-8x7B", (56e9, 42e9)),
        ("Letters-30B-A3B", (30e9,)),
        ("letters-4bit", ()),
        ("letters-7b-to-3b", ()),
        ("letters-70b-eagle", ()),
        ("letters-7b-lora", ()),
        ("letters", ()),
        ("letters-13B-4b-128g", ()),
    ],
)
def test_sizes_in_names(name, sizes):
    assert name_sizes(name) == sizes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7B", 7e9),
        ("1,170,340,608", 1_170_340_608),
        ("12 500 000", 12.5e6),
        ("70 billion", 70e9),
        ("124M", 124e6),
        ("6亿", 6e8),
        ("~1.3B.", 1.3e9),
        ("many", None),
    ],
)
def test_numbers_in_words(text, number):
    assert parse(text) == number


def test_estimate_of_a_known_decoder():
    config = build_config(
        {
            "model_type": "llama",
            "hidden_size": 4096,
            "num_hidden_layers": 32,
            "num_attention_heads": 32,
            "num_key_value_heads": 8,
            "intermediate_size": 14336,
            "vocab_size": 128256,
        }
    )
    assert estimate(config) == pytest.approx(8.03e9, rel=0.01)


@pytest.mark.parametrize(
    "data", [{}, {"model_type": "llama"}, {"model_type": "llama", "hidden_size": -1}, {"model_type": "acme", "hidden_size": 8}]
)
def test_no_estimate_without_sizes(data):
    assert estimate(build_config(data)) is None


def test_bounds_of_a_measure():
    assert Measured(2.5e9, 2.5e9, "").fits(2e9)
    assert not Measured(13e9, 13e9, "").fits(7e9)
    assert Measured(1e9, 8e9, "").fits(7e9)


@pytest.mark.parametrize(
    ("name", "bits"), [("a-4bit", 4), ("a-int8", 8), ("a-4-bit", 4), ("a-4bit-8bit", None), ("a-32bit", None), ("a-b", None)]
)
def test_bits_in_names(name, bits):
    assert _named_bits(name.split("-")) == bits


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("data/*.csv", ("data/a.csv",)),
        ("**/*.csv", ("b.csv", "data/a.csv", "data/x/c.csv")),
        ("**", ("b.csv", "data/a.csv", "data/x/c.csv")),
        ("data/**/*.csv", ("data/a.csv", "data/x/c.csv")),
        ("[ab].csv", ("b.csv",)),
        ("./b.csv", ("b.csv",)),
        ("[.csv", None),
        ("{a,b}.csv", None),
        ("https://data.example.org/a.csv", None),
        ("z.csv", ()),
    ],
)
def test_patterns_of_data_files(pattern, files):
    repo = Repo(tuple(FileEntry(path) for path in ("b.csv", "data/a.csv", "data/x/c.csv")), None)
    card = Card.from_text(f"---\nconfigs:\n- config_name: default\n  data_files: '{pattern}'\n---\n", "dataset")
    assert [each.files for each in chosen(card, repo)] == [files]


def test_splits_by_names():
    listed = ("data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "README.md", "dev/a.csv", "LICENSE.txt")
    repo = Repo(tuple(FileEntry(path) for path in listed), None)
    assert by_name(repo) == {"train": listed[:2], "validation": ("dev/a.csv",)}
    assert data_files(Repo((FileEntry("requirements.txt"), FileEntry("a.py"), FileEntry("x.csv")), None)) == ("x.csv",)
    assert by_name(Repo((FileEntry("x.csv"),), None)) is None
