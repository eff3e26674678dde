"""The decision: what refuses, what warns, what passes, by policy and by what was there before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cardlint.gate.change import Allowance, Change, Reason
from cardlint.gate.decision import Gate
from cardlint.gate.policy_file import default_policies, read_policies
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry

TODAY = "2026-11-28"
GOOD = "---\nlicense: apache-2.0\n---\n# A model\n"
BAD = "---\nlicense: apache2\n---\n# A model\n"
WORSE = "---\nlicense: [apache2, gpl-33]\n---\n# A model\n"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"


def state(card: str | None, files: dict[str, bytes] | None = None, repo: str = "acme/x") -> Entry:
    text = None if card is None else card.encode()
    if files is None:
        return Entry(f"{repo}/README.md", None, id=repo, kind="model", text=text)
    held = {**files, **({"README.md": text} if text is not None else {})}
    listing = tuple(FileEntry(path, len(data)) for path, data in sorted(held.items()))
    return Entry(f"{repo}/README.md", None, id=repo, kind="model", text=text, files=listing, contents=Memory(held))


@pytest.fixture
def gate_of(tmp_path):
    def made(text: str = "version: 1\n", **others: str) -> Gate:
        for name, content in others.items():
            (tmp_path / f"{name}.yaml").write_text(content)
        file = tmp_path / "gate.yaml"
        file.write_text(text)
        return Gate(read_policies(file))

    return made


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(default_policies())


@pytest.mark.parametrize(
    ("before", "after", "action", "codes"),
    [
        (None, GOOD, "allow", ()),
        (None, BAD, "refuse", ("LIC101",)),
        (GOOD, BAD, "refuse", ("LIC101",)),
        (BAD, BAD, "allow", ()),
        (BAD, BAD + "\nMore words.\n", "allow", ()),
        (BAD, GOOD, "allow", ()),
        (BAD, WORSE, "refuse", ("LIC101",)),
        (None, None, "allow", ()),
        (GOOD, None, "refuse", ("FM001",)),
        (BAD, None, "refuse", ("FM001",)),
        (GOOD, "\n", "refuse", ("FM001",)),
        (None, "", "allow", ()),
        (None, POINTER, "refuse", ("card-in-lfs",)),
    ],
)
def test_a_change_is_refused_for_what_it_brings(gate, before, after, action, codes):
    decided = gate.decide(Change(state(after), None if before is None else state(before)), TODAY)
    assert (decided.action, decided.codes) == (action, codes)


def test_a_policy_for_the_whole_card_refuses_old_findings_too(gate_of):
    decided = gate_of("version: 1\ndefault: {judge: whole}\n").decide(Change(state(BAD + "more"), state(BAD)), TODAY)
    assert decided.action == "refuse"


def test_the_first_policy_that_speaks_of_a_repository_counts(gate_of):
    gate = gate_of(
        "version: 1\npolicies:\n"
        "- {name: lenient, repos: [acme/old-*], refuse-at: nothing}\n"
        "- {name: strict, repos: [ACME/*], new: true, judge: whole, refuse-at: warning}\n"
    )
    named = [gate.decide(Change(state(BAD, repo=repo), before), TODAY) for repo, before in PLACES]
    assert [(each.policy, each.action) for each in named] == [
        ("lenient", "warn"),
        ("strict", "refuse"),
        ("default", "allow"),
        ("default", "refuse"),
    ]


PLACES = [("acme/old-1", None), ("Acme/new", None), ("acme/new", state(BAD, repo="acme/new")), ("other/x", None)]


@pytest.mark.parametrize(
    ("word", "before", "action"),
    [
        ("allow", None, "allow"),
        ("first-commit", None, "refuse"),
        ("first-commit", {".gitattributes": b""}, "refuse"),
        ("first-commit", {"config.json": b"{}"}, "allow"),
        ("deny", {"config.json": b"{}"}, "refuse"),
    ],
)
def test_a_missing_card_is_what_the_policy_says(gate_of, word, before, action):
    gate = gate_of(f"version: 1\ndefault: {{missing-card: {word}}}\n")
    change = Change(state(None, {"model.bin": b"x"}), None if before is None else state(None, before))
    decided = gate.decide(change, TODAY)
    assert (decided.action, decided.codes) == (action, ("FM001",) if action == "refuse" else ())


def test_a_promised_card_stands_for_the_missing_one(gate_of):
    gate = gate_of("version: 1\ndefault: {missing-card: deny}\n")
    assert gate.decide(Change(state(GOOD), None, promised=True), TODAY).action == "allow"


@pytest.mark.parametrize(
    "path", ["readme.md", "README.MD", "Readme.md", "ＲＥＡＤＭＥ.md", "README.md ", "READ\u200bME.md", "README.md.", "./README.md"]
)
def test_a_file_that_looks_like_the_card_is_refused(gate, path):
    decided = gate.decide(Change(state(GOOD), state(GOOD), touched=("README.md", path)), TODAY)
    assert decided.codes == ("card-misspelt",)


def test_a_file_that_looked_like_the_card_before_is_let_be(gate):
    files = {"readme.md": b"old"}
    assert gate.decide(Change(state(GOOD, files), state(GOOD, files), touched=("readme.md",)), TODAY).action == "allow"


def test_findings_about_files_do_not_refuse_while_files_are_to_come(gate):
    index = (
        b'{"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}'
    )
    files = {"config.json": b'{"model_type": "bert"}', "model.safetensors.index.json": index, "model-00001-of-00002.safetensors": b""}
    change = Change(state(GOOD, files), state(GOOD, {}))
    assert "ART401" in gate.decide(change, TODAY).codes
    parts = gate.decide(Change(change.after, change.before, in_parts=True), TODAY)
    assert parts.action == "warn"
    assert "ART401" in {each.code for each in parts.warnings}


def test_observing_lets_pass_and_tells_what_it_would_do(gate_of):
    decided = gate_of("version: 1\ndefault: {mode: observe}\n").decide(Change(state(BAD)), TODAY)
    assert (decided.action, decided.verdict, decided.codes) == ("warn", "refuse", ("LIC101",))


def test_an_allowance_lets_pass(gate):
    leave = Allowance("acme/x", "release day", "2026-12-01T00:00:00Z", "ops")
    decided = gate.decide(Change(state(BAD)), TODAY, leave)
    assert (decided.action, decided.verdict, decided.allowance) == ("warn", "refuse", leave)


def test_a_waiver_holds_until_its_last_day(gate_of):
    waivers = "- {rule: LIC101, repos: ['acme/*'], reason: agreed, owner: legal, expires: '2026-11-28'}\n"
    gate = gate_of("version: 1\nwaivers: waivers.yaml\n", waivers=waivers)
    change = Change(state(BAD))
    assert [gate.decide(change, day).action for day in ("2026-11-28", "2026-11-29")] == ["allow", "refuse"]


def test_what_the_front_objects_to_is_refused(gate):
    decided = gate.decide(Change(state(GOOD), objections=(Reason("odd-path", "'../x' leads out"),)), TODAY)
    assert decided.codes == ("odd-path",)


@pytest.mark.parametrize(("word", "action"), [("refuse", "refuse"), ("accept", "warn")])
def test_a_change_that_could_not_be_judged_is_what_the_policy_says(gate_of, word, action):
    decided = gate_of(f"version: 1\non-failure: {word}\n").undecided(Change(state(GOOD)), "it took longer than 10 s")
    assert decided.action == action
    assert decided.failure == "it took longer than 10 s"


def test_the_same_question_has_the_same_decision_and_another_one_another_id(gate):
    change = Change(state(BAD, {"a": b"1"}), state(GOOD, {"a": b"1"}))
    assert gate.decide(change, TODAY) == gate.decide(change, TODAY)
    ids = {gate.decide(each, TODAY).id for each in (change, Change(change.after), Change(change.after, change.before, revision="dev"))}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("version: 1\n", False),
        ("version: 1\ndefault: {judge: whole}\n", True),
        ("version: 1\ndefault: {judge: whole, mode: observe}\n", False),
        ("version: 1\ndefault: {judge: whole}\npolicies:\n- {name: old, repos: [a/*], ignore: [LIC101]}\n", False),
        ("version: 1\ndefault: {judge: whole}\npolicies:\n- {name: data, kinds: [dataset], refuse-at: nothing}\n", True),
        ("version: 1\ndefault: {judge: whole}\nwaivers: waivers.yaml\n", False),
    ],
)
def test_a_card_alone_is_refused_where_every_policy_refuses_it(gate_of, text, refused):
    waivers = "- {rule: LIC101, repos: ['acme/*'], reason: agreed, owner: legal, expires: '2030-01-01'}\n"
    found = gate_of(text, waivers=waivers).refuses_everywhere(BAD.encode(), "model", TODAY)
    assert (found is not None) == refused


NON_COMMERCIAL = """\
code: LIC901
name: acme-non-commercial-lost
summary: "What was made from a non-commercial model is not licensed for commercial use."
status: stable
severity: error
confidence: high
applies-to: [model]
scope: hub
needs: [metadata]
since: 0.1.0
why: Its base forbids it.
help: Declare the licence of the base.
check: {python: "cardlint.checks.hub_licenses:non_commercial"}
examples:
  bad:
  - id: ann/towns
    card: "---\\nlicense: mit\\nbase_model: acme/letters\\n---\\n# Towns\\n"
    hub: {repos: {acme/letters: "---\\nlicense: cc-by-nc-4.0\\n---\\n# Letters\\n"}}
    findings: ["2:10 cc-by-nc-4.0 forbids commercial use, mit grants it: base model 'acme/letters'"]
  good:
  - id: ann/towns
    card: "---\\nlicense: mit\\n---\\n# Towns\\n"
"""


def test_rules_on_lineage_see_the_last_audit_and_a_newer_one_at_once(tmp_path):
    pytest.importorskip("duckdb")

    def audit(license_of_base: str) -> None:
        base = tmp_path / "mirror" / "acme" / "letters"
        base.mkdir(parents=True, exist_ok=True)
        (base / "README.md").write_text(f"---\nlicense: {license_of_base}\n---\n# Letters\n\nIt sorts letters by town.\n")
        command = [sys.executable, "-m", "cardlint", "audit", str(tmp_path / "mirror"), "--out", str(tmp_path / "audit"), "--jobs", "1"]
        subprocess.run(command, check=True, capture_output=True)

    audit("cc-by-nc-4.0")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "LIC901-acme-non-commercial-lost.yaml").write_text(NON_COMMERCIAL)
    (tmp_path / "gate.yaml").write_text("version: 1\nhub: audit\nrules: [rules]\n")
    gate = Gate(read_policies(tmp_path / "gate.yaml"))
    card = "---\nlicense: mit\nbase_model: acme/letters\n---\n# Towns\n\nIt sorts letters by town.\n"
    change = Change(state(card, repo="ann/towns"))
    refused = gate.decide(change, TODAY)
    assert refused.codes == ("LIC402", "LIC901")
    audit("mit")
    allowed = gate.decide(change, TODAY)
    assert (allowed.action, allowed.codes) == ("allow", ())
    assert allowed.id != refused.id
