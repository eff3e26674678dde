"""Cards mended to a fixed point, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.loader import load, shipped_files
from cardlint.engine.rule import rule_from_data
from cardlint.engine.select import Choice, Selected, choose
from cardlint.engine.testing import outcome_of
from cardlint.fixes.run import MOST_ROUNDS, mend
from cardlint.model import Finding, Outcome, PlacedEdit, PlacedFix, Span
from cardlint.sources.entry import Entry

AUDIT = Judge(Plan(tuple(choose(Choice(profile="audit", preview=True), shipped())), {}, silence=silencing(shipped(), "author")))
WITH_FIX = [file for file in shipped_files() if b"autofix: " in file.read_bytes() and b"autofix: none" not in file.read_bytes()]


def judge(data):
    return AUDIT(Entry("README.md", None, text=data))


def fixed(text, **options):
    return mend(text if isinstance(text, bytes) else text.encode(), judge, **options).data


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", None])
def test_comments_order_quoting_and_line_ends_stay(end, last):
    before = [
        "---",
        "# house rules",
        "tags:   [b,  a]  # unsorted",
        'license: "apache2"   # ours',
        "x: 'y'",
        "---",
        "# Gulls",
        "",
        "  text  ",
    ]
    after = [line.replace("apache2", "apache-2.0") for line in before]
    text, wanted = (end.join([*lines, ""] if last is None else lines).encode() for lines in (before, after))
    assert fixed(text) == wanted


def test_unsafe_fixes_only_where_they_are_asked_for():
    text = "---\nlicense: mit\ntags: a, b\n---\n# Gulls\n"
    assert fixed(text) == text.encode()
    assert fixed(text, unsafe=True) == b"---\nlicense: mit\ntags: [a, b]\n---\n# Gulls\n"


def test_byte_order_mark_goes_and_other_edits_keep_it():
    assert fixed(b"\xef\xbb\xbf---\nlicense: apache2\n---\n# Gulls\n") == b"---\nlicense: apache-2.0\n---\n# Gulls\n"
    only = Judge(Plan(tuple(choose(Choice(select=("LIC101",)), shipped())), {}))
    done = mend(b"\xef\xbb\xbf---\nlicense: apache2\n---\n", lambda data: only(Entry("README.md", None, text=data)))
    assert done.data == b"\xef\xbb\xbf---\nlicense: apache-2.0\n---\n"


def test_fixes_behind_a_mended_fence_come_in_the_next_round():
    assert fixed("----\nlicense: apache2\n---\n# Gulls\n") == b"---\nlicense: apache-2.0\n---\n# Gulls\n"


@pytest.mark.parametrize("data", [b"---\nlicense: apache2\n---\ncaf\xe9\n", "---\nlicense: apache2\n---\n".encode("utf-16"), b"", b"\x00"])
def test_card_that_is_not_utf_8_is_left_alone(data):
    assert fixed(data) == data


def test_list_with_more_faults_than_one_round_tells_is_mended_to_its_end():
    codes = ["deu", "fra", "ita", "spa", "por", "nld", "pol", "ron", "ces", "slk"]
    text = "---\nlanguage:\n" + "".join(f"- {code}\n" for code in codes) + "---\n# Gulls\n"
    done = mend(text.encode(), judge)
    assert [each.code for each in done.outcome.findings if each.code == "MET107"] == []


def fake(edit, count=1, message="m"):
    """A judge that always finds the same, whatever the card says."""
    fix = PlacedFix("safe", (edit,))
    finding = Finding("LIC900", "n", "error", "high", message, None, Span(1, 1, 1, 2), "body", "f", fix)
    return lambda data: Outcome("x", None, "model", "x", None, tuple([finding] * count) if data else ())


def test_fix_that_does_not_help_is_not_applied_for_ever():
    done = mend(b"abc\n", fake(PlacedEdit(Span(1, 1, 1, 1), "x")))
    assert done.data == b"xxxabc\n"


def test_fix_that_goes_back_and_forth_ends():
    calls = []

    def judge_turning(data):
        calls.append(data)
        return fake(PlacedEdit(Span(1, 1, 1, 2), "b" if data[:1] == b"a" else "a"))(data)

    assert mend(b"abc\n", judge_turning).data == b"bbc\n"
    assert len(calls) < MOST_ROUNDS


def test_edit_after_which_front_matter_cannot_be_read_is_not_applied():
    text = b"---\nlicense: mit\n---\n"
    done = mend(text, fake(PlacedEdit(Span(2, 1, 2, 1), "] ")))
    assert (done.data, done.applied) == (text, ())


def finding(edit, print_="f", **more):
    return Finding("LIC900", "n", "error", "high", "m", None, Span(1, 1, 1, 2), "body", print_, PlacedFix("safe", (edit,), **more))


def judge_with(*findings):
    """A judge that finds each as long as the card does not hold the text that its fix brings."""

    def judge(data):
        left = tuple(each for each in findings if each.fix.edits[0].text.encode() not in data)
        return Outcome("x", None, "model", "x", None, left)

    return judge


def test_fix_that_breaks_the_front_matter_keeps_no_other_away():
    text = b"---\nlicense: mit\n---\n"
    good, bad = finding(PlacedEdit(Span(2, 10, 2, 13), "apache-2.0"), "good"), finding(PlacedEdit(Span(2, 1, 2, 1), "] "), "bad")
    last = finding(PlacedEdit(Span(4, 1, 4, 1), "# Gulls\n"), "last")
    done = mend(text, judge_with(good, bad, last))
    assert done.data == b"---\nlicense: apache-2.0\n---\n# Gulls\n"
    assert [each.fingerprint for each in done.applied] == ["good", "last"]
    assert [each.fingerprint for each in done.outcome.findings] == ["bad"]


def test_front_matter_may_become_empty_by_a_fix():
    once = finding(PlacedEdit(Span(2, 1, 2, 13), ""))
    done = mend(b"---\nlicense: mit\n---\n", lambda data: Outcome("x", None, "model", "x", None, (once,) if b"mit" in data else ()))
    assert done.data == b"---\n\n---\n"


def test_fix_that_changes_nothing_keeps_no_other_away():
    idle, good = finding(PlacedEdit(Span(1, 1, 1, 2), "a"), "idle"), finding(PlacedEdit(Span(1, 2, 1, 3), "B"), "good")
    judge = lambda data: Outcome("x", None, "model", "x", None, (idle,) if b"B" in data else (idle, good))  # noqa: E731
    done = mend(b"abc\n", judge)
    assert (done.data, [each.fingerprint for each in done.applied]) == (b"aBc\n", ["idle", "good"])
    assert mend(b"abc\n", lambda _: Outcome("x", None, "model", "x", None, (idle,))).applied == ()


def test_fix_that_changes_nothing_makes_way_for_the_one_that_it_meets():
    idle, good = finding(PlacedEdit(Span(1, 1, 1, 2), "a"), "idle"), finding(PlacedEdit(Span(1, 1, 1, 3), "AB"), "good")
    judge = lambda data: Outcome("x", None, "model", "x", None, (idle,) if b"AB" in data else (idle, good))  # noqa: E731
    done = mend(b"abc\n", judge)
    assert (done.data, [each.fingerprint for each in done.applied]) == (b"ABc\n", ["good"])


def test_findings_of_every_round_are_told_in_their_order():
    steps = {b"abc\n": finding(PlacedEdit(Span(1, 1, 1, 2), "b"), "one"), b"bbc\n": finding(PlacedEdit(Span(1, 1, 1, 2), "c"), "two")}
    done = mend(b"abc\n", lambda data: Outcome("x", None, "model", "x", None, (steps[data],) if data in steps else ()))
    assert [each.fingerprint for each in done.applied] == ["one", "two"]


def test_fixes_that_turn_in_a_circle_end_before_it_closes():
    after = {b"a": "b", b"b": "c", b"c": "b"}
    judge = lambda data: Outcome("x", None, "model", "x", None, (finding(PlacedEdit(Span(1, 1, 1, 2), after[data[:1]]), str(data)),))  # noqa: E731
    assert mend(b"a\n", judge).data == b"c\n"


def test_where_one_fix_does_not_hold_forty_are_tried_one_by_one():
    text = b"---\nlicense: mit\n---\n" + b"x" * 60
    bad = finding(PlacedEdit(Span(2, 1, 2, 1), "] "), "bad")
    many = [finding(PlacedEdit(Span(4, column, 4, column + 1), "y"), f"f{column}") for column in range(1, 51)]
    done = mend(text, lambda data: Outcome("x", None, "model", "x", None, (bad, *many) if b"y" not in data else ()))
    assert len(done.applied) == 39


@pytest.mark.parametrize(("strips", "left"), [(False, b"\xef\xbb\xbfxbc\n"), (True, b"xbc\n")])
def test_byte_order_mark_stays_unless_a_fix_takes_it(strips, left):
    assert mend(b"\xef\xbb\xbfabc\n", judge_with(finding(PlacedEdit(Span(1, 1, 1, 2), "x"), strips_bom=strips))).data == left


def test_safe_and_unsafe_fixes_are_told_apart_and_shown_ones_never_applied():
    fixes = [
        finding(PlacedEdit(Span(1, at, 1, at + 1), text), text)._replace(fix=PlacedFix(safety, (PlacedEdit(Span(1, at, 1, at + 1), text),)))
        for at, text, safety in ((1, "X", "safe"), (2, "Y", "unsafe"), (3, "Z", "display"))
    ]
    assert mend(b"abc\n", judge_with(*fixes)).data == b"Xbc\n"
    assert mend(b"abc\n", judge_with(*fixes), unsafe=True).data == b"XYc\n"


def test_card_that_was_cut_is_left_alone():
    from cardlint.budgets import BUDGETS

    text = b"a" * (BUDGETS.card_bytes + 1)
    assert mend(text, fake(PlacedEdit(Span(1, 1, 1, 1), "x"))).data is text


def test_silent_finding_is_not_mended():
    text = b"---\nlicense: apache2 # cardlint: ignore[LIC101] the name of old\n---\n# Gulls\n"
    assert mend(text, judge).data == text


@pytest.mark.parametrize("file", WITH_FIX, ids=lambda file: file.name.removesuffix(".yaml"))
def test_fixes_of_a_rule_mend_its_bad_examples(file):
    """Each fix takes its own finding away, and a second run changes nothing."""
    import base64

    data = load(file.read_text(encoding="utf-8"), file.name)
    rule = rule_from_data(data)
    offered = 0
    for example in data["examples"]["bad"]:

        def own(text, example=example):
            return outcome_of(rule, {**example, "bytes": base64.b64encode(text)})

        before = base64.b64decode(example["bytes"]) if "bytes" in example else (example.get("card") or "").encode()
        done = mend(before, own, unsafe=True)
        offered += len(done.applied)
        left = {each.fingerprint for each in done.outcome.findings}
        assert not left & {each.fingerprint for each in done.applied}
        assert mend(done.data, own, unsafe=True).data == done.data
        assert all(each.fix is None or each.fix.safety == "display" for each in done.outcome.findings)
    assert offered, f"{rule.code} says that it has a fix and none of its bad examples gets one"


def test_safety_of_fixes_is_what_the_rule_file_says():
    for file in shipped_files():
        data = load(file.read_text(encoding="utf-8"), file.name)
        rule = rule_from_data(data)
        for example in data["examples"]["bad"]:
            for each in outcome_of(rule, example).findings:
                if each.fix is not None:
                    assert rule.autofix != "none", f"{rule.code} has a fix and its file says none"
                    assert rule.autofix == "safe" or each.fix.safety != "safe", f"{rule.code} has a safe fix and its file says unsafe"


def test_plain_selected_rule_is_enough():
    (rule,) = (each for each in shipped() if each.code == "LIC101")
    only = Judge(Plan((Selected(rule, "error"),), {}))
    done = mend(b"---\nlicense: apache2\n---\n", lambda data: only(Entry("README.md", None)._replace(text=data)))
    assert [each.code for each in done.applied] == ["LIC101"]
    assert done.outcome.findings == ()


PIECES = [
    *("---", "--- ", "----", "license: apache2", "licence: MIT", "language: English", "- a", "tags: [a, a]", "tags:", "  - no", "x: a: b"),
    *("dataset: squad", "datasets: squad", "metrics: acc", "y:\tz", "# Gulls", "##Use", "", "\ufeff", "<!-- cardlint: ignore[LIC101] -->"),
    *("# cardlint: ignore[nonsense] x", "pipeline_tag: Text_Classification", "task_categories: [Text-Classification]", "k: 'a", "z: yes"),
]


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
def test_whatever_the_card_a_second_run_changes_nothing(lines, end, fenced, unsafe):
    text = end.join([*(["---"] if fenced else []), *lines]).encode()
    done = mend(text, judge, unsafe=unsafe)
    assert done.outcome.failure is None
    assert mend(done.data, judge, unsafe=unsafe).data == done.data
    if not done.applied:
        assert done.data == text


@pytest.mark.parametrize(
    ("fixed_text", "fault"), [("---\nlicense: apache-2.0\n---\n", ""), ("---\nlicense: mit\n---\n", "fixed: expected")]
)
def test_rule_files_say_how_an_example_reads_when_mended(fixed_text, fault):
    from cardlint.engine.testing import judge_examples

    file = next(file for file in shipped_files() if file.name.startswith("LIC101-"))
    data = load(file.read_text(encoding="utf-8"), file.name)
    example = {"card": "---\nlicense: apache2\n---\n", "fixed": fixed_text}
    (verdict,) = judge_examples({**data, "examples": {"bad": [example], "good": []}})
    assert verdict.fault.startswith(fault)
    assert bool(verdict.fault) == bool(fault)


def test_real_cards_are_mended_once(real_cards):
    """A sample of the real cards; `benchmarks/fixes.py` takes them all."""
    for row in real_cards[::150]:
        done = mend(row["text"].encode(), judge)
        assert mend(done.data, judge).data == done.data
