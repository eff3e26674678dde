"""Rules on small cards: what each takes, and the near misses that it must not take.

A case is written as an example of a rule file is (``card``, ``files``, ``hub``, ``id``, ``kind``, ``options``), with its ``rule``,
its exact ``findings`` (none where they are not given) and ``not-checked``; ``help`` is that of the first finding.
"""

from __future__ import annotations

import pytest

from cardlint.engine.catalogue import shipped
from cardlint.engine.testing import outcome_of
from tests.checks.findings import cases

RULES = {rule.code: rule for rule in shipped()}
CASES = cases()


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_rule_says_of_a_case_what_is_true_of_it(case):
    outcome = outcome_of(RULES[case["rule"]], case)
    assert outcome.failure is None
    assert [f"{each.span.line}:{each.span.column} {each.message}" for each in outcome.findings] == case.get("findings", [])
    assert list(outcome.not_checked) == ([case["not-checked"]] if "not-checked" in case else [])
    if "help" in case:
        assert outcome.findings[0].help == case["help"]
