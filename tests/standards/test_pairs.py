"""Every control that a check can tell is met by a card that answers it and not by the same card without the answer."""

from __future__ import annotations

import pytest

from cardlint.standards.load import find_standard, shipped_ids
from tests.standards.pairs import RULES, changed, judge_of, read, states

MODELS = read("models.yaml")
HUB = read("hub-minimum.yaml")
JUDGE = judge_of(*MODELS["standards"])
BY_HAND = {control.id for name in MODELS["standards"] for control in find_standard(name, RULES).controls if control.manual}


def _states(card):
    return {name: result.state for name, result in states(JUDGE, {"card": card, "id": MODELS["id"]}).items()}


def test_good_card_meets_every_control():
    found = _states(MODELS["card"])
    assert {name: state for name, state in found.items() if state != "met" and name not in BY_HAND} == {}


def test_every_control_that_is_not_judged_by_hand_has_a_failing_card():
    assert set(_states(MODELS["card"])) - BY_HAND == set(MODELS["fails"])


@pytest.mark.parametrize("control", MODELS["fails"])
def test_card_without_the_answer_fails_the_control_and_no_other(control):
    case = MODELS["fails"][control]
    found = _states(changed(MODELS["card"], case["changes"]))
    failed = {name for name, state in found.items() if state != "met" and name not in BY_HAND}
    assert failed == {control, *case.get("also", ())}


def test_every_control_of_the_hub_minimum_has_its_pair():
    assert [control.id for control in find_standard("hub-minimum", RULES).controls] == list(HUB)


@pytest.mark.parametrize("control", HUB)
def test_hub_minimum_tells_what_is_refused(control):
    judge = judge_of("hub-minimum")
    assert states(judge, HUB[control]["meets"])[control].state == "met"
    assert states(judge, HUB[control]["fails"])[control].state == "not-met"


REST = read("rest.yaml")
KINDS = {"sections", "declared", "metadata", "claims", "repo", "file", "text"}


@pytest.mark.parametrize("case", REST, ids=lambda case: f"{case['standard']} {case['control']}")
def test_control_is_met_by_one_card_and_not_by_the_other(case):
    judge = judge_of(case["standard"])
    assert states(judge, case["meets"])[case["control"]].state == "met"
    assert states(judge, case["fails"])[case["control"]].state == "not-met"


def test_every_kind_of_evidence_has_a_pair_and_every_standard_has_two():
    named = [case["standard"] for case in REST]
    assert all(named.count(name) >= 2 for name in shipped_ids() if name not in (*MODELS["standards"], "hub-minimum"))
    seen = set()
    for case in REST:
        for place in states(judge_of(case["standard"]), case["meets"])[case["control"]].evidence:
            part = place.at.split("/")[1] if place.at.startswith("/") else place.at
            seen.add(part if part in KINDS else "text")
    assert seen == KINDS
