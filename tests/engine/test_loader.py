"""A wrong rule file is refused with its line and the near miss."""

from __future__ import annotations

import pytest

from cardlint.engine.loader import load, load_rules
from cardlint.model import CardlintError

GOOD = """code: LIC900
name: house-license
summary: "Our models carry our licence."
status: stable
severity: error
confidence: high
scope: card
since: 1.0.0
why: |
  Legal asked for it, and every product reads it.
help: |
  Set license to apache-2.0.
check:
  assert: {properties: {declared: {properties: {licenses: {contains: {const: apache-2.0}}}}}}
  at: /metadata/license
  message: "license is not ours"
examples:
  bad: [{card: "---\\nlicense: mit\\n---\\n", findings: ["2:10 license is not ours"]}]
  good: [{card: "---\\nlicense: apache-2.0\\n---\\n"}]
"""
NAME = "LIC900-house-license.yaml"


def test_good_file_loads():
    assert load(GOOD, NAME)["code"] == "LIC900"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: error", "severty: error", "5:1: unknown key 'severty'; did you mean 'severity'?"),
        ("severity: error", "severity: eror", "5:1: "),
        ("status: stable", "status: stabel", "4:1: 'stabel' is not one of preview, stable; did you mean 'stable'?"),
        ("summary: ", "x: [", "4:1: not YAML"),
        ("name: house-license", "name: home-license", "1:1: the file is called LIC900-house-license.yaml, its rule LIC900-home-license"),
        ("  at: /metadata/license\n", "", "13:1: one of 'at', 'each' is wanted"),
        ("contains: {const: apache-2.0}", "contains: 7", "14:3: not a JSON Schema"),
        ("{const: apache-2.0}", '{$ref: "cardlint:vocab/licences"}', "14:3: no such vocabulary"),
        ("{const: apache-2.0}", '{$ref: "cardlint:vocab/../../rule"}', "14:3: no such vocabulary"),
        ("{const: apache-2.0}", '{$ref: "http://127.0.0.1:9/x.json"}', "14:3: not a JSON Schema"),
        ("{const: apache-2.0}", '{pattern: "(?=a)a"}', "14:3: not a JSON Schema"),
        ("{declared: ", "{declaired: ", "14:3: the facts have no part 'declaired'; did you mean 'declared'?"),
        ("at: /metadata/license", "at: section:limitation", "15:3: no section is called 'limitation'; did you mean 'limitations'?"),
        ("  at: /metadata", "  vocab: licences\n  at: /metadata", "15:3: no vocabulary is called 'licences'"),
        ("confidence: high\n", "", "'confidence' is missing"),
    ],
)
def test_fault_is_told_with_line_and_near_miss(old, new, message):
    with pytest.raises(CardlintError) as caught:
        load(GOOD.replace(old, new), NAME)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "message"), [(r"a\b", r"\b knows ASCII only"), ("(", "not an RE2 pattern"), (r"(?=x)", "not an RE2 pattern")]
)
def test_pattern_that_re2_does_not_know_is_refused(pattern, message):
    check = f"check:\n  text: {{part: prose, forbid: '{pattern}', message: found}}\n"
    text = GOOD[: GOOD.index("check:")] + check + GOOD[GOOD.index("examples:") :]
    with pytest.raises(CardlintError) as caught:
        load(text, NAME)
    assert message in str(caught.value)


def test_folder_without_rules_is_refused(tmp_path):
    with pytest.raises(CardlintError, match="no rule files"):
        load_rules(tmp_path)


def test_every_faulty_file_of_a_folder_is_named(tmp_path):
    (tmp_path / NAME).write_text(GOOD.replace("severity: error", "severity: 3"), encoding="utf-8")
    (tmp_path / "LIC901-other.yaml").write_text("- a list\n", encoding="utf-8")
    with pytest.raises(CardlintError) as caught:
        load_rules(tmp_path)
    assert NAME in str(caught.value)
    assert "LIC901-other.yaml:1:1" in str(caught.value)


PYTHON = (
    GOOD[: GOOD.index("check:")]
    + """check:
  python: tests.engine.broken:raises
  signs: [table]
  sections: {limitations: absent}
"""
    + GOOD[GOOD.index("examples:") :]
)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[table]", "[tabel]", "15:11: no sign is called 'tabel'; did you mean 'table'?"),
        ("limitations:", "limitation:", "16:14: no section is called 'limitation'; did you mean 'limitations'?"),
        ("absent", "absnt", "'absnt' is not one of absent, placeholder, thin, substantive; did you mean 'absent'?"),
        ("limitations:", '"*":', None),
    ],
)
def test_what_a_check_waits_for_exists(old, new, message):
    if message is None:
        assert load(PYTHON.replace(old, new), NAME)["check"]["sections"]
        return
    with pytest.raises(CardlintError) as caught:
        load(PYTHON.replace(old, new), NAME)
    assert message in str(caught.value)


def test_a_folder_called_like_a_rule_file_is_none(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(CardlintError, match="no rule files"):
        load_rules(tmp_path)


def test_a_rule_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / NAME).write_bytes(b"code: \xff")
    with pytest.raises(CardlintError, match=rf"{NAME}: not UTF-8 .byte 6.: save it as UTF-8"):
        load_rules(tmp_path)
