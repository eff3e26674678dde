"""Cards written by strangers: any bytes give a report, in bounded time, with spans inside the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.sources.entry import Entry

JUDGE = Judge(Plan(tuple(choose(Choice(profile="audit", preview=True), shipped())), {}))

BOMB = (
    "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"b{i}: &b{i} [{','.join(['*a' if not i else f'*b{i - 1}'] * 9)}]\n" for i in range(9))
    + "---\n"
)
LINES = "A line of a card that says little about the model it belongs to.\n"


def judge(data: bytes):
    return JUDGE(Entry("README.md", None, id="acme/gulls", kind="model", text=data))


SHAPES = {
    "empty": (b"", "FM001"),
    "no front matter": (b"# Gulls\n\nIt counts gulls.\n", "FM002"),
    "not closed": (b"---\nlicense: mit\n# Gulls\n", "FM003"),
    "invalid yaml": (b"---\nlicense: mit: x\n---\n# Gulls\n", "FM010"),
    "duplicate keys": (b"---\nlicense: mit\ntags: [a]\nlicense: mit\n---\n", "FM011"),
    "byte order mark": (b"\xef\xbb\xbf---\nlicense: mit\n---\n", "FM007"),
    "crlf": (b"---\r\nlicense: mit\r\n---\r\n# Gulls\r\n", None),
    "cr only": (b"---\rlicense: mit\r---\r# Gulls\r", "FM004"),
    "latin-1": ("---\nlicense: mit\n---\n# Möwen\n".encode("latin-1"), "FM008"),
    "utf-16": ("---\nlicense: mit\n---\n# Gulls\n".encode("utf-16"), "FM008"),
    "nul bytes": (b"---\nlicense: mit\n---\n# Gu\x00lls\n\x00\x00\n", None),
    "yaml list": (b"---\n- license\n- mit\n---\n", "FM012"),
    "yaml scalar": (b"---\nlicense:mit\n---\n", "FM012"),
    "wrong types": (b"---\nlicense: {a: b}\ntags: 3\nlanguage: [1, {x: y}]\nwidget: yes\nmodel-index: x\n---\n", "MET003"),
    "alias bomb": (BOMB.encode(), "FM014"),
    "python tag": (b"---\nlicense: !!python/object/apply:os.system ['true']\n---\n", "FM010"),
    "deep nesting": (b"---\na: " + b"[" * 5_000 + b"]" * 5_000 + b"\n---\n", "FM014"),
    "deep block nesting": (b"---\n" + b"".join(b" " * i + b"a:\n" for i in range(3_000)) + b"---\n", "FM014"),
    "200,000 tags": (b"---\ntags:\n" + b"- a\n" * 200_000 + b"---\n", "FM014"),
    "40,000 tags": (b"---\ntags:\n" + b"".join(b"- t%d\n" % i for i in range(40_000)) + b"---\n", None),
    "heading inside a code fence": (b"---\nlicense: mit\n---\n```\n# Limitations\n```\n", "LIM001"),
    "many headings": (b"# a\n\n" * 30_000, "FM017"),
    "many links": (b"[a](b) " * 60_000, "FM017"),
    "deep quotes": (b"> " * 50_000 + b"x", None),
    "open brackets": (b"[" * 200_000, None),
    "deep lists": (b"".join(b"  " * i + b"- a\n" for i in range(1_500)), None),
    "wide table": (b"|" + b"a|" * 20_000 + b"\n|" + b"-|" * 20_000 + b"\n", None),
    "long comment": (b"<!--" * 50_000, None),
    "long html": (b"<div " * 100_000, None),
    "long word": (b"# T\n\n" + b"a" * 3_000_000, None),
    "setext and HTML headings": (b"---\nlicense: mit\n---\nLimitations\n-----------\nnone\n\n<h2>Bias</h2>\n", None),
    "mixed line ends": (b"---\r\nlicense: mit\n---\r\n# Gulls\rText\n", None),
    "no line end at the end": (b"---\nlicense: mit\n---\n# Gulls", None),
    "halves of characters": (b"---\nlicense: mit\n---\n# G\xed\xa0\x80ulls\n", "FM008"),
    "many comments": (b"<!-- a -->\n\n" * 60_000, "FM017"),
    "many ids": (b"".join(b'<a id="%d"></a>\n\n' % i for i in range(30_000)), "FM017"),
    "many faults of one kind": (b"<script>a</script>\n\n" * 100, "FM018"),
    "bidi text": ("---\nlicense: mit\n---\n# Gulls\n\nThe model \u202eis safe\u202c here.\n".encode(), "SEC002"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_malformed_card_is_judged_and_named(shape):
    data, code = SHAPES[shape]
    start = time.process_time()
    outcome = judge(data)
    took = time.process_time() - start
    assert outcome.failure is None
    assert code is None or code in {found.code for found in outcome.findings}
    # No benchmark: a hang or a quadratic loop takes minutes here, and every shape well under a second.
    assert took < 20


@pytest.mark.parametrize("data", [LINES.encode() * 770_000, b"a" * 50_000_000], ids=["many lines", "one line"])
def test_card_of_50_megabytes_is_cut_and_told(data):
    outcome = judge(data)
    assert outcome.failure is None
    assert "FM017" in {found.code for found in outcome.findings}


PIECES = st.sampled_from(
    [
        *(
            "---\n",
            "---",
            "\n",
            "\r\n",
            "\r",
            " ",
            "\t",
            "#",
            "# A\n",
            "license: mit\n",
            "tags:\n",
            "- a\n",
            "a: b: c\n",
            "key: [",
            "]",
            "{",
            "}",
        ),
        *(
            "&a ",
            "*a",
            "!!str ",
            "|",
            ">",
            "'",
            '"',
            "```\n",
            "~~~",
            "<!--",
            "-->",
            "<div>",
            "</div>",
            "<a href=x>",
            "[a](b)",
            "![",
            "](",
            "| a | b |\n",
        ),
        *(
            "|-|-|\n",
            "**b**",
            "`c`",
            "\u202e",
            "\u200b",
            "é",
            "𝒳",
            "\x00",
            "\ufeff",
            "TODO",
            "[More Information Needed]",
            "from_pretrained('a/b')",
        ),
        *(
            "model-index:\n- name: x\n  results:\n",
            "widget:\n- text: y\n",
            "base_model: a/b\n",
            "1e400\n",
            "0x",
            "12:30\n",
            "@article{a, b = {c}}\n",
        ),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_card_gives_a_report_with_spans_inside_it(text):
    outcome = judge(text.encode("utf-8", "surrogatepass"))
    assert outcome.failure is None
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for found in outcome.findings:
        span = found.span
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
        assert span.end_line <= len(lines)
        assert span.end_column <= len(lines[span.end_line - 1]) + 3  # a span may hold its line's end


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes_give_a_report(data):
    assert judge(data).failure is None


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES, max_size=30).map("".join))
def test_judging_twice_says_the_same(text):
    data = text.encode("utf-8", "surrogatepass")
    assert judge(data) == judge(data)
