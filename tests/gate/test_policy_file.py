"""Policy files: what they say, and faults with their line and near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint.gate.policy_file import default_policies, read_policies
from cardlint.model import CardlintError

TOML = """\
version = 1
on-failure = "accept"
time-limit = 3

[default]
missing-card = "first-commit"

[[policies]]
name = "licences of acme"
repos = ["acme/*"]
kinds = ["model"]
extend-select = ["LIC"]
severity = { LIC = "error" }

[[policies]]
name = "data"
kinds = ["dataset"]
mode = "observe"
"""


def read(tmp_path, text: str, name: str):
    file = tmp_path / name
    file.write_text(text)
    return read_policies(file)


def test_toml_and_yaml_say_the_same(tmp_path):
    yaml = """\
version: 1
on-failure: accept
time-limit: 3
default: {missing-card: first-commit}
policies:
- name: licences of acme
  repos: [acme/*]
  kinds: [model]
  extend-select: [LIC]
  severity: {LIC: error}
- {name: data, kinds: [dataset], mode: observe}
"""
    one, other = read(tmp_path, TOML, "gate.toml"), read(tmp_path, yaml, "gate.yaml")
    assert (one.policies, one.digest, one.on_failure, one.time_limit) == (other.policies, other.digest, "accept", 3.0)
    assert [policy.name for policy in one.policies] == ["licences of acme", "data", "default"]
    assert {each.severity for each in one.policies[0].selected if each.rule.code == "LIC101"} == {"error"}


def test_no_file_means_the_gate_profile_and_what_a_change_brings():
    (policy,) = default_policies().policies
    assert (policy.name, policy.judge, policy.refuse_at, policy.missing_card, policy.mode) == (
        "default",
        "change",
        "error",
        "allow",
        "enforce",
    )
    assert all(each.rule.status == "stable" for each in policy.selected)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("version: 1\nonfailure: refuse\n", 2, "unknown key 'onfailure'; did you mean 'on-failure'?"),
        ("version: 2\n", 1, "version: 1 was expected"),
        ("on-failure: refuse\n", 1, "'version' is missing"),
        (
            "version: 1\npolicies:\n- name: a\n  repos: ['*']\n  judge: wholes\n",
            5,
            "'wholes' is not one of change, whole; did you mean 'whole'?",
        ),
        ("version: 1\npolicies:\n- name: a\n  mising-card: deny\n", 4, "unknown key 'mising-card'; did you mean 'missing-card'?"),
        ("version: 1\ndefault:\n  ignore:\n  - LIC101\n  - LIC1O2\n", 5, "unknown rule 'LIC1O2'; did you mean"),
        ("version: 1\npolicies:\n- {name: a}\n- {name: a}\n", 4, "the name 'a' is taken"),
        ("version: 1\npolicies:\n- {name: default}\n", 3, "the name 'default' is taken"),
        ("version: 1\n x: [\n", "2:3", "not YAML"),
        ("version: 1\ncomplete: [acme]\n", 2, "complete speaks of a hub: name its audit as 'hub'"),
        ("version: 1\npolicies:\n- name: a\n  repos: acme/*\n", 4, 'policies.0.repos: a list is wanted: ["acme/*"]'),
        ("version: 1\ntime-limit: ten\n", 2, 'time-limit: a number is wanted, not "ten"'),
        ("version: 1\ndefault:\n  options: {FM030: {shema: {}}}\n", 3, "unknown option 'shema'; did you mean 'schema'?"),
        ("- a\n", 1, "a policy file is a mapping"),
    ],
)
def test_a_fault_of_yaml_has_its_line(tmp_path, text, line, message):
    with pytest.raises(CardlintError) as caught:
        read(tmp_path, text, "gate.yaml")
    assert str(caught.value).startswith(f"{tmp_path}/gate.yaml:{line}: {message}")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("time-limit = 3", "time-limits = 3", 3, "unknown key 'time-limits'; did you mean 'time-limit'?"),
        ('mode = "observe"', 'mode = "observed"', 18, "'observed' is not one of enforce, observe; did you mean 'observe'?"),
        ('repos = ["acme/*"]', "repos = []", 10, "policies.0.repos: [] has less than 1 item"),
        ('extend-select = ["LIC"]', 'extend-select = [\n  "LIC",\n  "LICC",\n]', 14, "unknown rule 'LICC'; did you mean 'LIC'?"),
        ("severity = { LIC =", "severity = { LICS =", 13, "unknown rule 'LICS'"),
        ('name = "data"', 'name = ""', 16, "policies.1.name"),
        ("time-limit = 3", "time-limit = = 3", 3, "not TOML"),
    ],
)
def test_a_fault_of_toml_has_its_line(tmp_path, old, new, line, message):
    with pytest.raises(CardlintError) as caught:
        read(tmp_path, TOML.replace(old, new), "gate.toml")
    assert str(caught.value).startswith(f"{tmp_path}/gate.toml:{line}: {message}")


def test_a_waivers_file_that_is_not_there_is_told_at_its_line(tmp_path):
    with pytest.raises(CardlintError, match=r"gate\.yaml:2: waivers: there is no file 'w\.yaml' beside this one"):
        read(tmp_path, "version: 1\nwaivers: w.yaml\n", "gate.yaml")


def test_every_fault_is_told(tmp_path):
    with pytest.raises(CardlintError) as caught:
        read(tmp_path, "version: 1\nmodes: x\ndefault: {judge: x}\n", "gate.yaml")
    assert len(str(caught.value).splitlines()) == 2


def test_the_example_policy_is_valid():
    example = Path(__file__).resolve().parents[2] / "examples" / "gate" / "gate.yaml"
    assert [policy.name for policy in read_policies(example).policies] == ["releases", "trial", "default"]


def test_the_policy_in_the_manual_is_valid(tmp_path):
    manual = (Path(__file__).resolve().parents[2] / "docs" / "gate.md").read_text()
    text = manual.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "waivers.yaml").write_text("")
    (tmp_path / "rules").mkdir()
    assert (
        len(
            read(
                tmp_path, text.replace("rules: [rules/]", "rules: []").replace("hub: /var", "#").replace("known-ids:", "#"), "gate.yaml"
            ).policies
        )
        == 4
    )


def test_nesting_without_end_is_refused(tmp_path):
    with pytest.raises(CardlintError, match=r"gate\.toml:1: not TOML: "):
        read(tmp_path, "version = " + "[" * 100_000, "gate.toml")
