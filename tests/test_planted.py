"""Contradictions planted in a small mirror: each is found by its rule and by no other of its scope, and clean twins by none."""

from __future__ import annotations

import pytest

from cardlint.api import check_path
from cardlint.engine.catalogue import shipped
from tests.planted.build import bases, build, cases

RULES = {rule.code: rule for rule in shipped()}
BASES = bases()
CASES = cases()


def judged(root, *, preview=False):
    """The one outcome below a folder, in the audit profile."""
    (outcome,) = check_path(root, profile="audit", preview=preview)
    assert outcome.failure is None
    return outcome


def of_scope(outcome, scope):
    return [finding for finding in outcome.findings if RULES[finding.code].scope == scope]


@pytest.mark.parametrize("name", BASES)
def test_clean_repository_has_no_finding_on_its_files(name, tmp_path):
    build(BASES[name], {}, tmp_path)
    outcome = judged(tmp_path)
    assert outcome.repo == BASES[name]["id"]
    assert [(finding.code, finding.message) for finding in of_scope(outcome, "repo")] == []


@pytest.mark.parametrize("name", BASES)
def test_clean_repository_has_only_notes_on_its_card(name, tmp_path):
    build(BASES[name], {}, tmp_path)
    assert [(finding.code, finding.message) for finding in judged(tmp_path).findings if finding.severity != "note"] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.name}")
def test_planted_contradiction_is_found_by_its_rule_alone(case, tmp_path):
    build(BASES[case.base], case.change, tmp_path)
    found = of_scope(judged(tmp_path, preview=RULES[case.code].status == "preview"), "repo")
    assert {finding.code for finding in found} == {case.code}, [(finding.code, finding.message) for finding in found]


def test_names_of_cases_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)
