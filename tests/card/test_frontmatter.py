"""The front matter: the hub's grammar, js-yaml's values, positions, bounds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint.card.frontmatter import read_front_matter
from cardlint.card.lines import Lines
from cardlint.card.yamlreader import YamlFault, read_yaml

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "yaml_vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["front_matter_cases"], ids=lambda case: case["name"])
def test_block_is_found_where_the_hub_finds_it(case):
    block = read_front_matter(case["content"].removeprefix("\ufeff"))
    assert (block.status != "absent") == (case["hub_regex_javascript"] is not None)


@pytest.mark.parametrize("case", VECTORS["yaml_cases"], ids=lambda case: case["yaml"])
def test_yaml_is_read_as_the_hub_reads_it(case):
    expected = case["js_yaml"]
    if "error" in expected:
        with pytest.raises(YamlFault):
            read_yaml(case["yaml"])
        return
    got = read_yaml(case["yaml"]).value
    if "<" in json.dumps(expected["value"]) and "<<" not in case["yaml"]:
        (value,), (wanted,) = got.values(), expected["value"].values()
        assert value != value if wanted == "<nan>" else str(value) in wanted  # NaN is not itself; dates stay text
        return
    assert got == expected["value"]


@pytest.mark.parametrize("case", [case for case in VECTORS["yaml_cases"] if "value" in case["js_yaml"]], ids=lambda case: case["yaml"])
def test_what_yaml_1_1_reads_differently_is_remembered(case):
    pyyaml = case["pyyaml"].get("value")
    shown = json.dumps(pyyaml)
    differs = case["differs"] and "<date>" not in shown and "<int>" not in shown
    assert bool(read_yaml(case["yaml"]).problems) == differs


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("---\nlicense: mit\n# x\n", "unclosed"),
        ("---\nlicense: mit\n ---\n# x\n", "indented-closing-fence"),
        ("---\nlicense: mit\n...\n", "odd-closing-fence"),
        ("---\nlicense: mit\n---- \n", "odd-closing-fence"),
        ("---\nlicense: mit\n---oops\n", "text-after-closing-fence"),
        ("--- \nlicense: mit\n---\n", "blanks-after-opening-fence"),
        ("----\nlicense: mit\n----\n", "odd-opening-fence"),
        ("# T\n\n---\nlicense: mit\n---\n", "displaced"),
        ("---\n---\n", "empty-block"),
        ("# T\n\n---\n\ntext\n", "no-block"),
        ("", "no-block"),
    ],
)
def test_near_miss_of_a_block_is_named(head, kind):
    block = read_front_matter(head)
    assert (block.status, block.problems[0].kind) == ("absent", kind)


def test_place_of_a_value_counts_code_points():
    text = "---\ntags: [é𝒳, b]\n---\n"
    block = read_front_matter(text)
    start, end = block.values["/tags/1"]
    assert text[start:end] == "b"
    assert Lines(text).position(start) == (2, 12)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_hold_with_every_line_end(end):
    text = end.join(["---", "a: 1", "b:", "  c: [x, y]", "---", ""])
    block = read_front_matter(text)
    start, stop = block.values["/b/c/1"]
    assert text[start:stop] == "y"
    assert Lines(text).position(start) == (4, 10)


def test_every_place_is_its_own_source():
    text = '---\na: plain\nb: "quo ted"\nc:\n- 1\n- {d: e}\nf: |\n  two\n  lines\ng/h~i: x\n---\n'
    block = read_front_matter(text)
    sources = {at: text[slice(*place)] for at, place in block.values.items()}
    assert sources["/a"] == "plain"
    assert sources["/b"] == '"quo ted"'
    assert sources["/c"] == "- 1\n- {d: e}"
    assert sources["/c/1/d"] == "e"
    assert sources["/f"] == "|\n  two\n  lines"
    assert sources["/g~1h~0i"] == "x"


def test_broken_yaml_is_one_problem_at_its_place():
    text = "---\na: b\nc: d: e\n---\n# T\n"
    block = read_front_matter(text)
    assert block.status == "invalid"
    assert [problem.kind for problem in block.problems] == ["invalid-yaml"]
    assert Lines(text).position(block.problems[0].start) == (3, 5)


def test_duplicate_key_is_refused_at_the_second():
    text = "---\na: 1\nb: 2\na: 3\n---\n"
    block = read_front_matter(text)
    assert (block.status, block.problems[-1].kind) == ("invalid", "duplicate-key")
    assert Lines(text).position(block.problems[-1].start) == (4, 1)


def test_merge_keys_do_not_override():
    assert read_yaml("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  a: 3\n").value["y"] == {"a": 3, "b": 2}


def test_tab_between_tokens_is_read_and_told():
    read = read_yaml("a: \tb")
    assert read.value == {"a": "b"}
    assert [problem.kind for problem in read.problems] == ["tab"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("[" * 100_000, "too-deep"),
        ("- " * 100_000, "too-deep"),
        ("{a: " * 100_000, "too-deep"),
        ("? " * 100_000, "invalid-yaml"),
        ("a:\n" + "- x\n" * 200_000, "too-many-values"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"b{i}: &b{i} [{','.join(['*a' if i == 0 else f'*b{i - 1}'] * 9)}]\n" for i in range(9)),
            "too-many-aliases",
        ),
    ],
    ids=["brackets", "dashes", "braces", "question-marks", "many-tags", "alias-bomb"],
)
def test_hostile_front_matter_meets_a_bound(source, kind):
    with pytest.raises(YamlFault) as caught:
        read_yaml(source)
    assert caught.value.kind == kind


def test_front_matter_of_real_cards_slices(real_cards):
    for row in real_cards[::7]:
        text = row["text"].removeprefix("\ufeff")
        block = read_front_matter(text)
        for at, (start, end) in block.values.items():
            assert 0 <= start <= end <= len(text), (row["id"], at)
