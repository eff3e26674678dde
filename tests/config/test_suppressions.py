"""Comments in a card that silence findings: where they stand, what they cover, and which are wrong."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cardlint.card.frontmatter import read_front_matter
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.sources.entry import Entry

RULES = shipped()


def judge_of(profile="author", select=()):
    plan = Plan(tuple(choose(Choice(profile=profile, select=select), RULES)), {}, silence=silencing(RULES, profile))
    return Judge(plan)


AUTHOR = judge_of()


def outcome(text, judge=AUTHOR):
    return judge(Entry("README.md", None, text=text.encode(), kind="model"))


def silent(text, judge=AUTHOR):
    return sorted((each.code, each.suppressed.reason) for each in outcome(text, judge).suppressed)


def told(text, judge=AUTHOR):
    return {each.code for each in outcome(text, judge).findings}


@pytest.mark.parametrize(
    "block",
    [
        "license: apache2 # cardlint: ignore[LIC101] ours",
        "# cardlint: ignore[LIC101] ours\nlicense: apache2",
        "# cardlint: ignore[unknown-license] ours\n\n# another comment\nlicense: apache2",
        "# cardlint: ignore[LIC101] ours\nlicense:\n- mit\n- apache2",
        "license:\n- mit\n- apache2 # cardlint: ignore[LIC101] ours",
        "license:\n- mit\n# cardlint: ignore[lic101] ours\n- apache2",
        "license: [mit, # cardlint: ignore[LIC101] ours\n  apache2]",
        "# cardlint: ignore[LIC101, MET101] ours\n# cardlint: ignore[FM020] other\nlicense: apache2",
    ],
)
def test_comment_in_front_matter_covers_its_key_and_what_is_below(block):
    assert ("LIC101", "ours") in silent(f"---\n{block}\n---\n# Gulls\n")


@pytest.mark.parametrize(
    "block",
    [
        "license: apache2\n# cardlint: ignore[LIC101] ours\ntags: [a]",
        "tags: [a] # cardlint: ignore[LIC101] ours\nlicense: apache2",
        "license: apache2\nx: 'a # cardlint: ignore[LIC101] ours'",
        "x: |\n  # cardlint: ignore[LIC101] ours\nlicense: apache2",
        "x: >-\n  a\n  # cardlint: ignore[LIC101] ours\nlicense: apache2",
        'x: "a\n  # cardlint: ignore[LIC101] ours"\nlicense: apache2',
        "x: a#cardlint:ignore[LIC101]\nlicense: apache2",
        "# not cardlint: ignore[LIC101] ours\nlicense: apache2",
    ],
    ids=["below", "another-key", "single-quoted", "block-scalar", "folded", "double-quoted", "no-blank-before", "in-the-middle"],
)
def test_comment_elsewhere_and_text_that_is_no_comment_silence_nothing(block):
    assert "LIC101" in told(f"---\n{block}\n---\n# Gulls\n")


def test_comment_above_the_closing_fence_covers_what_is_absent_from_the_metadata():
    assert silent("---\ntags: [a]\n# cardlint: ignore[LIC001] not decided\n---\n# Gulls\n") == [("LIC001", "not decided")]


BODY = "---\nlicense: mit\n---\n# Gulls\n\n{}\n\nlast\n"


@pytest.mark.parametrize(
    "body",
    [
        "##Use <!-- cardlint: ignore[DOC021] a tag -->\nit well",
        "<!-- cardlint: ignore[DOC021] a tag -->\n##Use it well",
        "<!-- cardlint: ignore[DOC021] a tag -->\n\n\n##Use it well",
        "<!--\ncardlint: ignore[DOC021]\n  a\n  tag\n-->\n##Use it well",
        "<!-- cardlint: ignore[DOC021] a tag -->\n<!-- cardlint: ignore[LIC101] other -->\n##Use it well",
    ],
)
def test_comment_in_the_body_covers_its_line_and_the_next_that_is_not_blank(body):
    judge = judge_of(select=("DOC021",))
    assert silent(BODY.format(body), judge) == [("DOC021", "a tag")]


@pytest.mark.parametrize(
    "body",
    [
        "<!-- cardlint: ignore[DOC021] a tag -->\ntext\n\n##Use it well",
        "##Use it well\n<!-- cardlint: ignore[DOC021] a tag -->",
        "```\n<!-- cardlint: ignore[DOC021] a tag -->\n```\n##Use it well",
        "`<!-- cardlint: ignore[DOC021] a tag -->`\n\n##Use it well",
        "    <!-- cardlint: ignore[DOC021] a tag -->\n\n##Use it well",
    ],
    ids=["line-between", "above", "fenced-code", "code", "indented-code"],
)
def test_comment_in_the_body_covers_nothing_else(body):
    assert "DOC021" in told(BODY.format(body), judge_of(select=("DOC021",)))


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [a]\n---\n<!-- cardlint: ignore[LIC001, LIM001] draft -->\n# Gulls\n\ntext\n",
        "---\ntags: [a]\n---\n\nA short word first.\n\n<!-- cardlint: ignore[LIC001, LIM001] draft -->\n\n# Gulls\n",
        "---\ntags: [a]\n---\n<!-- a -->\n\n<!-- cardlint: ignore[LIC001, LIM001] draft -->\nNo heading at all.\n",
    ],
    ids=["after-the-fence", "before-the-first-heading", "no-heading"],
)
def test_comment_at_the_top_covers_the_whole_card_and_what_is_absent(text):
    assert [code for code, _ in silent(text)] == ["LIC001", "LIM001"]


def test_nothing_is_silenced_without_naming_a_rule():
    for words in ("ignore", "ignore[]", "ignore all", "ignore[LIC]", "ignore[ALL]", "ignore[*]"):
        found = outcome(f"---\nlicense: apache2 # cardlint: {words} why\n---\n# Gulls\n")
        assert {"LIC101", "DOC902"} <= {each.code for each in found.findings}, words
        assert found.suppressed == ()


@pytest.mark.parametrize(
    ("comment", "advice"),
    [
        ("ignore DOC002 it prints this", "rules stand in brackets: `ignore[DOC002]`."),
        ("disable=DOC002,placeholder", "rules stand in brackets: `ignore[DOC002, placeholder]`."),
        ("ignore", ""),
    ],
)
def test_a_rule_that_is_named_without_brackets_is_told_how(comment, advice):
    (found,) = (
        each for each in outcome(f"# Gulls\n\nText.\n\n<!-- cardlint: {comment} -->\nTODO: write it\n").findings if each.code == "DOC902"
    )
    assert found.help.removesuffix("Write `ignore[CODE] reason` with a code or name that `cardlint rules` lists.").strip() == advice


@pytest.mark.parametrize("profile", ["gate", "audit"])
def test_gate_and_audit_count_and_do_not_honour(profile):
    found = outcome("---\nlicense: apache2 # cardlint: ignore[LIC101] ours\n---\n# Gulls\n", judge_of(profile))
    assert "LIC101" in {each.code for each in found.findings}
    assert (found.suppressed, found.unhonoured) == ((), 1)


def test_rule_that_did_not_run_leaves_its_comment_unjudged():
    text = "---\nlicense: mit # cardlint: ignore[LIC101] ours\n---\n# Gulls\n<!-- cardlint: ignore[LIC007] no files here -->\n"
    assert [each.message for each in outcome(text).findings if each.code == "DOC901"] == ["nothing here for LIC101 to silence"]
    assert told(text, judge_of(select=("DOC901", "MET101"))) == set()


def test_many_comments_cost_little():
    stack = "<!-- cardlint: ignore[LIC101] x -->\n" * 20_000
    blank = "<!-- cardlint: ignore[DOC021] x -->\n\n\n" * 5_000
    start = time.process_time()
    outcome(f"---\nlicense: mit\n---\n# Gulls\n\n{stack}text\n\n{blank}")
    outcome("---\n" + "# cardlint: ignore[LIC101] x\n" * 20_000 + "license: mit\n---\n# Gulls\n")
    outcome("---\nlicense: mit\n---\n# Gulls\n<!-- cardlint:" + " " * 200_000 + "[ -->\n")
    assert time.process_time() - start < 15


@given(
    st.lists(
        st.sampled_from(["a: 1", "# c", "b: 'x # y'", "c: |\n  # t\n  u", "d: [1, # e\n  2]", "- # z", "f: g#h # i", "", "  # w"]),
        max_size=8,
    )
)
def test_front_matter_comments_are_those_that_yaml_passes_over(lines):
    source = "\n".join(["k: v # cardlint: ignore[X] y", *dict.fromkeys(lines)])
    text = f"---\n{source}\n---\n"
    block = read_front_matter(text)
    if block.status != "ok":
        return
    bare = text
    for start, end in reversed(block.comments):
        bare = bare[:start] + bare[end:]
    bare_source = bare[4 : bare.rindex("\n---")]
    assert yaml.safe_load(bare_source) == yaml.safe_load(source)
    marks = [token.start_mark.index for token in yaml.scan(bare_source) if hasattr(token, "value")]
    assert marks
    left = read_front_matter(bare.replace("k: v", "k: 'cardlint:'", 1))
    assert left.comments == ()
