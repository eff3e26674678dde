"""A wrong standard file is refused with its line and the near miss; one standard extends another."""

from __future__ import annotations

import pytest

from cardlint.model import CardlintError
from cardlint.standards.load import find_standard, load
from cardlint.standards.starter import starter
from tests.standards.pairs import RULES, judge_of, states

GOOD = """id: acme-release
title: "Release policy"
version: "3"
date: 2026-10-01
source: "handbook, chapter 7"
about: "Every model that leaves the house."
controls:
  - id: A-1
    clause: "7.1"
    text: "What the model must not be used for."
    evidence:
      - {at: /sections/out_of_scope_use, words: 10}
    rules: [LIC101]
    severity: error
"""
OWN = """id: acme-release
title: "Release policy"
version: "3"
date: 2026-10-01
source: "handbook, chapter 7"
about: "Every model that leaves the house."
extends: [mitchell-2019]
severity: warning
changes:
  MC-9: {severity: error, words: 40}
  MC-4.3: {drop: true, reason: "our models are measured once"}
  MC-1.2: {manual: "the date stands in the registry"}
controls:
  - id: A-1
    clause: "7.1"
    text: "What the model must not be used for."
    evidence: [/sections/out_of_scope_use]
"""


def _written(tmp_path, text):
    (tmp_path / "acme.yaml").write_text(text, encoding="utf-8")
    return find_standard("acme.yaml", RULES, tmp_path)


def test_good_file_loads():
    assert load(GOOD, "acme.yaml", RULES)["id"] == "acme-release"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("clause:", "clasue:", "9:5: unknown key 'clasue'; did you mean 'clause'?"),
        ("severity: error", "severity: eror", "14:15: 'eror' is not one of error, warning, note; did you mean 'error'?"),
        (
            "/sections/out_of_scope_use",
            "/sections/out_of_scop_use",
            "12:14: no member of /sections is called 'out_of_scop_use'; did you mean",
        ),
        (
            "/sections/out_of_scope_use, words: 10",
            "/section/x",
            "12:14: no part of the facts is called 'section'; did you mean 'sections'?",
        ),
        (
            "{at: /sections/out_of_scope_use, words: 10}",
            "/claims/parameter",
            "12:9: no member of /claims is called 'parameter'; did you mean 'parameters'?",
        ),
        (
            "{at: /sections/out_of_scope_use, words: 10}",
            "/repo/weigths",
            "12:9: no member of /repo is called 'weigths'; did you mean 'weights'?",
        ),
        (
            "{at: /sections/out_of_scope_use, words: 10}",
            "{use: licence}",
            "12:15: no evidence is called 'licence'; did you mean 'license'?",
        ),
        ("{at: /sections/out_of_scope_use, words: 10}", "{at: /metadata/x, words: 10}", "12:34: only a section has words"),
        (
            "{at: /sections/out_of_scope_use, words: 10}",
            "{at: /card, file: [x], name: xx}",
            "12:9: one of use, at, text, file, any is wanted",
        ),
        ("{at: /sections/out_of_scope_use, words: 10}", '{text: "\\\\bx", name: xx}', "12:16: \\b knows ASCII only"),
        ("{at: /sections/out_of_scope_use, words: 10}", '{text: "((", name: xx}', "12:16: not an RE2 pattern"),
        (
            "{at: /sections/out_of_scope_use, words: 10}",
            "/hub/ancestor",
            "12:9: no member of /hub is called 'ancestor'; did you mean 'ancestors'?",
        ),
        ("LIC101", "LIC001x", "13:13: unknown rule 'LIC001x'"),
        ("LIC101", "LIC", "names"),
        ("LIC101", "unknown-licence", "did you mean 'unknown-license'?"),
        ("    text:", "    x: [", "not YAML"),
        ('version: "3"\n', "", "1:1: 'version' is missing"),
        ("controls:\n", "changes: {A-1: {words: 3}}\ncontrols:\n", "7:10: there is nothing to change: this standard extends no other"),
        ("    rules: [LIC101]", "    applies: {assert: {type: 3}, condition: never here}", "13:23: not a JSON Schema"),
        (
            "  - id: A-1\n",
            "  - {id: A-1, clause: x, text: twice it is here, manual: because it is}\n  - id: A-1\n",
            "9:9: the control 'A-1' is there twice",
        ),
    ],
)
def test_fault_is_told_with_line_and_near_miss(old, new, message):
    with pytest.raises(CardlintError) as caught:
        load(GOOD.replace(old, new), "acme.yaml", RULES)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  MC-9:", "  MC9:", "acme.yaml:10:3: no control 'MC9' in what this standard extends; did you mean 'MC-9'?"),
        ("- id: A-1", "- id: MC-9", "acme.yaml:14:5: the control 'MC-9' is taken by what this standard extends"),
        (', reason: "our models are measured once"', "", "acme.yaml:11:11: "),
        ("mitchell-2019", "mitchel-2019", "no standard 'mitchel-2019'; did you mean 'mitchell-2019'?"),
        ("mitchell-2019", "acme.yaml", "extend one another in a circle"),
    ],
)
def test_fault_in_what_is_extended_is_told(tmp_path, old, new, message):
    with pytest.raises(CardlintError) as caught:
        _written(tmp_path, OWN.replace(old, new))
    assert message in str(caught.value)


def test_own_standard_extends_a_shipped_one(tmp_path):
    own = _written(tmp_path, OWN)
    by_id = {control.id: control for control in own.controls}
    assert own.extends == ("mitchell-2019",)
    assert by_id["MC-9"].severity == "error"
    assert by_id["MC-9"].evidence[0].words == 40
    assert by_id["MC-8"].severity == "warning"
    assert by_id["A-1"].clause == "7.1"


def test_changed_controls_are_judged_as_changed(tmp_path):
    card = (
        "---\nlicense: mit\n---\n# Tide Writer\n\n## Limitations\n\nIt invents wind speeds where the table of the harbour has gaps in it.\n"
    )
    found = states(judge_of(_written(tmp_path, OWN)), {"card": card, "kind": "model"})
    assert (found["MC-9"].state, found["MC-9"].reason) == ("not-met", "limitations: 14 words of 40 (line 6)")
    assert (found["MC-4.3"].state, found["MC-4.3"].reason) == ("not-applicable", "dropped by acme-release: our models are measured once")
    assert (found["MC-1.2"].state, found["MC-1.2"].reason) == ("manual", "the date stands in the registry")


def test_digest_changes_with_what_is_extended_and_not_with_the_place(tmp_path):
    (tmp_path / "deep").mkdir()
    assert _written(tmp_path, OWN).digest == _written(tmp_path / "deep", OWN).digest
    assert _written(tmp_path, OWN).digest != _written(tmp_path, OWN.replace("words: 40", "words: 41")).digest


def test_starter_loads_as_it_is(tmp_path):
    text = starter("acme", [("hub-minimum", find_standard("hub-minimum", RULES))])
    assert [control.id for control in _written(tmp_path, text).controls][-1] == "OWN-1"
    opened = text.replace("# changes:", "changes:").replace("#   HM-1: {severity: error}", "  HM-1: {severity: error}")
    assert _written(tmp_path, opened).controls[0].severity == "error"
