"""Lineage: the shortest path to each ancestor, walked one by one and computed for all at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardlint.hub import lineage
from cardlint.hub.index import MemoryIndex
from cardlint.hub.lineage import Lineage, Step, walk
from cardlint.hub.node import Edge, Node


def node(name: str, *parents: str) -> Node:
    edges = tuple(Edge("base_model", parent, None, "metadata", "/metadata/base_model", 3) for parent in parents)
    return Node(f"o/{name}" if "/" not in name else name, input=name, edges=edges)


def walked(nodes: list[Node]) -> dict[str, Lineage]:
    find = MemoryIndex(nodes).find
    return {each.input: walk(each, find) for each in nodes}


def every_way(nodes: list[Node]) -> dict[str, Lineage]:
    """What all ways without a repetition tell: of each model the shortest to each other one, and the shortest back to it."""
    parents = {each.key: each.parents() for each in nodes}
    found = {}
    for each in nodes:
        best: dict[str, tuple[str, ...]] = {}
        ways = [(parent,) for parent in each.parents()]
        while ways:
            way = ways.pop()
            if way[-1] not in best or (len(way), way) < (len(best[way[-1]]), best[way[-1]]):
                best[way[-1]] = way
            if way[-1] != each.key:
                ways += [(*way, parent) for parent in parents.get(way[-1], ()) if parent not in way]
        cycle = best.pop(each.key, ())
        steps = sorted((Step(key, way) for key, way in best.items()), key=lambda step: (step.hops, step.path))
        found[each.input] = Lineage(tuple(steps), cycle)
    return found


def test_a_path_runs_from_the_direct_base_to_the_ancestor():
    found = walked([node("a", "o/b"), node("b", "o/c"), node("c")])["a"]
    assert [(step.hops, step.path) for step in found.steps] == [(1, ("model:o/b",)), (2, ("model:o/b", "model:o/c"))]


def test_of_two_ways_the_shorter_is_told():
    found = walked([node("a", "o/b", "o/d"), node("b", "o/c"), node("c", "o/d"), node("d")])["a"]
    assert {step.key: step.hops for step in found.steps} == {"model:o/b": 1, "model:o/d": 1, "model:o/c": 2}


def test_a_circle_ends_and_is_told():
    found = walked([node("a", "o/b"), node("b", "o/c"), node("c", "o/a")])
    assert found["a"].cycle == ("model:o/b", "model:o/c", "model:o/a")
    assert len(found["a"].steps) == 2


def test_a_path_ends_where_a_repository_is_not_at_hand():
    found = walked([node("a", "o/b")])["a"]
    assert [step.key for step in found.steps] == ["model:o/b"]


def test_an_old_name_and_the_present_one_are_one_repository():
    found = walked([node("a", "gpt2"), node("openai-community/GPT2", "o/c"), node("c")])["a"]
    assert [step.key for step in found.steps] == ["model:openai-community/gpt2", "model:o/c"]


def test_ancestors_are_bounded(monkeypatch):
    monkeypatch.setattr(lineage, "MAX_ANCESTORS", 3)
    found = walked([node("a", *(f"o/p{n}" for n in range(6))), *(node(f"p{n}") for n in range(6))])["a"]
    assert len(found.steps) == 3
    assert found.cut


@pytest.mark.parametrize("hops", [lineage.MAX_HOPS, lineage.MAX_HOPS + 1, lineage.MAX_HOPS + 2])
def test_hops_are_bounded(hops):
    chain = [node(f"c{n:02}", f"o/c{n + 1:02}") for n in range(hops)] + [node(f"c{hops:02}")]
    found = walked(chain)["c00"]
    assert found.cut == (hops > lineage.MAX_HOPS)
    assert len(found.steps) == min(hops, lineage.MAX_HOPS)


NAMES = [f"m{n}" for n in range(9)]


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from([f"o/{name}" for name in NAMES]), max_size=3), max_size=9))
def test_of_all_ways_the_shortest_are_told(graph):
    nodes = [node(name, *parents) for name, parents in graph.items()]
    assert walked(nodes) == every_way(nodes)


def test_a_merge_of_merges_is_cut():
    width = 80
    layers = [[f"l{layer}-{n:02}" for n in range(width)] for layer in range(3)]
    nodes = [node("a", *(f"o/{name}" for name in layers[0]))]
    for layer, below in zip(layers, [*layers[1:], []], strict=True):
        nodes += [node(name, *(f"o/{each}" for each in below)) for name in layer]
    found = walked(nodes)["a"]
    assert found.cut
    assert [step.hops for step in found.steps] == [1] * 80 + [2] * 80 + [3] * 40
