"""Texts compared for all at once: the same as each with each."""

from __future__ import annotations

import gc
import random
import sqlite3

import pytest

from cardlint.audit.joined import joined
from cardlint.hub.index import FileIndex
from cardlint.hub.likeness import ALIKE, SKETCH, alike
from cardlint.hub.node import Node
from tests.hub.mirrors import written


def families(seed: int) -> list[Node]:
    """Texts of 10 to 80 lines, each with copies: some whole, some with a few lines less."""
    chance = random.Random(seed)
    nodes = []
    for family in range(90):
        lines = sorted(chance.sample(range(family * 1000, family * 1000 + 1000), chance.choice((10, 12, 20, 40, 64, 80))))
        for copy in range(chance.choice((1, 2, 4))):
            kept = sorted(set(lines) - set(chance.sample(lines, chance.choice((0, 0, 1, 2, len(lines) // 4)))))[:SKETCH]
            nodes.append(Node(f"o{copy}/family-{family}", input=f"f{family}-{copy}", lines=tuple(kept)))
    chance.shuffle(nodes)
    return nodes


def likes(folder, nodes: list[Node], rows: int, *, small: bool = True) -> dict[str, list[str]]:
    with joined(folder, written(folder, nodes, rows), folder / "index.sqlite", small=small) as around:
        return {nodes[n].key: keys for n, keys in around}


def test_copies_are_those_that_each_compared_with_each_shows(tmp_path):
    nodes = families(7)
    one_by_one = {
        node.key: sorted(other.key for other in nodes if other is not node and alike(node.lines, other.lines) >= ALIKE) for node in nodes
    }
    found = likes(tmp_path, nodes, rows=5)
    assert found == {key: keys for key, keys in one_by_one.items() if keys}
    assert len(found) > 40


def test_a_line_that_very_many_have_makes_no_copies(tmp_path):
    lines = tuple(range(20))
    few = [Node(f"o{number}/few", input=f"few-{number}", lines=tuple(range(100, 120))) for number in range(60)]
    many = [Node(f"o{number}/many", input=f"many-{number}", lines=lines) for number in range(61)]
    found = likes(tmp_path, few + many, rows=50)
    assert set(found) == {node.key for node in few}
    assert {len(keys) for keys in found.values()} == {59}


def test_of_two_repositories_of_one_name_the_first_place_speaks(tmp_path):
    lines = tuple(range(20))
    nodes = [Node("o/same", input="b"), Node("o/same", input="a", lines=lines), Node("o/other", input="c", lines=lines)]
    assert likes(tmp_path, nodes, rows=1) == {"model:o/same": ["model:o/other"], "model:o/other": ["model:o/same"]}


def test_a_process_of_its_own_tells_the_same_and_leaves_nothing(tmp_path):
    nodes = families(8)
    (tmp_path / "here").mkdir()
    (tmp_path / "apart").mkdir()
    assert likes(tmp_path / "apart", nodes, 50, small=False) == likes(tmp_path / "here", nodes, 50) != {}
    for folder in (tmp_path / "here", tmp_path / "apart"):
        assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert (tmp_path / "here" / "index.sqlite").read_bytes() == (tmp_path / "apart" / "index.sqlite").read_bytes()


def test_the_index_holds_the_first_place_of_a_name_and_nothing_without_one(tmp_path):
    nodes = [Node("o/same", input="b"), Node("o/other", input="d"), Node("o/same", input="a"), Node("o/same", input="c")]
    likes(tmp_path, nodes, rows=3)
    index = FileIndex(tmp_path / "index.sqlite")
    found = index.find(["model:o/same", "model:o/other", "model:"])
    index.close()
    assert {key: node.input for key, node in found.items()} == {"model:o/same": "a", "model:o/other": "d"}


def test_an_index_that_nobody_holds_is_closed(tmp_path):
    likes(tmp_path, [Node("o/one", input="a")], rows=1)
    index = FileIndex(tmp_path / "index.sqlite")
    file = index._file
    del index
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        file.execute("select 1")
