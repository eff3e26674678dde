"""Cards judged some at a time: each outcome is what the card alone gets, whatever becomes of its neighbours."""

from __future__ import annotations

import pytest

from cardlint.engine import batch
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.loader import load, shipped_files
from cardlint.engine.select import Choice, Selected, choose
from cardlint.model import CardlintError
from cardlint.sources.entry import Entry
from tests.engine.test_run import rule_of


@pytest.fixture(scope="module")
def every_rule():
    return Judge(Plan(tuple(choose(Choice(profile="audit", preview=True), shipped())), {}))


def example_cards():
    """Every third card of the rules' examples, of all kinds, some with an id."""
    rules = [load(file.read_text(encoding="utf-8"), file.name) for file in shipped_files()]
    examples = [(rule["code"], each) for rule in rules for each in (*rule["examples"]["bad"], *rule["examples"]["good"])]
    cards = [(code, each) for code, each in examples if isinstance(each.get("card"), str)][::3]
    for number, (code, each) in enumerate(cards):
        text = each["card"].encode("utf-8", "replace")
        yield Entry(f"{code}-{number}", None, text=text, id="acme/birds" if number % 2 else None, kind=each.get("kind"))


def test_cards_together_are_judged_as_each_alone(every_rule):
    entries = list(example_cards())
    assert list(every_rule.each(entries)) == [every_rule(entry) for entry in entries]


def test_order_holds_around_what_cannot_be_read_and_what_is_large(every_rule, tmp_path):
    gone = Entry("gone", tmp_path / "gone.md")
    large = Entry("large", None, text=b"# T\n" + b"word " * (batch._MOST_BYTES // 5))
    beside = Entry("beside", None, text=b"# D\n", files=())
    some = [Entry(name, None, text=b"# A\n") for name in ("first", "second", "third", "last")]
    outcomes = list(every_rule.each([some[0], gone, some[1], large, some[2], beside, some[3]]))
    assert [each.input for each in outcomes] == ["first", "gone", "second", "large", "third", "beside", "last"]
    assert [each.input for each in outcomes if each.failure] == ["gone"]


def test_a_source_that_gives_up_stops_behind_the_outcomes_before_it(every_rule):
    def gives_up(_):
        raise CardlintError("no such revision")

    entries = [Entry("first", None, text=b"# A\n"), Entry("second", None, opener=gives_up), Entry("last", None, text=b"# B\n")]
    outcomes = every_rule.each(entries)
    assert next(outcomes).input == "first"
    with pytest.raises(CardlintError, match="no such revision"):
        next(outcomes)


def judged(function, *texts):
    judge = Judge(Plan((Selected(rule_of({"python": f"tests.engine.broken:{function}"}), "error"),), {}))
    return list(judge.each([Entry(text, None, text=text.encode()) for text in texts]))


def test_a_check_that_raises_on_one_card_fails_on_that_card_alone():
    outcomes = judged("raises_on_some", "# one", "# odd", "# two")
    assert [each.failure for each in outcomes] == [None, "LIC900: ValueError: odd", None]
    assert [len(each.findings) for each in outcomes] == [1, 0, 1]


def test_memory_that_runs_out_loses_the_card_that_took_it_alone():
    outcomes = judged("runs_out", "# one", "# huge", "# two")
    assert [each.failure for each in outcomes] == [None, "ran out of memory", None]
    assert [len(each.findings) for each in outcomes] == [1, 0, 1]


def test_a_card_that_kills_its_process_is_lost_alone_where_processes_judge_some_together():
    entries = [Entry(f"{number}", None, text=b"# deadly" if number == 50 else b"# fine") for number in range(100)]
    plan = Plan((Selected(rule_of({"python": "tests.engine.broken:dies"}), "error"),), {})
    outcomes = list(batch.run(iter(entries), plan, jobs=2))
    assert {each.input: each.failure for each in outcomes if each.failure} == {"50": "the process that read this card died"}
    assert [len(each.findings) for each in outcomes] == [int(number != 50) for number in range(100)]
