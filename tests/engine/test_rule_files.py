"""Every shipped rule file: valid, well shaped, true to its own examples."""

from __future__ import annotations

import re

import pytest

from cardlint.card.yamlreader import read_yaml
from cardlint.data import folder
from cardlint.engine.catalogue import shipped
from cardlint.engine.dispatch import PythonCheck, parameters
from cardlint.engine.loader import load, shipped_files
from cardlint.engine.rule import FAMILIES
from cardlint.engine.testing import judge_examples

FILES = list(shipped_files())
RULES = shipped()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".yaml"))
def test_rule_file_does_as_its_examples_say(file):
    data = load(file.read_text(encoding="utf-8"), file.name)
    assert [verdict for verdict in judge_examples(data) if verdict.fault] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".yaml"))
def test_rule_file_stands_in_its_family(file):
    code = file.name.split("-")[0]
    assert folder("rules").joinpath(code.rstrip("0123456789"), file.name).is_file()


def test_codes_and_names_are_unique():
    codes = [rule.code for rule in RULES]
    names = [rule.name for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)


def test_retired_codes_are_not_used_again():
    retired = read_yaml(folder("rules").joinpath("retired.yaml").read_text(encoding="utf-8")).value or {}
    assert {rule.code for rule in RULES}.isdisjoint(retired)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_python_behind_a_rule_can_be_called(rule):
    if "python" in rule.check:
        assert parameters(PythonCheck(rule).function) == PythonCheck(rule).wants


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_reads_well(rule):
    assert rule.family in FAMILIES
    assert not re.search(r"\b(disallow|forbid|no-no)\b", rule.name)
    assert not re.search(r"(?i)\bplease\b", rule.help)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.severity["gate"] != "off"], ids=lambda rule: rule.code)
def test_gate_holds_only_what_is_sure(rule):
    assert rule.confidence == "high"
    assert "absence" not in rule.tags
