"""Policies: of which repositories each speaks, and what each key of a file becomes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cardlint.engine.catalogue import shipped
from cardlint.gate.policy import Policies, Policy
from cardlint.gate.policy_file import default_policies, read_policies
from cardlint.model import CardlintError


@pytest.fixture
def policies_of(tmp_path):
    def read(text, name="gate.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_policies(tmp_path / name)

    return read


@pytest.mark.parametrize(
    ("demands", "kind", "repo", "new", "speaks"),
    [
        ({}, "space", "a/b", True, True),
        ({"kinds": ("model",)}, "model", "a/b", True, True),
        ({"kinds": ("model",)}, "dataset", "a/b", True, False),
        ({"kinds": ("model", "dataset")}, "dataset", None, None, True),
        ({"new": True}, "model", "a/b", True, True),
        ({"new": True}, "model", "a/b", False, False),
        ({"new": True}, "model", "a/b", None, True),
        ({"new": False}, "model", "a/b", True, False),
        ({"new": False}, "model", "a/b", False, True),
        ({"repos": ("a/*",)}, "model", "a/b", True, True),
        ({"repos": ("A/*",)}, "model", "a/B", True, True),
        ({"repos": ("a/*",)}, "model", "A/b", True, True),
        ({"repos": ("x/*", "a/?")}, "model", "a/b", True, True),
        ({"repos": ("x/*",)}, "model", "a/b", True, False),
        ({"repos": ("x/*",)}, "model", None, True, True),
        ({"repos": ("x/*",), "new": False}, "model", None, True, False),
    ],
)
def test_policy_speaks_of_repositories_by_kind_id_and_age(demands, kind, repo, new, speaks):
    assert Policy("p", (), **demands).speaks_of(kind, repo, new=new) is speaks


def test_first_policy_that_speaks_counts_and_all_that_may_are_possible():
    data, fresh, rest = Policy("data", (), kinds=("dataset",)), Policy("fresh", (), repos=("a/*",), new=True), Policy("rest", ())
    policies = Policies((data, fresh, rest), (), "")
    asked = [("dataset", "a/b", True), ("model", "a/b", True), ("model", "a/b", False), ("model", None, True), ("space", "b/b", True)]
    assert [policies.of(kind, repo, new=new).name for kind, repo, new in asked] == ["data", "fresh", "rest", "fresh", "rest"]
    assert [each.name for each in policies.possible("model")] == ["fresh", "rest"]
    assert [each.name for each in policies.possible("dataset")] == ["data", "fresh", "rest"]


def test_policy_compares_where_a_rule_asks_what_changed(policies_of):
    assert policies_of("version: 1\ndefault: {select: [LIC101]}\n").policies[0].compares is False
    since = next(rule for rule in shipped() if "since" in rule.needs and rule.status == "stable")
    assert policies_of(f"version: 1\ndefault: {{select: [LIC101, {since.code}]}}\n").policies[0].compares is True


def test_each_key_of_a_policy_is_read(policies_of):
    text = """\
version: 1
policies:
- name: one
  repos: [a/*, b/c]
  kinds: [dataset, space]
  new: false
  judge: whole
  refuse-at: warning
  missing-card: deny
  mode: observe
  select: [LIC101, MET101, MET201]
  ignore: [MET201]
  severity: {MET101: note}
  options: {FM030: {schema: {}}}
"""
    one, _ = policies_of(text).policies
    chosen = {each.rule.code: each.severity for each in one.selected}
    assert replace(one, selected=()) == Policy(
        "one", (), ("a/*", "b/c"), ("dataset", "space"), False, "whole", "warning", "deny", "observe", {"FM030": {"schema": {}}}
    )
    assert (sorted(chosen), chosen["MET101"]) == (["LIC101", "MET101"], "note")


def test_what_a_policy_does_not_say_is_the_default(policies_of):
    policies = policies_of("version: 1\npolicies:\n- name: one\n")
    one, rest = policies.policies
    assert replace(one, selected=()) == Policy("one", ())
    assert (rest.name, replace(rest, name="one")) == ("default", one)
    assert one.selected == default_policies().policies[0].selected
    assert {each.rule.code for each in one.selected} == {
        rule.code for rule in shipped() if rule.status == "stable" and rule.severity["gate"] != "off"
    }


def test_rules_are_extended_and_bounded_by_confidence(policies_of):
    chosen = {each.rule.code for each in default_policies().policies[0].selected}
    more = policies_of("version: 1\ndefault: {extend-select: [LIM001]}\n").policies[0]
    assert {each.rule.code for each in more.selected} - chosen == {"LIM001"}
    low = next(rule for rule in shipped() if rule.confidence != "high" and rule.status == "stable")
    text = f"version: 1\ndefault: {{extend-select: [{low.code}]%s}}\n"
    kept, dropped = (policies_of(text % more).policies[0] for more in ("", ", min-confidence: high"))
    assert [low.code in {each.rule.code for each in policy.selected} for policy in (kept, dropped)] == [True, False]


def test_each_key_of_the_file_is_read(policies_of, tmp_path):
    (tmp_path / "w.yaml").write_text("- {rule: LIC101, repos: [a/*], reason: agreed, owner: legal, expires: '2030-01-01'}\n")
    policies = policies_of("version: 1\non-failure: accept\ntime-limit: 2.5\nwaivers: w.yaml\n")
    assert (policies.on_failure, policies.time_limit, policies.source) == ("accept", 2.5, str(tmp_path / "gate.yaml"))
    assert [(each.codes, each.repos) for each in policies.waivers] == [(("LIC101",), ("a/*",))]
    plain = policies_of("version: 1\n")
    assert (plain.on_failure, plain.time_limit, plain.waivers, plain.hub, plain.rules) == ("refuse", 10.0, (), None, tuple(shipped()))
    assert default_policies().source is None


def test_digest_is_that_of_the_content(policies_of, tmp_path):
    waivers = "- {rule: LIC101, repos: [a/*], reason: agreed, owner: legal, expires: '2030-01-01'}\n"
    (tmp_path / "w.yaml").write_text(waivers)
    texts = [
        "version: 1\n",
        "version: 1\ntime-limit: 3\n",
        "version: 1\nwaivers: w.yaml\n",
        "version: 1\ndefault: {standards: [eu-ai-act-annex-xi]}\n",
    ]
    digests = [policies_of(text).digest for text in texts]
    assert len(set(digests)) == 4
    assert policies_of("# a word\ntime-limit: 3\nversion: 1\n").digest == digests[1]
    assert default_policies().digest == digests[0]
    assert all(digest.startswith("sha256:") and len(digest) == 39 for digest in digests)
    (tmp_path / "w.yaml").write_text(waivers.replace("legal", "ops"))
    assert policies_of(texts[2]).digest != digests[2]


def test_controls_of_a_standard_bring_their_rules_as_notes(policies_of):
    plain = {each.rule.code: each.severity for each in policies_of("version: 1\n").policies[0].selected}
    policy = policies_of("version: 1\ndefault: {standards: [eu-ai-act-annex-xi]}\n").policies[0]
    assert [standard.id for standard in policy.standards] == ["eu-ai-act-annex-xi"]
    brought = {each.rule.code: each.severity for each in policy.selected if each.rule.code not in plain}
    assert brought
    assert set(brought.values()) == {"note"}
    assert {code: severity for code, severity in ((each.rule.code, each.severity) for each in policy.selected) if code in plain} == plain
    code = min(brought)
    named = policies_of(f"version: 1\ndefault: {{standards: [eu-ai-act-annex-xi], severity: {{{code}: error}}}}\n").policies[0]
    assert next(each.severity for each in named.selected if each.rule.code == code) == "error"


def test_standard_of_ones_own_lies_beside_the_file(policies_of):
    with pytest.raises(CardlintError, match=r"own\.yaml"):
        policies_of("version: 1\npolicies: [{name: a, standards: [own.yaml]}]\n")


OWN = """\
code: LIC950
name: house-license
summary: "Models of the house are licensed as the house says."
status: stable
severity: error
confidence: high
applies-to: [model]
scope: card
needs: [metadata]
since: 0.1.0
why: The house says so, and nobody else does.
help: Write mit.
check: {assert: {properties: {metadata: {properties: {license: {const: mit}}}}}, at: /metadata/license, message: "not the house's"}
examples:
  bad: [{card: "---\\nlicense: apache-2.0\\n---\\n"}]
  good: [{card: "---\\nlicense: mit\\n---\\n"}]
"""


def test_own_rules_run_beside_the_shipped_ones(policies_of, tmp_path):
    (tmp_path / "ours" / "LIC").mkdir(parents=True)
    (tmp_path / "ours" / "LIC950-house-license.yaml").write_text(OWN, encoding="utf-8")
    policies = policies_of("version: 1\nrules: [ours]\ndefault: {ignore: [LIC101]}\n")
    assert {rule.code for rule in policies.rules} - {rule.code for rule in shipped()} == {"LIC950"}
    codes = {each.rule.code for each in policies.policies[0].selected}
    assert "LIC950" in codes
    assert "LIC101" not in codes


FAULTS = """\
version = 1
"time-limit" = 0            # a comment
on-failure = "ask"

[default]   # all others
select = [
  "LIC101",
  "LIC1O1",
]
severity.MET1O1 = "note"

[[policies]]
name = "one"

[policies.options]
LICX = {}

[[ policies ]]
name = "one"
ignore = ["MET101", "METX"]

[policies.severity]
"MET101" = "fatal"
"""


def faults(policies_of, text, name):
    with pytest.raises(CardlintError) as caught:
        policies_of(text, name)
    return [line.partition(f"/{name}:")[2] for line in str(caught.value).splitlines()]


def test_faults_of_toml_are_told_line_by_line(policies_of):
    told = faults(policies_of, FAULTS, "gate.toml")
    assert told == [
        "2: time-limit: 0 is less than or equal to the minimum of 0",
        "3: 'ask' is not one of refuse, accept",
        "23: 'fatal' is not one of error, warning, note, off",
    ]
    mended = FAULTS.replace("= 0 ", "= 3 ").replace('"ask"', '"accept"').replace('"fatal"', '"error"')
    assert [(line.partition(": ")[0], line.partition(": ")[2][:20]) for line in faults(policies_of, mended, "gate.toml")] == [
        ("8", "unknown rule 'LIC1O1"),
        ("10", "unknown rule 'MET1O1"),
        ("16", "unknown rule 'LICX';"),
        ("19", "the name 'one' is ta"),
        ("20", "unknown rule 'METX';"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "version: 1\nzzz: 1\n",
            ["2: unknown key 'zzz'; known are complete, default, hub, known-ids, on-failure, policies, rules, time-limit, "],
        ),
        ("version: 1\ndefault: {name: a}\n", ["2: unknown key 'name'; known are extend-select, ignore, judge, "]),
        ("version: 1\npolicies:\n- nam: a\n", ["3: 'name' is missing", "3: unknown key 'nam'; did you mean 'name'?"]),
        (
            "version: 1\ndefault:\n  zzz: 1\n",
            ["3: unknown key 'zzz'; known are extend-select, ignore, judge, min-confidence, missing-card, "],
        ),
        (
            "version: 1\nknown-ids: x\ncomplete: [a]\n",
            ["2: known-ids speaks of a hub: name its audit as 'hub'", "3: complete speaks of a hub: "],
        ),
        ("version: 1\ndefault:\n  select: [LIC]\n  extend-select: [PREVIEW]\n", ["4: PREVIEW is a preview rule; the gate runs none"]),
        ("version: 1\ndefault:\n  ignore: [PREVIEW]\n", []),
        ("version: 1\ndefault:\n  options:\n    ZZZ: {}\n", ["4: unknown rule 'ZZZ'"]),
        (
            "version: 1\npolicies:\n- {name: a}\n- {name: b}\n- {name: b}\n- {name: a}\n",
            ["5: the name 'b' is taken", "6: the name 'a' is taken"],
        ),
        ("version: 1\n" + "policies: [" + "[" * 3 + "]" * 3 + "]\n", ["2: policies.0: "]),
        ("", ["1: a policy file is a mapping that begins with version: 1"]),
    ],
)
def test_faults_of_yaml_are_told_line_by_line(policies_of, text, told):
    preview = next(rule.code for rule in shipped() if rule.status == "preview")
    text, told = text.replace("PREVIEW", preview), [each.replace("PREVIEW", preview) for each in told]
    if not told:
        assert policies_of(text).policies
        return
    found = faults(policies_of, text, "gate.yaml")
    assert len(found) == len(told)
    assert all(line.startswith(each) for line, each in zip(found, told, strict=True)), found


def test_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(CardlintError) as caught:
        read_policies(tmp_path / "nowhere.yaml")
    assert str(caught.value) == f"{tmp_path / 'nowhere.yaml'}: No such file or directory"
    (tmp_path / "latin.yaml").write_bytes(b"version: 1 # caf\xe9\n")
    with pytest.raises(CardlintError, match=r"latin\.yaml: not UTF-8 .byte [0-9]+.: save it as UTF-8"):
        read_policies(tmp_path / "latin.yaml")


def test_hub_that_is_not_there_is_told(policies_of, tmp_path):
    (tmp_path / "ids.txt").write_text("acme/x\n")
    for more in ("", "known-ids: ids.txt\ncomplete: [acme]\n"):
        with pytest.raises(CardlintError, match=f"^{re.escape(str(tmp_path / 'nowhere'))}"):
            policies_of(f"version: 1\nhub: nowhere\n{more}")
