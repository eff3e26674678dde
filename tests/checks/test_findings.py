"""What rules say of their examples stays as it was read: places, fingerprints, help, fixes."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from tests.checks.findings import examples, kept, said

KEPT = kept()
BY_RULE: dict[str, list] = defaultdict(list)
for _rule, _name, _example in examples():
    if _name in KEPT:
        BY_RULE[_rule.code].append((_rule, _name, _example))


@pytest.mark.parametrize("code", BY_RULE)
def test_findings_of_a_rule_are_those_that_were_committed(code):
    """Where a difference is wanted, `python -m tests.checks.findings` writes the file anew."""
    for rule, name, example in BY_RULE[code]:
        assert json.loads(json.dumps(said(rule, example))) == KEPT[name]


def test_most_examples_are_held():
    """An example that was changed is held again once the file is written anew."""
    assert sum(map(len, BY_RULE.values())) > 0.9 * len(KEPT)
