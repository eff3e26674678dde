"""Front matter read line by line: what is taken, and that it is read as from libyaml's events."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardlint.card.decode import decode
from cardlint.card.frontmatter import MAX_LENGTH, read_front_matter
from cardlint.card.yamlevents import read_events
from cardlint.card.yamllines import MAX_DEPTH, MAX_NODES, read_lines
from cardlint.card.yamlreader import read_yaml
from fuzz.seeds import seeds

HUB = re.compile(r"(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(?:\r\n|\n|$))")
"""The hub's own expression for the block."""

TAKEN = {
    "plain values": "license: mit\ntags:\n- a b\n- c\n",
    "indented list": "tags:\n  - a\n  - b\nx: 1",
    "mappings in lists": "m:\n- a: 1\n  b:\n  - c: x\n    d:\n      e: 0.5\n  - c: y\n- a: 2\n",
    "a key without a value": "a:\nb:\n  c:\nd: 1\ne:",
    "quotes without escapes": "a: \"b: 'c' [d]\"\nb: 'x \"y\"'\n",
    "nothing in brackets": "a: []\nb: {}\nc:\n- []\n",
    "blank lines and blanks": "\n\na:   b  \n\n   \nb:  \n- c \n",
    "CRLF": "a: 1\r\nb:\r\n- c\r\n",
    "a colon inside": "a: http://x.y/z\nb: c:d\n",
    "a list alone": "- a\n- b",
    "numbers of two minds": "a: 010\nb: 1_0\nc: 1:30\nd: 0x1F\ne: .5\nf: -.inf\ng: yes\nno: 3\n",
    "indented document": "  a: 1\n  b:\n  - c",
}
LEFT = {
    "nothing": "\n \n",
    "a scalar": "text",
    "a line that goes on": "a: b\n  c\n",
    "a line that seems an item": "a: b\n  - c\n",
    "a line that seems a key": "a: b\n  c: d\n",
    "a scalar below its key": "a:\n  b\n",
    "a comment": "a: b\n# c\n",
    "a comment behind": "a: b # c\n",
    "flow": "a: [b, c]\n",
    "an escape": 'a: "\\n"\n',
    "a quote in quotes": "a: 'it''s'\n",
    "an open quote": "a: 'b\n  c'\n",
    "a block scalar": "a: |\n  b\n",
    "an anchor": "a: &x b\n",
    "a tag": "a: !!str b\n",
    "a merge": "a:\n  <<: b\n",
    "a tab": "a:\tb\n",
    "a duplicate key": "a: 1\na: 2\n",
    "two colons": "a: b: c\n",
    "a colon at the end": "a: b:\n",
    "a list below the list's key": "a:\n  - b\n- c\n",
    "between two columns": "a:\n    b: 1\n  c: 2\n",
    "a key in a list": "- a\nb: 1\n",
    "an item in a mapping": "a: 1\n- b\n",
    "an item of nothing": "- \n- a\n",
    "a list in a list": "- - a\n",
    "a pointer's own signs": "a/b: 1\nc~d: 2\n",
    "a document's end": "a: 1\n...\n",
    "another line end": "a: b\u2028c\n",
    "a CR alone": "a: b\rc: d\n",
    "a byte order mark": "a: \ufeffb\n",
    "a lone surrogate": "a: \ud800\n",
    "a NUL": "a: \0\n",
    "a blank of another kind at the end": "a: b\u3000\n",
    "a key of 1,100 characters": "k" * 1_100 + ": v\n",
}

_WORDS = [
    *"abeflnNty",
    "true",
    "Null",
    "yes",
    "off",
    "~",
    "=",
    "<<",
    "1",
    "-1",
    "+1",
    "010",
    "0o7",
    "0x1f",
    "0b1",
    "1_000",
    "1:30",
    "1.",
    ".5",
]
_WORDS += [
    "1e3",
    "1.5e3",
    "-0.0",
    ".inf",
    ".NaN",
    "2020-01-01",
    "it's",
    'a "b"',
    "a  b",
    "a:b",
    "a: b",
    "a:",
    "a#b",
    "a #b",
    "#a",
    "é",
    "𝒳",
    "\xa0",
    "\u3000",
]
_WORDS += [
    '"a"',
    "'a'",
    "''",
    '""',
    '"a\\n"',
    "'a''b'",
    '"a',
    "'a' b",
    '"a: b"',
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "[",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    ">-",
    "?",
    "? a",
]
_WORDS += [
    "-",
    "--",
    "---",
    "- a",
    "-a",
    ":",
    ":a",
    ",",
    "%",
    "@",
    "`",
    "\\",
    "/",
    "a/b",
    "a~b",
    "\t",
    "\x85",
    "\u2028",
    "\ufeff",
    "\x00",
    "\x7f",
    "...",
]
_line = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "  ", "  ", " ", "    "]),
    st.sampled_from(["", "", "", "- ", "- ", "-  "]),
    st.sampled_from(["", "a: ", "b: ", "c: ", "d: ", "e:", "f:", "g:  "]),
    st.sampled_from(["", "", "", "x", "y", "z", *_WORDS]),
    st.sampled_from(["", "", "", "", " "]),
)
_tree = st.recursive(
    st.sampled_from(["", "x", "y z", *_WORDS[:30], '"a"', "'b'", "[]"]),
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(st.sampled_from("abcdefgn"), inner, min_size=1, max_size=4),
    max_leaves=12,
)


def written(value, indent, step):
    """A value as lines of YAML, collections below their key or dash; lists stand as far in as their key where ``step`` is 1."""
    if isinstance(value, str):
        return [value]
    lines = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        head = f"{key}:" if isinstance(value, dict) else "-"
        if isinstance(inner, str):
            lines.append(f"{indent}{head} {inner}")
        elif head == "-":
            first, *more = written(inner, indent + "  ", step)
            lines += [f"{indent}- {first.lstrip(' ')}", *more]
        else:
            lines += [indent + head, *written(inner, indent if step == 1 and isinstance(inner, list) else indent + " " * step, step)]
    return lines


@st.composite
def blocks(draw):
    """A document written in lines, or lines at random; with something odd put in at some place, mostly."""
    lines = draw(st.one_of(st.builds(written, _tree, st.just(""), st.sampled_from([1, 2, 4])), st.lists(_line, max_size=5)))
    source = draw(st.sampled_from(["\n", "\n", "\r\n", "\n\n"])).join(lines)
    at = draw(st.integers(0, len(source)))
    return source[:at] + draw(st.sampled_from(["", "", "\n", " ", "  ", ": ", "- ", *_WORDS])) + source[at:]


def same(source: str, offset: int = 0) -> bool:
    """Whether a block is taken, and so read exactly as from events: values, places, order, problems."""
    read = read_lines(source, offset)
    if read is None:
        return False
    assert repr(read) == repr(read_events(source, offset))
    return True


@pytest.mark.parametrize("source", TAKEN.values(), ids=TAKEN)
def test_plain_lines_are_taken_and_read_as_from_events(source):
    assert same(source, 4)


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_what_needs_a_parser_is_left_to_it(source):
    assert read_lines(source) is None


@pytest.mark.parametrize("levels", [MAX_DEPTH, MAX_DEPTH + 1])
def test_bound_of_depth_is_the_same(levels):
    assert same("".join(f"{' ' * level}a:\n" for level in range(levels))) == (levels == MAX_DEPTH)


@pytest.mark.parametrize("items", [MAX_NODES - 2, MAX_NODES - 1])
def test_bound_of_values_is_the_same(items):
    source = "a:\n" + "- b\n" * (items - 1)
    assert same(source) == (items == MAX_NODES - 2)


@settings(max_examples=300, deadline=None)
@given(blocks())
@example("a: 1\n b: 2")
@example("a:\n\xa0: b\n- c: \u3000")
def test_blocks_of_odd_lines_are_read_as_from_events(source):
    same(source, 4)


def test_blocks_of_the_rules_examples_are_read_as_from_events():
    texts = [decode(data).text for data in seeds("front_matter")]
    assert sum(same(found[2], found.end(1)) for text in texts if (found := HUB.match(text))) > 100


def test_blocks_of_real_cards_are_read_as_from_events_and_four_in_five_are_taken(real_cards):
    blocks = [found for row in real_cards[::9] if (found := HUB.match(row["text"])) and len(found[2]) <= MAX_LENGTH]
    assert sum(same(found[2], found.end(1)) for found in blocks) > 0.8 * len(blocks)


def test_reader_takes_what_stands_line_by_line():
    assert read_yaml("a: 1\n", 4) == read_lines("a: 1\n", 4)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["---", "---", "\n", "\r", "\r\n", " ", "\t", "-", "a", "\x0b"]), max_size=14).map("".join))
@example("---\r\n---\r\n")
@example("---\r\n---")
@example("---\n\n---")
@example("---\n--- \n---\r")
@example("\n ---\r\r\n---\t")
def test_block_is_what_the_hubs_expression_finds(text):
    found = HUB.match(text)
    block = read_front_matter(text)
    if found is None:
        assert block.status == "absent"
    else:
        closing = found.start(3) + (2 if found[3].startswith("\r\n") else 1)
        lead = len(found[1]) - len(found[1].lstrip())
        assert (block.start, block.closing, block.end) == (lead, closing, found.end())
