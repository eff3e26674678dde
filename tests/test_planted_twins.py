"""Twins of planted contradictions: changes that look like a fault and are none, on which no rule of scope repo speaks."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cardlint.api import check_path
from cardlint.engine.catalogue import shipped
from tests.planted.build import bases, build

RULES = {rule.code: rule for rule in shipped()}
BASES = bases()
TWINS = [twin for path in sorted((Path(__file__).parent / "planted" / "twins").glob("*.yaml")) for twin in yaml.safe_load(path.read_text())]


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin["name"])
def test_twin_has_no_finding_on_its_files(twin, tmp_path):
    build(BASES[twin["base"]], twin, tmp_path)
    (outcome,) = check_path(tmp_path, profile="audit", preview=True)
    assert outcome.failure is None
    assert [(finding.code, finding.message) for finding in outcome.findings if RULES[finding.code].scope == "repo"] == []
