"""States of controls on real cards against what a reader said of the same cards, read before the states were known."""

from __future__ import annotations

import hashlib
import json

import pytest

from cardlint.model import CONTROL_STATES
from cardlint.sources.entry import Entry
from tests.standards.pairs import DATA, judge_of

VERDICTS = [json.loads(line) for line in (DATA / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
MOST_WRONG = 1 / 50


def test_verdicts_are_whole_and_told_once():
    assert {each["verdict"] for each in VERDICTS} <= {"met", "not-met"} < set(CONTROL_STATES)
    assert all(each["reason"] for each in VERDICTS)
    assert len({(each["sha256"], each["control"]) for each in VERDICTS}) == len(VERDICTS)


def test_states_are_what_a_reader_says_of_well_known_cards(real_cards):
    """Met is met; what is not met, or not checked for want of files, is not in the card; what is left to readers does not count."""
    wanted = {each["sha256"] for each in VERDICTS}
    texts = {digest: row for row in real_cards if (digest := hashlib.sha256(row["text"].encode()).hexdigest()) in wanted}
    if len(texts) < len(wanted):
        pytest.skip("not all of the cards are beside this clone")
    judge = judge_of(*dict.fromkeys(each["standard"] for each in VERDICTS))
    found = {}
    for digest, row in texts.items():
        outcome = judge(Entry("README.md", None, kind="model", text=row["text"].encode()))
        found |= {(digest, each.control): each for each in outcome.controls}
    wrong, decided = [], 0
    for verdict in VERDICTS:
        result = found[verdict["sha256"], verdict["control"]]
        if result.state != "manual":
            decided += 1
            if (result.state == "met") != (verdict["verdict"] == "met"):
                wrong.append(f"{verdict['sha256'][:8]} {verdict['control']}: {result.state} ({result.reason}), reader: {verdict['reason']}")
    assert decided > 0.9 * len(VERDICTS)
    assert len(wrong) <= MOST_WRONG * decided, "\n".join(wrong)
