"""The engine: three-valued results, places, fingerprints, failures of our own."""

from __future__ import annotations

import pytest

from cardlint.engine.catalogue import shipped
from cardlint.engine.rule import rule_from_data
from cardlint.engine.run import Engine
from cardlint.engine.select import Choice, Selected, choose, resolve
from cardlint.facts.subject import Subject
from cardlint.model import CardlintError
from cardlint.sources.entry import Entry

BASE = {
    "code": "LIC900",
    "name": "house-license",
    "summary": "s",
    "status": "stable",
    "severity": "error",
    "confidence": "high",
    "scope": "card",
    "since": "1",
    "help": "do it",
}


def rule_of(check, **more):
    return rule_from_data({**BASE, "check": check, **more})


def judge(rule, text, **known):
    return Engine([Selected(rule, "error")]).judge(Subject(Entry("README.md", None, text=text.encode(), **known)))


ASSERT = {"assert": {"properties": {"metadata": {"required": ["license"]}}}, "at": "/metadata/license", "message": "no license"}


@pytest.mark.parametrize(
    ("text", "place"),
    [("---\ntags: [a]\n---\n# T\n", (3, 1)), ("# T\n", (1, 1)), ("---\n\n---\n", (3, 1))],
    ids=["closing-fence", "no-block", "empty-block"],
)
def test_absent_value_is_placed_at_the_closing_fence_or_the_start(text, place):
    (found,) = judge(rule_of(ASSERT), text).findings
    assert found.span[:2] == place


def test_front_matter_that_cannot_be_read_leaves_metadata_rules_unchecked():
    outcome = judge(rule_of(ASSERT), "---\na: b: c\n---\n")
    assert outcome.findings == ()
    assert outcome.not_checked == {"the front matter could not be read": ["LIC900"]}


def test_repo_rule_is_not_checked_where_only_the_card_was_given():
    outcome = judge(rule_of(ASSERT, scope="repo"), "---\na: b\n---\n")
    assert outcome.not_checked == {"only the card was given": ["LIC900"]}


def test_rule_that_needs_the_id_is_not_checked_without():
    assert judge(rule_of(ASSERT, needs=["id"]), "# T\n").not_checked == {"the repository's id is not known": ["LIC900"]}
    assert judge(rule_of(ASSERT, needs=["id"]), "# T\n", id="a/b").not_checked == {}


@pytest.mark.parametrize(("kind", "name", "known"), [("model", "gulls-v2", False), ("model", "gpt2", True), ("dataset", "gulls", True)])
def test_a_models_name_without_an_owner_is_an_id_only_where_the_hub_had_it(kind, name, known):
    outcome = judge(rule_of(ASSERT, needs=["id"], **{"applies-to": ["model", "dataset"]}), "# T\n", id=name, kind=kind)
    assert (outcome.not_checked == {}) is known


def test_each_places_one_finding_on_every_item():
    check = {"assert": {"pattern": "^[a-z]+$"}, "each": "/metadata/tags", "message": "tag '{value}' is odd"}
    found = judge(rule_of(check), "---\ntags: [ok, B1, 'C2']\n---\n").findings
    assert [(each.span[:2], each.message) for each in found] == [((2, 12), "tag 'B1' is odd"), ((2, 16), "tag 'C2' is odd")]


def test_text_rule_points_behind_markup():
    check = {"text": {"part": "prose", "forbid": "(?i)lorem ipsum", "message": "filler '{value}'"}}
    (found,) = judge(rule_of(check), "# T\n\nA **bold** Lorem Ipsum.\n").findings
    assert (found.span, found.message) == ((3, 12, 3, 23), "filler 'Lorem Ipsum'")


def test_decorated_check_is_given_what_it_asks_for():
    rule = rule_of({"python": "tests.engine.broken:decorated"}, options={"word": "read:"})
    assert [each.message for each in judge(rule, "---\na: 1\n---\n").findings] == ["read: ok"]


def test_check_that_raises_is_a_failure_and_other_rules_run():
    broken = rule_of({"python": "tests.engine.broken:raises"}, code="LIC901")
    outcome = Engine([Selected(broken, "error"), Selected(rule_of(ASSERT), "error")]).judge(Subject(Entry("x", None, text=b"# T\n")))
    assert [found.code for found in outcome.findings] == ["LIC900"]
    assert outcome.failure == "LIC901: ZeroDivisionError: integer division or modulo by zero"


def test_fingerprint_knows_no_line_and_counts_equals():
    rule = rule_of({"text": {"part": "prose", "forbid": "TODO", "message": "left"}})
    first = [each.fingerprint for each in judge(rule, "# T\n\nTODO\n\nTODO\n").findings]
    moved = [each.fingerprint for each in judge(rule, "# T\n\nnew text\n\nTODO\n\nTODO\n").findings]
    assert first == moved
    assert len(set(first)) == 2


def test_message_carries_no_control_or_direction_characters():
    check = {"assert": {"const": "x"}, "each": "/metadata/license", "message": "unknown '{value}'"}
    (found,) = judge(rule_of(check), '---\nlicense: "a\\x1b[31m\\u202eb"\n---\n').findings
    assert found.message == "unknown 'a\\x1b[31m\\u202eb'"


def test_findings_of_one_rule_are_bounded():
    check = {"assert": False, "each": "/metadata/tags", "message": "no"}
    tags = ", ".join(["a"] * 500)
    assert len(judge(rule_of(check), f"---\ntags: [{tags}]\n---\n").findings) == 50


@pytest.mark.parametrize(("selector", "code"), [("LIC003", "LIC003"), ("unnamed-custom-license", "LIC003"), ("lic003", "LIC003")])
def test_selector_names_a_rule(selector, code):
    assert [rule.code for rule in resolve(selector, shipped())] == [code]


def test_selector_names_a_family_and_the_start_of_a_code():
    codes = {rule.code for rule in resolve("LIC", shipped())}
    assert codes == {rule.code for rule in shipped() if rule.family == "LIC"}
    assert {rule.code for rule in resolve("LIC00", shipped())} < codes


@pytest.mark.parametrize(
    ("selector", "near"), [("LIC0033", "LIC003"), ("unnamed-custom-licence", "unnamed-custom-license"), ("LICC", "LIC")]
)
def test_unknown_selector_names_the_near_miss(selector, near):
    with pytest.raises(CardlintError, match=f"did you mean '{near}"):
        resolve(selector, shipped())


def test_preview_rules_run_only_when_asked_for():
    rules = [rule_of(ASSERT, status="preview")]
    assert choose(Choice(), rules) == []
    assert [each.rule.code for each in choose(Choice(preview=True), rules)] == ["LIC900"]
    with pytest.raises(CardlintError, match="--preview"):
        choose(Choice(select=("LIC900",)), rules)


def test_profile_decides_severity_and_off():
    rule = rule_of(ASSERT, severity={"author": "note", "gate": "off", "audit": "error"})
    assert [choose(Choice(profile=profile), [rule]) for profile in ("author", "gate", "audit")] == [
        [Selected(rule, "note")],
        [],
        [Selected(rule, "error")],
    ]


def test_severity_by_configuration():
    rule = rule_of(ASSERT)
    assert choose(Choice(severity={"LIC": "note"}), [rule]) == [Selected(rule, "note")]


def test_whole_equals_parts():
    rules = choose(Choice(profile="audit"), shipped())
    text = b"---\nlicense: other\n---\n# T\n\nTODO\n"
    whole = Engine(rules).judge(Subject(Entry("README.md", None, text=text)))
    parts = [found for rule in rules for found in Engine([rule]).judge(Subject(Entry("README.md", None, text=text))).findings]
    assert sorted(parts, key=lambda each: (each.span, each.code)) == sorted(whole.findings, key=lambda each: (each.span, each.code))
    assert whole._replace(findings=()).failure is None
