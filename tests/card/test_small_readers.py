"""The small readers that others build on: bytes, lines, offsets, scalars, HTML and plain tables."""

from __future__ import annotations

import math
import random

import pytest

from cardlint.card.card import Card
from cardlint.card.decode import MAX_BYTES, decode, without_surrogates
from cardlint.card.frontmatter import MAX_LENGTH, read_front_matter
from cardlint.card.html import read_html
from cardlint.card.lines import Lines
from cardlint.card.offsets import offsets
from cardlint.card.scalars import plain, resolve
from cardlint.card.sections.words import count_words
from cardlint.card.tables import read_table
from cardlint.card.yamlevents import MAX_ALIASED_NODES, MAX_DEPTH, MAX_NODES, MAX_PROBLEMS
from cardlint.card.yamlreader import YamlFault, read_yaml


@pytest.mark.parametrize(
    ("data", "text", "encoding", "bom", "bad_byte"),
    [
        (b"abc", "abc", "utf-8", False, None),
        ("é𝒳".encode(), "é𝒳", "utf-8", False, None),
        (b"\xef\xbb\xbfabc", "abc", "utf-8", True, None),
        (b"\xff\xfea\x00b\x00", "ab", "utf-16", True, 0),
        (b"\xfe\xff\x00a\x00b", "ab", "utf-16", True, 0),
        (b"\xff\xfea\x00b", "a\ufffd", "utf-16", True, 0),
        ("é".encode() + b"b\xe9c", "éb\ufffdc", "not-utf-8", False, 2),
        (b"\xef\xbb\xbfa\xe9c", "a\ufffdc", "not-utf-8", True, 1),
        (b"", "", "utf-8", False, None),
    ],
)
def test_bytes_are_decoded_and_oddities_told(data, text, encoding, bom, bad_byte):
    assert decode(data) == (text, encoding, bom, bad_byte, False)


@pytest.mark.parametrize(
    ("tail", "length", "cut"),
    [(b"b", MAX_BYTES, False), (b"bc", MAX_BYTES, True), ("é".encode(), MAX_BYTES - 1, True)],
    ids=["not", "cut", "wide"],
)
def test_a_card_over_its_bound_is_cut_between_characters(tail, length, cut):
    read = decode(b"a" * (MAX_BYTES - 1) + tail)
    assert (len(read.text), read.encoding, read.bad_byte, read.cut) == (length, "utf-8", None, cut)


@pytest.mark.parametrize(("end", "encoding"), [(b"\xf0\x90\x90", "utf-8"), (b"\xf0aaa", "not-utf-8")])
def test_only_a_character_at_the_cut_may_be_broken(end, encoding):
    assert decode(b"a" * (MAX_BYTES - len(end)) + end + b"\x90").encoding == encoding


def test_lone_surrogates_become_question_marks():
    assert without_surrogates("a\ud800é") == "a?é"
    assert without_surrogates("aé𝒳") == "aé𝒳"


def test_text_of_a_card_has_no_mark_and_no_surrogate():
    card = Card.from_text("\ufeff# é\udc00\n", "dataset", "x/README.md")
    assert card.decoded == ("# é?\n", "utf-8", True, None, False)
    assert (card.text, card.kind, card.path) == ("# é?\n", "dataset", "x/README.md")
    assert Card.from_text("# a").decoded == ("# a", "utf-8", False, None, False)


def test_a_card_of_bytes_keeps_kind_and_path():
    card = Card.from_bytes(b"\xef\xbb\xbf# a", "space", "y.md")
    assert (card.text, card.decoded.bom, card.kind, card.path) == ("# a", True, "space", "y.md")
    card = Card.from_bytes(b"# a")
    assert (card.kind, card.path) == ("model", "README.md")


def test_an_element_of_a_card_is_told_by_lines_and_columns():
    card = Card.from_text("---\na: b\n---\n\n# One\n")
    assert tuple(card.span(card.outline.headings[0])) == (5, 1, 5, 6)


def test_front_matter_over_its_bound_is_not_read():
    block = read_front_matter("---\na: " + "b" * (MAX_LENGTH - 2) + "\n---\n")
    assert (block.status, block.metadata) == ("not-read", {})
    assert block.problems == (("too-large", "", 0, MAX_LENGTH + 6, f"{MAX_LENGTH + 1} characters"),)
    assert read_front_matter("---\na: " + "b" * (MAX_LENGTH - 3) + "\n---\n").status == "ok"


def test_what_rules_share_is_made_once():
    card, made = Card.from_text("# a"), []

    def read(card):
        made.append(card)
        return len(made)

    assert [card.once(read), card.once(read)] == [1, 1]
    assert made == [card]


@pytest.mark.parametrize("text", ["ab\ncd\n\né", "ab\r\ncd\r\n\r\né", "ab\rcd\r\ré"])
def test_positions_of_every_line_end(text):
    lines = Lines(text)
    assert [lines.position(text.index(char)) for char in "abcdé"] == [(1, 1), (1, 2), (2, 1), (2, 2), (4, 1)]
    assert [lines.line(text.index(char)) for char in "acé"] == [1, 2, 4]
    assert lines.position(len(text)) == (4, 2)


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (0, 2, (1, 1, 1, 3)),
        (1, 4, (1, 2, 2, 2)),
        (-5, 1, (1, 1, 1, 2)),
        (4, 99, (2, 2, 2, 3)),
        (4, 3, (2, 2, 2, 2)),
        (99, 99, (2, 3, 2, 3)),
    ],
)
def test_spans_are_cut_to_the_text(start, end, span):
    assert tuple(Lines("ab\ncd").span(start, end)) == span


@pytest.mark.parametrize(
    ("line", "column", "offset"), [(1, 1, 0), (1, 2, 1), (2, 1, 3), (2, 2, 4), (2, 3, 5), (2, 9, 5), (3, 1, 5), (9, 9, 5)]
)
def test_offset_of_a_line_and_column(line, column, offset):
    assert Lines("ab\ncd").offset(line, column) == offset


def test_offset_of_a_line_alone_is_its_start():
    assert [Lines("ab\ncd").offset(line) for line in (1, 2, 3)] == [0, 3, 5]


@pytest.mark.parametrize("body", ["ab\ncd\n", "aé𝒳\nb\nü日c\n", "\n\né", "é", ""])
@pytest.mark.parametrize("shift", [0, 7])
def test_byte_offsets_are_code_points_of_the_card(body, shift):
    offset = offsets(body, shift)
    places = [len(body[:index].encode()) for index in range(len(body) + 1)]
    assert [offset(place) for place in places] == [shift + index for index in range(len(body) + 1)]


def test_byte_offsets_are_code_points_in_whatever_order_they_are_asked():
    body = "né 日本語 text\n" * 200
    offset = offsets(body, 3)
    places = [(len(body[:index].encode()), 3 + index) for index in range(len(body) + 1)]
    random.Random(5).shuffle(places)
    assert [offset(place) for place, _ in places] == [point for _, point in places]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("010", 10),
        ("0b101", 5),
        ("-0b11", -3),
        ("0o17", 15),
        ("+0x1F", 31),
        ("0x", "0x"),
        ("0b2", "0b2"),
        ("1.5", 1.5),
        ("-1.5e-3", -0.0015),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        (".", "."),
        ("+", "+"),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("+.INF", math.inf),
        (".iNF", ".iNF"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("9" * 400, int("9" * 400)),
        ("9" * 401, "9" * 401),
        ("2024-01-02", "2024-01-02"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_plain_scalar_is_read_as_hubs_do(text, value):
    read = resolve(text)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan_is_a_number(text):
    assert math.isnan(resolve(text))
    assert plain(text)[1] is None


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        ("", None),
        ("a", None),
        ("y", None),
        ("yes", "true"),
        ("On", "true"),
        ("NO", "false"),
        ("off", "false"),
        ("oN", None),
        ("=", "an error"),
        ("==", None),
        ("7", None),
        ("+7", None),
        ("1.5", None),
        ("010", "the number 8"),
        ("-010", "the number -8"),
        ("0", None),
        ("0b11", None),
        ("-0b11", None),
        ("0x1F", None),
        ("-0x1F", None),
        ("0o17", "the text '0o17'"),
        ("1_000", "the number 1000"),
        ("-1_0", "the number -10"),
        ("1:30", "the number 90"),
        ("-1:30", "the number -90"),
        ("1:30:00", "the number 5400"),
        ("1:30.5", "the number 90.5"),
        ("-1:30.5", "the number -90.5"),
        ("1_0.5", "the number 10.5"),
        ("-1_0.5", "the number -10.5"),
        ("1e3", "the text '1e3'"),
        ("1.0e+3", None),
        ("08", "the text '08'"),
        (".inf", None),
        ("-.inf", None),
        ("5.", None),
        (".5", None),
        ("2024-01-02", None),
        ("No way", None),
        ("9" * 401, None),
    ],
)
def test_what_yaml_1_1_makes_of_a_scalar(text, differs):
    assert plain(text) == (resolve(text), differs)


def pieces(source):
    return [(piece.kind, piece.text, source[piece.start : piece.end], piece.level, piece.url) for piece in read_html(source)]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("", []),
        ("text", [("text", "text", "text", 0, "")]),
        (" a &lt; b ", [("text", "a < b", "a &lt; b", 0, "")]),
        ("<p> a </p>b", [("text", "a", "a", 0, ""), ("text", "b", "b", 0, "")]),
        ("a<b>b</b> c", [("text", "ab c", "a<b>b</b> c", 0, "")]),
        ("<img src=u alt=b></img>", [("image", "b", "<img src=u alt=b>", 0, "u")]),
        ("<!--c-->", [("comment", "c", "<!--c-->", 0, "")]),
        ("a<!-- c", [("text", "a", "a", 0, ""), ("comment", " c", "<!-- c", 0, "")]),
        ("<H2> A\n  <i>b</i> &amp; </H2>", [("heading", "A b &", "<H2> A\n  <i>b</i> &amp; </H2>", 2, "")]),
        ("x<h1>A</h1>y", [("text", "x", "x", 0, ""), ("heading", "A", "<h1>A</h1>", 1, ""), ("text", "y", "y", 0, "")]),
        ("<h1>A<p>b</p></h1>", [("heading", "Ab", "<h1>A<p>b</p></h1>", 1, "")]),
        ("<h3> </h3>", []),
        ("A</h3>", [("text", "A", "A", 0, "")]),
        ("<h1>A<h2>B</h2>", [("text", "A", "A", 0, ""), ("heading", "B", "<h2>B</h2>", 2, "")]),
        ("<hr>a<hx>b", [("text", "ab", "a<hx>b", 0, "")]),
        ("<img src=a.png alt='b c'>", [("image", "b c", "<img src=a.png alt='b c'>", 0, "a.png")]),
        ('<IMG SRC="a&amp;b">', [("image", "", '<IMG SRC="a&amp;b">', 0, "a&b")]),
        ('<img alt="b" />', [("image", "b", '<img alt="b" />', 0, "")]),
        ("<img>", [("image", "", "<img>", 0, "")]),
        (
            '<a href="u&amp;v"> t <b>x</b></a>',
            [("link", "t x", '<a href="u&amp;v"> t <b>x</b></a>', 0, "u&v"), ("text", "t x", "t <b>x", 0, "")],
        ),
        (
            "a <a href=u>b</a> c",
            [("text", "a b c", "a <a href=u>b</a> c", 0, ""), ("link", "b", "<a href=u>b</a>", 0, "u")],
        ),
        (
            "<a href=u>b<a href=v>c</a></a>",
            [
                ("link", "bc", "<a href=u>b<a href=v>c</a></a>", 0, "u"),
                ("text", "bc", "b<a href=v>c", 0, ""),
                ("link", "c", "<a href=v>c</a>", 0, "v"),
            ],
        ),
        ("<a href=u>b", [("link", "", "<", 0, "u"), ("text", "b", "b", 0, "")]),
        ("b</a>", [("text", "b", "b", 0, "")]),
        ("<a>b</a>", [("text", "b", "b", 0, "")]),
        ('<a name="n">', [("anchor", "n", '<a name="n">', 0, "")]),
        ('<p id=i name="n">', [("anchor", "i", '<p id=i name="n">', 0, ""), ("anchor", "n", '<p id=i name="n">', 0, "")]),
        ("<script>x<p>y</script>z", [("text", "z", "z", 0, "")]),
        ("<style>x</script>y</style>z", [("text", "z", "z", 0, "")]),
        ("a<script>x", [("text", "a", "a", 0, "")]),
        ("<script>x<!--c-->", [("comment", "c", "<!--c-->", 0, "")]),
        ("a<br>b", [("text", "a", "a", 0, ""), ("text", "b", "b", 0, "")]),
        ("1 < 2 > 1", [("text", "1 < 2 > 1", "1 < 2 > 1", 0, "")]),
        ("<p> <b>a </b> </p>", [("text", "a", "a", 0, "")]),
    ],
)
def test_pieces_of_html(source, wanted):
    assert pieces(source) == wanted


def test_table_is_read_from_its_lines():
    source = "| é | [b](u) |\n|---|---|\n| *1* | `2` |\nx | [c](v) and [d](w)\n\n|y|"
    table = read_table(source, 10)
    assert table.rows == (("é", "b"), ("1", "2"), ("x", "c and d"), ("y",))
    assert table.pieces == ["é | b\n", "1 | 2\n", "x | c and d\n", "y\n"]
    text = "." * 10 + source
    assert [text[place] for place in table.places] == ["é", "1", "x", "y"]
    assert [(url, label, text[start:end]) for url, label, start, end in table.links] == [
        ("u", "b", "[b](u)"),
        ("v", "c", "[c](v)"),
        ("w", "d", "[d](w)"),
    ]


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("| a | [b](c) |", True),
        ("| a \\| b |", False),
        ("| <b> |", False),
        ("| a & b |", False),
        ("| ![i](j) |", False),
        ("| ~a~ |", False),
    ],
)
def test_only_a_table_of_text_and_links_is_plain(source, plain):
    assert (read_table(source, 0) is not None) == plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 1),
        ("one", 1),
        ("one two", 2),
        ("one\ntwo three", 3),
        ("é ü", 2),
        ("日本語の文", 2),
        ("日本語の文です one two", 3),
        ("one 日本 two three four", 6),
    ],
)
def test_words_of_a_text(text, words):
    assert count_words(text) == words


def fault(source, offset=0):
    with pytest.raises(YamlFault) as caught:
        read_yaml(source, offset)
    return caught.value


@pytest.mark.parametrize(
    ("source", "kind", "message", "place", "budget"),
    [
        ("a: {", "invalid-yaml", "did not find expected node content", (14, 15), False),
        ("a: b\n---\nc: d", "invalid-yaml", "a second document begins here", (15, 16), False),
        ("a: \x01", "invalid-yaml", "control characters are not allowed", (13, 14), False),
        ("é: \x01", "invalid-yaml", "control characters are not allowed", (13, 14), False),
        ("a: \ud800", "invalid-yaml", "a lone surrogate is no character", (13, 14), False),
        ("[" * (MAX_DEPTH + 1), "too-deep", f"more than {MAX_DEPTH} levels", (10 + MAX_DEPTH, 11 + MAX_DEPTH), True),
        (
            "[" + "a," * MAX_NODES,
            "too-many-values",
            f"more than {MAX_NODES} values",
            (11 + 2 * (MAX_NODES - 1), 12 + 2 * (MAX_NODES - 1)),
            True,
        ),
        ("a: &x [1]\nb: *y", "invalid-yaml", "unknown alias 'y'", (23, 25), False),
        ("a: !x y", "invalid-yaml", "unknown tag !<!x>", (13, 17), False),
        ("{[a]: b}", "invalid-yaml", "a key is a list or a mapping", (11, 12), False),
        ("a: 1\na: 2", "duplicate-key", "a", (15, 16), False),
    ],
)
def test_fault_of_yaml_has_its_place_in_the_card(source, kind, message, place, budget):
    found = fault(source, 10)
    assert (found.kind, found.message, (found.start, found.end), found.budget) == (kind, message, place, budget)


def test_depth_values_and_aliases_up_to_the_bounds_are_read():
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).value
    assert len(read_yaml("[" + "a," * (MAX_NODES - 1) + "]").value) == MAX_NODES - 1
    aliases = MAX_ALIASED_NODES // 3
    assert len(read_yaml("a: &x [1, 2]\nb: [" + "*x," * aliases + "]").value["b"]) == aliases
    assert fault("a: &x [1, 2]\nb: [" + "*x," * (aliases + 1) + "]").kind == "too-many-aliases"


def test_no_more_differences_than_the_bound_are_kept():
    assert len(read_yaml("[" + "yes," * (MAX_PROBLEMS + 5) + "]").problems) == MAX_PROBLEMS


def test_tab_in_the_indentation_is_refused_and_one_between_tokens_told_at_its_place():
    assert fault("a:\n\tb: c", 5).kind == "invalid-yaml"
    (problem,) = read_yaml("a: b\ne:\tf", 5).problems
    assert (problem.kind, problem.start, problem.end) == ("tab", 12, 13)
