"""A rule that yields to others: what they say too is told once, in a run, in an audit, in the gate."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cardlint.cli.main import cli
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.rule import rule_from_data
from cardlint.engine.select import Choice, Selected, choose
from cardlint.engine.yielding import faults
from cardlint.hub.hub import HubSource
from cardlint.hub.node import Node
from cardlint.sources.entry import Entry
from tests.hub.mirrors import audit, card, rows, write_mirror

LLAMA = "meta-llama/Llama-2-7b-hf"
FAMILY = {
    "ann/towns": card("Towns", license="mit", base_model=LLAMA),
    "ann/alone": card("Alone", license="mit", base_model="meta-llama/Llama-2-13b-hf"),
    "ann/blend": card("Blend", license="mit", base_model=f"[{LLAMA}, bob/closed]"),
    "bob/closed": card("Closed", license="cc-by-nc-4.0"),
    LLAMA: card("Llama 2", license="llama2"),
}
TERMS = ("LIC212", "LIC213", "LIC401", "LIC402", "LIC410")


def rule(code, message, pattern="unsound", **more):
    check = {"text": {"part": "prose", "forbid": pattern, "message": message}}
    head = {"summary": "s", "status": "stable", "severity": "error", "confidence": "high", "scope": "card", "since": "1", "help": "h"}
    return rule_from_data({**head, "code": code, "name": code.lower(), "check": check, **more})


def codes(text, *rules):
    judge = Judge(Plan(tuple(Selected(each, "error") for each in rules), {}))
    return [each.code for each in judge(Entry("README.md", None, text=text.encode())).findings]


def test_of_two_findings_on_one_place_the_one_that_yields_is_not_told():
    weak, strong = rule("LIC900", "weak", **{"yields-to": ["LIC901"]}), rule("LIC901", "strong")
    assert codes("# T\nAn unsound claim.\n", weak, strong) == ["LIC901"]


def test_a_finding_on_another_place_is_told():
    weak, strong = rule("LIC900", "weak", **{"yields-to": ["LIC901"]}), rule("LIC901", "strong", "untrue")
    assert codes("# T\nAn unsound claim, an untrue one.\n", weak, strong) == ["LIC900", "LIC901"]


def test_a_rule_yields_to_rules_that_run():
    assert codes("# T\nAn unsound claim.\n", rule("LIC900", "weak", **{"yields-to": ["LIC901"]})) == ["LIC900"]


def test_the_whole_chain_yields_to_its_last():
    first, second, third = (
        rule("LIC900", "a", **{"yields-to": ["LIC901"]}),
        rule("LIC901", "b", **{"yields-to": ["LIC902"]}),
        rule("LIC902", "c"),
    )
    assert codes("# T\nAn unsound claim.\n", first, second, third) == ["LIC902"]


def test_no_shipped_rule_yields_to_one_that_is_not_there_or_in_a_circle():
    assert list(faults(shipped())) == []


@pytest.mark.parametrize(
    ("to", "told"),
    [("LIC40", "no rule 'LIC40'"), ("LIC900", "it yields to itself"), ("LIC901", "it yields to itself by way of others")],
)
def test_a_circle_or_a_misspelt_code_is_refused(to, told):
    rules = [rule("LIC900", "a", **{"yields-to": [to]}), rule("LIC901", "b", **{"yields-to": ["LIC900"]}), rule("LIC401", "c")]
    assert told in next(fault for each, fault in faults(rules) if each.code == "LIC900")


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    root = tmp_path_factory.mktemp("family")
    runner = CliRunner()
    mirror = write_mirror(root / "mirror", FAMILY)
    selected = [f"--select={code}" for code in TERMS]
    done = runner.invoke(cli, ["audit", str(mirror), "--out", str(root / "out"), "--jobs", "1", *selected])
    assert done.exit_code == 0, done.output
    return mirror, root / "out"


def found_in(folder):
    from cardlint.audit.summary import connect

    with connect(folder) as connection:
        return connection.execute("select id, code from findings order by id, code").fetchall()


def test_an_audit_tells_lost_terms_once_and_those_of_a_base_outside_too(family):
    assert ("ann/towns", "LIC401") in found_in(family[1])
    assert ("ann/towns", "LIC213") not in found_in(family[1])
    assert ("ann/alone", "LIC213") in found_in(family[1])


def test_counts_and_report_of_an_audit_hold_what_is_told(family):
    from cardlint.audit.summary import connect

    lines = [json.loads(line) for line in (family[1] / "report.jsonl").read_text().splitlines()]
    told = {each["repo"]: [one["code"] for one in each["findings"]] for each in lines if each["type"] == "card"}
    assert told["ann/towns"] == ["LIC401"]
    assert told["ann/alone"] == ["LIC213"]
    assert lines[-1]["summary"]["findings"]["error"] == sum(map(len, told.values()))
    with connect(family[1]) as connection:
        assert dict(connection.execute("select id, errors from repos").fetchall()) == {each: len(codes) for each, codes in told.items()}


def test_one_card_against_the_audit_is_told_the_same_as_in_the_audit(family):
    rules = shipped()
    selected = tuple(choose(Choice(profile="audit", select=TERMS), rules))
    judge = Judge(Plan(selected, {}, silence=silencing(rules, "audit"), hub=HubSource(str(family[1]))))
    alone = []
    for repo, text in FAMILY.items():
        alone += [(repo, each.code) for each in judge(Entry(f"{repo}/README.md", None, id=repo, text=text.encode())).findings]
    assert sorted(alone) == found_in(family[1])


def test_a_node_gives_back_what_it_holds():
    held = judge_of("LIC213")(Entry("README.md", None, id="ann/towns", text=FAMILY["ann/towns"].encode())).findings
    assert held
    assert Node.load(Node(held=held).dump()).held == held


def test_a_fix_is_given_back_too():
    held = judge_of("LIC107")(Entry("README.md", None, id="ann/x", text=b"---\nlicense: MIT\n---\n# X\n")).findings
    assert held[0].fix is not None
    assert Node.load(Node(held=held).dump()).held == held


def judge_of(code):
    return Judge(Plan(tuple(choose(Choice(profile="audit", select=(code,)), shipped())), {}))


def test_a_waiver_of_the_stronger_finding_answers_both(tmp_path):
    mirror = write_mirror(tmp_path / "mirror", FAMILY)
    (tmp_path / "waivers.yaml").write_text("- {rule: LIC401, repos: ['ann/*'], owner: ann, reason: by letter, expires: 2099-01-01}\n")
    asked = ["audit", str(mirror), "--out", str(tmp_path / "out"), "--jobs", "1", "--select=LIC213", "--select=LIC401"]
    done = CliRunner().invoke(cli, [*asked, "--waivers", str(tmp_path / "waivers.yaml")])
    assert done.exit_code == 0, done.output
    assert "ann/towns" not in {repo for repo, _ in found_in(tmp_path / "out")}


def test_the_phase_that_judges_hub_rules_alone_yields_as_well(tmp_path):
    store = audit(write_mirror(tmp_path / "mirror", FAMILY), tmp_path / "out", "LIC213", "LIC401")
    assert rows(store, "select id, code from findings") == [("ann/towns", "LIC401")]


def test_a_comment_for_the_weaker_finding_is_no_idle_one(family):
    rules = shipped()
    selected = tuple(choose(Choice(select=("LIC213", "LIC401", "DOC901")), rules))
    judge = Judge(Plan(selected, {}, silence=silencing(rules, "author"), hub=HubSource(str(family[1]))))
    text = FAMILY["ann/towns"].replace("license: mit", "license: mit # cardlint: ignore[LIC213] by letter")
    outcome = judge(Entry("ann/towns/README.md", None, id="ann/towns", text=text.encode()))
    assert [each.code for each in outcome.findings] == ["LIC401"]
    assert [each.code for each in outcome.suppressed] == ["LIC213"]


TOLD = """# Gulls

Fine-tuned from [acme/gull-base](https://huggingface.co/acme/gull-base).
It was trained on the [Gull Calls](https://huggingface.co/datasets/acme/calls) dataset.

## License

The model is released under the Apache License 2.0.
"""


@pytest.mark.parametrize(
    ("key", "line", "code"),
    [
        ("licence", "licence: mit", "LIC001"),
        ("licence", "licence: apache-2.0", "LIC002"),
        ("licence", "licence: mit\ntags: [license:mit]", "LIC108"),
        ("dataset", "dataset: acme/calls", "DAT003"),
        ("base-model", "base-model: acme/gull-base", "LIN008"),
        ("Language", "Language: en\ntags: [english]", "MET108"),
    ],
)
def test_what_a_misspelt_key_gives_is_not_told_as_absent(key, line, code):
    text = TOLD if code in ("LIC002", "DAT003", "LIN008") else "# Gulls\n\nIt counts gulls.\n"
    rules = [each for each in shipped() if each.code in ("FM020", code)]
    assert code in codes(f"---\n{line.replace(f'{key}:', 'acme_key:', 1)}\n---\n{text}", *rules)
    assert codes(f"---\n{line}\n---\n{text}", *rules) == ["FM020"]


def test_a_filler_under_a_misspelt_key_gives_nothing():
    rules = [each for each in shipped() if each.code in ("FM020", "LIC001")]
    assert codes("---\nlicence: license\n---\n# Gulls\n", *rules) == ["FM020", "LIC001"]
