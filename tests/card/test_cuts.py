"""Tables that are read from their lines: cut before the parser sees them, and equal to what its events tell."""

from __future__ import annotations

import random

import pytest

from cardlint.card.cuts import cut_tables, whole
from cardlint.card.markdown import _Reader, read_outline
from cardlint.card.tables import read_table

TABLE = "| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | [x](y) |\n"
LABELS = "| Part | Labels |\n| --- | --- |\n| **`tagger`** | `A\\|B=é`, `,`, `C` |\n| **Size of it** | 12 keys, `x` |\n|  | `y` |\n"
BITS = [
    *("|", "\\|", "`", "``", "**", "*", "_", "\n", "\n\n", " ", "\\", "[", "](u)", "> ", "- ", "é", "漢", "<b>", "&amp;", "!", "~~"),
    *(
        "\r\n",
        "\t",
        "\0",
        ":",
        "# ",
        "===\n",
        "```\n",
        "<!-- ",
        "-->",
        "<div>\n",
        "[^1]: ",
        "[a]: b\n",
        "| a |\n",
        "|---|---|\n",
        f"\n\n{TABLE}\n",
    ),
]


def _shown(outline):
    """An outline without what only `Outline.place` reads, and with where each piece of its blocks stands."""
    blocks = [block._replace(marks=((), (), int)) for block in outline.blocks]
    places = [outline.place(block, at, at + 2) for block in outline.blocks for at in range(0, len(block.text), 3)]
    return outline._replace(blocks=tuple(blocks)), places


def test_rows_of_a_table_at_the_margin_are_cut():
    cut = cut_tables(f"# T\n\n{TABLE}\nend\n", 0)
    assert cut.source == "# T\n\n| A | B |\n|---|---|\n\nend\n"


@pytest.mark.parametrize(
    "body", [TABLE, f"a\n{TABLE}", f"\n\n  {TABLE}", f"\n\n{TABLE}no row\n", f"\n\n{TABLE}|\nmore\n", f"\n\n{TABLE}| <br> |\n"]
)
def test_what_takes_the_parser_to_tell_is_not_cut(body):
    assert cut_tables(body, 0).tables == {}


@pytest.mark.parametrize("table", [TABLE, LABELS])
def test_what_follows_a_cut_table_is_placed(table):
    text = f"---\na: b\n---\n\nbefore é\n\n{table}\nbehind é [link](target)\n\n{table}\n## Last\n"
    outline = read_outline(text, 13)
    assert [text[block.start : block.end] for block in outline.blocks] == ["before é", table, "behind é [link](target)", table]
    link = outline.links[0] if table is LABELS else outline.links[1]
    assert text[link.start : link.end] == "[link](target)"
    assert text[outline.headings[0].start :] == "## Last\n"


@pytest.mark.parametrize("around", ["~~~\n\n{}\n~~~\n", "<!--\n\n{}\n-->\n", "<script>\n\n{}\n</script>\n"])
def test_a_table_in_code_or_a_comment_stays_in_it(around):
    text = around.format(TABLE)
    outline = read_outline(text, 0)
    assert [block.kind for block in outline.blocks] in (["code"], [])
    assert all(TABLE in element.text for element in (*outline.blocks, *outline.comments))


def test_a_table_of_code_is_read_from_its_lines_as_from_events():
    by_lines = read_table(LABELS, 0)
    reader = _Reader(LABELS, whole(LABELS, 0))
    next(reader.stream)
    rows, (pieces, places, offset) = reader._cells()
    assert by_lines.rows == rows
    assert [pair for pair in zip(by_lines.pieces, by_lines.places, strict=True) if pair[0]] == [
        (piece, offset(place)) for piece, place in zip(pieces, places, strict=True) if piece
    ]


@pytest.mark.parametrize("cell", ["a `b", "``a``", "` a`", "`a``b`", "a *b*", "a \\| b", "`a\\b`", "a_b_", "x&amp;", "<b>`a`", "![a](b)"])
def test_a_table_with_more_than_text_and_code_is_left_to_events(cell):
    assert read_table(f"| `A\\|B` |\n|---|\n| {cell} |\n", 0) is None


@pytest.mark.parametrize("seed", range(40))
def test_a_mangled_body_reads_with_tables_cut_as_without(seed):
    rnd = random.Random(seed)
    for _ in range(10):
        text = f"# T\n\n{TABLE}\ntext\n\n{LABELS}\n- item\n\n{TABLE}"
        for _ in range(rnd.randrange(1, 6)):
            at = rnd.randrange(len(text))
            text = text[:at] + rnd.choice(BITS) + text[at + rnd.choice((0, 0, 0, 1, 3)) :]
        assert _shown(read_outline(text, 0)) == _shown(_Reader(text, whole(text, 0)).read())
