"""What holds of every card: places can be cut out of it, fixes touch what they name, parts make the whole."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardlint.card.card import Card
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan, run
from cardlint.engine.catalogue import shipped
from cardlint.engine.rule import rule_from_data
from cardlint.engine.select import Choice, Selected, choose
from cardlint.fixes.run import mend
from cardlint.sources.entry import Entry
from tests.engine.test_run import BASE
from tests.test_hostile import JUDGE, PIECES, SHAPES, judge

CARDS = st.lists(PIECES, max_size=25).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass"))
FRONT = st.lists(PIECES, max_size=12).map(lambda pieces: "---\n" + "".join(pieces))
EASY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def cut_out(text, span):
    """The text of a span, by lines as editors count them and columns in code points."""
    lines = Card.from_text(text).lines
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


@EASY
@given(CARDS)
def test_spans_of_findings_can_be_cut_out_of_the_text(data):
    card = Card.from_bytes(data)
    for found in judge(data).findings:
        begin = card.lines.offset(*found.span[:2])
        end = card.lines.offset(*found.span[2:])
        assert 0 <= begin <= end <= len(card.text)
        assert card.lines.span(begin, end) == found.span


BEFORE = ["", "𝒳", "é", "e\u0301", "\u202e", "\u200b", "模型", "\x00", "🦅" * 40, "\u2028", "\x85", "\x0c"]


@pytest.mark.parametrize("text", BEFORE, ids=[ascii(text[:3]) for text in BEFORE])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_columns_count_code_points_whatever_stands_before(text, end, bom):
    line = f"{text} <script>run()</script>"
    card = end.join(("---", "license: mit", "---", "# Gulls", "", line, ""))
    (found,) = [each for each in judge(bom + card.encode()).findings if each.code == "SEC009"]
    assert found.span[:2] == (6, len(text) + 2)
    assert cut_out(card, found.span) == "<script"


@pytest.mark.parametrize("text", ["𝒳", "模型", "🦅🦅"])
def test_columns_in_the_front_matter_count_code_points(text):
    card = f"---\ntags: ['{text}', x]\nlicense: apache2\n---\n# Gulls\n"
    flow = f"---\n{{title: '{text}', license: apache2}}\n---\n# Gulls\n"
    for each in (card, flow):
        (found,) = [found for found in judge(each.encode()).findings if found.at == "/metadata/license" and found.code.startswith("LIC")]
        assert cut_out(each, found.span) == "apache2"


@EASY
@given(FRONT)
def test_safe_fixes_settle_and_leave_the_words_of_the_body(text):
    data = (text + "\n---\n# Gulls\n\nIt counts gulls 𝒳 and no terns.\n").encode("utf-8", "surrogatepass")
    mended = mend(data, judge)
    assert judge(mended.data).failure is None
    assert "It counts gulls 𝒳 and no terns.".encode() in mended.data
    assert mend(mended.data, judge).data == mended.data


def test_comment_silences_no_failure_of_our_own():
    rule = rule_from_data({**BASE, "check": {"python": "tests.engine.broken:raises"}})
    names = [rule, *shipped()]
    comment = b"---\nlicense: mit\n---\n<!-- cardlint: ignore[LIC900] all is well -->\n# Gulls\n"
    broken = Judge(Plan((Selected(rule, "error"),), {}, silence=silencing(names, "author")))
    outcome = broken(Entry("README.md", None, text=comment))
    assert outcome.failure is not None
    assert "LIC900" in outcome.failure


def test_whole_folder_says_what_its_cards_say_alone(tmp_path):
    entries = []
    for number, (data, _) in enumerate(SHAPES.values()):
        if len(data) < 100_000:
            path = tmp_path / str(number) / "README.md"
            path.parent.mkdir()
            path.write_bytes(data)
            entries.append(Entry(str(path), path, id=f"acme/{number}", kind="model"))
    plan = JUDGE.plan
    alone = [Judge(plan)(entry) for entry in entries]
    assert list(run(entries, plan, 1)) == alone
    assert list(run(list(reversed(entries)), plan, 1)) == alone[::-1]


def test_rules_together_say_what_each_says_alone():
    data = SHAPES["wrong types"][0] + b"\n# Limitations\n\n<script>x</script>\n\nTODO: write. Trained on the Puffin Corpus.\n"
    rules = choose(Choice(profile="audit", preview=True), shipped())
    entry = Entry("README.md", None, id="acme/gulls", kind="model", text=data)
    together = Judge(Plan(tuple(rules), {}))(entry).findings
    alone = [found for rule in rules for found in Judge(Plan((rule,), {}))(entry).findings]
    assert sorted(together) == sorted(alone)


ENCODINGS = {
    "utf-8 with a byte order mark": ("utf-8-sig", "FM007", "ok"),
    "utf-16, little": ("utf-16", "FM008", "ok"),
    "utf-16, big": ("utf-16-be", None, None),
    "latin-1": ("latin-1", "FM008", "ok"),
    "cp1252": ("cp1252", "FM008", "ok"),
    "shift-jis": ("shift-jis", "FM008", "ok"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_encoding_is_told_and_the_front_matter_is_read_where_it_can_be(name):
    encoding, code, status = ENCODINGS[name]
    word = "Möwen" if encoding != "shift-jis" else "かもめ"
    data = f"---\nlicense: mit\n---\n# {word}\n".encode(encoding)
    outcome = judge(data)
    assert outcome.failure is None
    if code:
        assert code in {found.code for found in outcome.findings}
    if status:
        assert Card.from_bytes(data).front_matter.status == status
