"""A policy's standards: controls with a severity refuse like rules, and what was missing before is let be."""

from __future__ import annotations

import pytest

from cardlint.gate.change import Change
from cardlint.gate.decision import Gate
from cardlint.gate.policy_file import read_policies
from cardlint.model import CardlintError
from cardlint.sources.entry import Entry

TODAY = "2026-11-28"
POLICY = "version: 1\ndefault: {standards: [acme.yaml]}\n"
ACME = """id: acme
title: Acme
version: "1"
date: 2026-10-01
source: "handbook, chapter 7"
about: "Every model that leaves the house."
extends: [hub-minimum]
controls:
  - {id: A-1, clause: "7.1", text: "What the model must not be used for.", evidence: [/sections/out_of_scope_use], severity: error}
"""
WITHOUT = "---\nlicense: apache-2.0\n---\n# A model\n"
WITH = f"{WITHOUT}\n## Out-of-scope use\n\nIt must not be used to steer vessels or to replace official warnings.\n"


@pytest.fixture
def read(tmp_path):
    def made(policy=POLICY, standard=ACME):
        (tmp_path / "acme.yaml").write_text(standard, encoding="utf-8")
        (tmp_path / "gate.yaml").write_text(policy, encoding="utf-8")
        return read_policies(tmp_path / "gate.yaml")

    return made


def state(card):
    return None if card is None else Entry("acme/x/README.md", None, id="acme/x", kind="model", text=card.encode())


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [(None, WITHOUT, "refuse"), (None, WITH, "allow"), (WITH, WITHOUT, "refuse"), (WITHOUT, WITHOUT + "\nMore words.\n", "allow")],
)
def test_control_refuses_what_the_change_brings(read, before, after, verdict):
    decision = Gate(read()).decide(Change(state(after), state(before)), TODAY)
    assert decision.verdict == verdict
    assert [reason.code for reason in decision.reasons if reason.code == "GOV901"] == (["GOV901"] if verdict == "refuse" else [])


def test_rules_that_only_the_standard_asks_for_do_not_refuse(read):
    selected = {each.rule.code: each.severity for each in read().policies[0].selected}
    assert selected["FM001"] == "note"
    assert selected["LIC101"] == "error"


def test_policy_is_another_one_when_its_standard_is(read):
    first = read().digest
    assert read(standard=ACME.replace("must not", "should not")).digest != first


def test_faulty_standard_is_told(read):
    with pytest.raises(CardlintError, match="9:30: unknown key 'txt'; did you mean 'text'"):
        read(standard=ACME.replace("text: ", "txt: "))


def test_unknown_standard_is_told(read):
    with pytest.raises(CardlintError, match="no standard 'hub-minimun'; did you mean 'hub-minimum'"):
        read(policy="version: 1\ndefault: {standards: [hub-minimun]}\n")
