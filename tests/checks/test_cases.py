"""Rules on small cards: what each takes, and the near misses that it must not take.

A case is written as an example of a rule file is (``card``, ``files``, ``hub``, ``id``, ``kind``, ``options``), with its ``rule``,
its exact ``findings`` (none where they are not given) and ``not-checked``; ``help`` is that of the first finding.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cardlint.engine.catalogue import shipped
from cardlint.engine.testing import outcome_of

RULES = {rule.code: rule for rule in shipped()}
CASES = [
    (f"{path.stem} {number}", case)
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{name} {case['rule']}" for name, case in CASES])
def test_rule_says_of_a_case_what_is_true_of_it(case):
    outcome = outcome_of(RULES[case["rule"]], case)
    assert outcome.failure is None
    assert [f"{each.span.line}:{each.span.column} {each.message}" for each in outcome.findings] == case.get("findings", [])
    assert list(outcome.not_checked) == ([case["not-checked"]] if "not-checked" in case else [])
    if "help" in case:
        assert outcome.findings[0].help == case["help"]
