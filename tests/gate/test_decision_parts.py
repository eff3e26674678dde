"""The parts of a decision: its reasons in words, what it warns of, what it is called, and when judges are made anew."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from cardlint.engine.case import MOST_FINDINGS
from cardlint.gate.change import Allowance, Change, Reason
from cardlint.gate.decision import Gate
from cardlint.gate.policy_file import default_policies, read_policies
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry

TODAY = "2026-11-28"
GOOD = "---\nlicense: apache-2.0\n---\n# A model\n"
BAD = "---\nlicense: apache2\n---\n# A model\n"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
LEAVE = Allowance("acme/x", "release day", "2026-12-01T00:00:00Z", "ops")


def state(card, files=None, repo="acme/x", kind="model", **more):
    text = None if card is None else card.encode()
    if files is None:
        return Entry(f"{repo}/README.md", None, id=repo, kind=kind, text=text, **more)
    held = {**files, **({"README.md": text} if text is not None else {})}
    listing = tuple(FileEntry(path, len(data)) for path, data in sorted(held.items()))
    return Entry(f"{repo}/README.md", None, id=repo, kind=kind, text=text, files=listing, contents=Memory(held), **more)


@pytest.fixture
def gate_of(tmp_path):
    def made(text="version: 1\n"):
        (tmp_path / "gate.yaml").write_text(text)
        return Gate(read_policies(tmp_path / "gate.yaml"))

    return made


@pytest.fixture(scope="module")
def gate():
    return Gate(default_policies())


def test_decision_says_what_was_asked_and_what_was_found(gate):
    decided = gate.decide(Change(state(BAD, kind="dataset"), revision="dev"), TODAY)
    (found,) = (each for each in decided.findings if each.code == "LIC101")
    assert (decided.repo, decided.kind, decided.name, decided.revision) == ("acme/x", "dataset", "datasets/acme/x", "dev")
    assert (decided.policy, decided.mode, decided.allowance, decided.failure) == ("default", "enforce", None, None)
    assert decided.reasons == (Reason("LIC101", "unknown license 'apache2'", 2, found.help),)
    assert decided.brought == {each.fingerprint for each in decided.findings}
    assert "only the card was given" in decided.not_checked
    assert decided.card_sha256 == sha256(BAD.encode()).hexdigest()
    assert 0 < decided.took < 60


@pytest.mark.parametrize(
    ("kind", "repo", "name"),
    [("model", "a/b", "a/b"), ("space", "a/b", "spaces/a/b"), ("dataset", "a/b", "datasets/a/b"), ("model", None, None)],
)
def test_repository_is_called_by_kind_and_id(gate, kind, repo, name):
    assert gate.decide(Change(Entry("README.md", None, id=repo, kind=kind, text=GOOD.encode())), TODAY).name == name


@pytest.mark.parametrize(
    ("text", "before", "after", "words"),
    [
        ("", GOOD, None, ("this change takes the card (README.md) away from acme/x", "leave README.md in place")),
        (
            "{missing-card: deny}",
            None,
            None,
            ("acme/x has no card (README.md), and this change brings none", "push README.md first, or with these files"),
        ),
        (
            "",
            None,
            POINTER,
            ("README.md is a pointer to a large file, and no reader sees a card", "keep README.md out of LFS: mind .gitattributes"),
        ),
    ],
    ids=["taken-away", "missing", "pointer"],
)
def test_reason_about_the_card_is_told_in_words(gate_of, text, before, after, words):
    gate = gate_of(f"version: 1\ndefault: {text or '{}'}\n")
    change = Change(state(after, {"a": b""}), None if before is None else state(before, {"a": b""}))
    (reason,) = gate.decide(change, TODAY).reasons
    assert (reason.message, reason.help, reason.line) == (*words, None)


def test_repository_without_id_is_called_so(gate_of):
    gate = gate_of("version: 1\ndefault: {missing-card: deny}\n")
    (reason,) = gate.decide(Change(Entry("README.md", None, kind="model")), TODAY).reasons
    assert reason.message == "the repository has no card (README.md), and this change brings none"


def test_file_that_looks_like_the_card_is_named_at_bounded_length(gate):
    path = "readme.md" + "." * 100
    (reason,) = gate.decide(Change(state(GOOD), touched=(path, "other.md")), TODAY).reasons
    assert (reason.code, reason.message, reason.help) == (
        "card-misspelt",
        f"'{path[:80]}' looks like the card and is none",
        "name it README.md",
    )


def test_text_that_only_begins_like_a_pointer_is_a_card(gate):
    decided = gate.decide(Change(state(POINTER + "x" * 2000)), TODAY)
    assert "card-in-lfs" not in decided.codes


def test_missing_card_is_no_second_reason_where_the_front_objects_to_it(gate_of):
    gate = gate_of("version: 1\ndefault: {missing-card: deny}\n")
    for code, codes in (("card-too-large", ("card-too-large",)), ("odd-path", ("odd-path", "FM001"))):
        assert gate.decide(Change(state(None), objections=(Reason(code, "m"),)), TODAY).codes == codes


@pytest.mark.parametrize(
    ("before", "refused"),
    [
        (None, True),
        ({}, True),
        ({".gitattributes": b"", ".gitignore": b""}, True),
        ({".gitattributes": b"", "a": b""}, False),
        ("unknown", False),
    ],
)
def test_first_commit_is_the_one_before_which_nothing_was_there(gate_of, before, refused):
    gate = gate_of("version: 1\ndefault: {missing-card: first-commit}\n")
    old = state(None) if before == "unknown" else None if before is None else state(None, before)
    assert (gate.decide(Change(state(None, {"a": b""}), old), TODAY).action == "refuse") is refused


@pytest.mark.parametrize(
    ("level", "action", "reasons"),
    [
        ("error", "refuse", {"error"}),
        ("warning", "refuse", {"error", "warning"}),
        ("note", "refuse", {"error", "warning", "note"}),
        ("nothing", "warn", set()),
    ],
)
def test_least_severity_that_refuses_is_the_policys(gate_of, level, action, reasons):
    severities = "{LIC101: error, MET101: warning, MET201: note}"
    select = "[LIC101, MET101, MET201]"
    gate = gate_of(f"version: 1\ndefault: {{refuse-at: {level}, select: {select}, severity: {severities}}}\n")
    decided = gate.decide(Change(state("---\nlicense: apache2\nlanguage: xqz\npipeline_tag: none-such\n---\n# A\n")), TODAY)
    severity = {each.code: each.severity for each in decided.findings}
    assert sorted(severity.values()) == ["error", "note", "warning"]
    assert decided.action == action
    assert {severity[each.code] for each in decided.reasons} == reasons
    assert {each.severity for each in decided.warnings} == {"error", "warning"} - reasons
    assert decided.codes == tuple(dict.fromkeys(each.code for each in decided.reasons or decided.warnings))


def test_what_was_there_before_is_no_warning(gate_of):
    gate = gate_of("version: 1\ndefault: {refuse-at: nothing, select: [LIC101, MET101]}\n")
    before, after = "---\nlicense: apache2\n---\n# A\n", "---\nlicense: apache2\nlanguage: xqz\n---\n# A\n"
    decided = gate.decide(Change(state(after), state(before)), TODAY)
    assert [each.code for each in decided.warnings] == ["MET101"]
    assert decided.codes == ("MET101",)
    same = gate.decide(Change(state(after), state(after)), TODAY)
    assert (same.action, same.codes, len(same.findings)) == ("allow", (), 2)


def test_finding_of_a_rule_that_had_more_than_are_kept_is_not_known_to_be_new(gate_of):
    gate = gate_of("version: 1\ndefault: {select: [LIC101]}\n")

    def licences(count, last):
        return "---\nlicense: [" + ", ".join([*(f"nolicence{number}" for number in range(count)), last]) + "]\n---\n# A\n"

    few = gate.decide(Change(state(licences(3, "other-new")), state(licences(3, "mit"))), TODAY)
    assert (few.action, len(few.reasons)) == ("refuse", 1)
    many = gate.decide(Change(state(licences(0, "other-new")), state(licences(MOST_FINDINGS + 5, "mit"))), TODAY)
    assert (many.action, many.brought) == ("allow", frozenset())


def test_silenced_before_is_not_new(tmp_path):
    (tmp_path / "w.yaml").write_text("- {rule: LIC101, repos: ['acme/x'], reason: agreed, owner: legal, expires: '2026-11-28'}\n")
    (tmp_path / "gate.yaml").write_text("version: 1\nwaivers: w.yaml\n")
    gate = Gate(read_policies(tmp_path / "gate.yaml"))
    assert gate.decide(Change(state(BAD + "more\n"), state(BAD, repo="acme/x")), "2026-11-28").action == "allow"
    assert gate.decide(Change(state(BAD), state(GOOD)), "2026-11-29").action == "refuse"


@pytest.mark.parametrize(("word", "action", "codes"), [("refuse", "refuse", ("odd", "not-judged")), ("accept", "refuse", ("odd",))])
def test_objections_refuse_a_change_that_could_not_be_judged(gate_of, word, action, codes):
    decided = gate_of(f"version: 1\non-failure: {word}\n").undecided(Change(state(GOOD), objections=(Reason("odd", "m"),)), "it died")
    assert (decided.action, decided.codes, decided.failure) == (action, codes, "it died")
    assert decided.findings == ()
    if word == "refuse":
        assert decided.reasons[1].message == "this change could not be judged: it died"


def test_allowance_lets_pass_what_could_not_be_judged(gate):
    decided = gate.undecided(Change(state(GOOD)), "it died", LEAVE)
    assert (decided.action, decided.verdict, decided.allowance) == ("warn", "refuse", LEAVE)


def test_missing_card_refuses_where_nothing_could_be_judged(gate_of):
    decided = gate_of("version: 1\non-failure: accept\ndefault: {missing-card: deny}\n").undecided(Change(state(None)), "it died")
    assert (decided.action, decided.codes) == ("refuse", ("FM001",))


def test_change_that_a_front_cannot_read_is_refused_by_every_policy(gate_of):
    gate = gate_of("version: 1\npolicies: [{name: watched, repos: [acme/*], mode: observe}]\n")
    change = Change(state(None), objections=(Reason("odd", "m"),))
    decided = gate.refused(change)
    assert (decided.action, decided.verdict, decided.policy, decided.codes) == ("refuse", "refuse", "watched", ("odd",))
    assert decided.reasons == change.objections
    assert decided.id == gate.decide(change, TODAY).id


def test_policy_may_be_named(gate_of):
    gate = gate_of("version: 1\npolicies: [{name: watched, repos: [none/*], mode: observe}]\n")
    decided = gate.decide(Change(state(BAD)), TODAY, policy=gate.policies.policies[0])
    assert (decided.policy, decided.mode, decided.action) == ("watched", "observe", "warn")


CHANGE = Change(state(BAD, {"a": b"1"}), state(GOOD, {"a": b"1"}), touched=("README.md",))


@pytest.mark.parametrize(
    "other",
    [
        replace(CHANGE, after=state(BAD + "\n", {"a": b"1"})),
        replace(CHANGE, after=state(BAD, {"a": b"22"})),
        replace(CHANGE, after=state(BAD, {"a": b"1"}, repo="acme/y")),
        replace(CHANGE, after=state(BAD, {"a": b"1"}, kind="dataset")),
        replace(CHANGE, after=state(BAD, {"a": b"1"}, revision="abc")),
        replace(CHANGE, before=None),
        replace(CHANGE, before=state(None, {"a": b"1"})),
        replace(CHANGE, before=state(GOOD + "\n", {"a": b"1"})),
        replace(CHANGE, revision="dev"),
        replace(CHANGE, touched=("a",)),
        replace(CHANGE, in_parts=True),
        replace(CHANGE, promised=True),
        replace(CHANGE, objections=(Reason("odd", "m"),)),
    ],
)
def test_another_question_has_another_id(gate, other):
    assert gate.decide(other, TODAY).id != gate.decide(CHANGE, TODAY).id


def test_id_is_that_of_the_question_and_the_policies(gate, gate_of):
    first = gate.decide(CHANGE, TODAY)
    assert first.id == gate.decide(replace(CHANGE, who="ann"), TODAY).id == gate_of("version: 1\n").decide(CHANGE, TODAY).id
    assert len(first.id) == 16
    assert gate_of("version: 1\ntime-limit: 3\n").decide(CHANGE, TODAY).id != first.id
    named = gate_of("version: 1\npolicies: [{name: a, repos: [none/x]}]\n")
    assert named.decide(CHANGE, TODAY).id != named.decide(CHANGE, TODAY, policy=named.policies.policies[0]).id


def test_digest_of_the_rules_names_ones_own(tmp_path, gate, gate_of):
    assert gate.rules_digest == gate_of("version: 1\n").rules_digest
    assert gate.rules_digest.startswith("sha256:")
    assert len(gate.rules_digest) == len("sha256:") + 32
    own = next(rule for rule in gate.policies.rules if rule.code == "LIC101")._replace(folder=str(tmp_path))
    assert Gate(replace(gate.policies, rules=(own,))).rules_digest != gate.rules_digest


def test_index_of_a_hub_that_is_gone_is_another_question(gate, tmp_path):
    from cardlint.hub.hub import HubSource
    from cardlint.hub.index import FILE

    ids = {gate.decide(CHANGE, TODAY).id}
    source = HubSource(str(tmp_path), None, ())
    ids.add(Gate(replace(gate.policies, hub=source)).refused(CHANGE).id)
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_bytes(b"1")
    ids.add(Gate(replace(gate.policies, hub=source)).refused(CHANGE).id)
    (tmp_path / FILE).write_bytes(b"22")
    ids.add(Gate(replace(gate.policies, hub=source)).refused(CHANGE).id)
    assert len(ids) == 4


NEW = "version: 1\ndefault: {judge: whole}\npolicies: [{name: fresh, new: true, repos: [a/*]}]\n"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (NEW, True),
        (NEW.replace("judge: whole", ""), False),
        (NEW.replace("new: true", "new: false"), False),
        (NEW.replace("new: true", "new: true, mode: observe"), False),
        (NEW.replace("new: true", "new: true, refuse-at: nothing"), False),
        (NEW.replace("new: true", "kinds: [space]"), True),
    ],
)
def test_card_is_refused_everywhere_where_no_policy_can_let_it_pass(gate_of, text, refused):
    found = gate_of(text).refuses_everywhere(BAD.encode(), "model", TODAY)
    assert (found is not None) is refused
    if found:
        assert found.policy == ("default" if "space" in text else "fresh")
        assert (found.repo, found.codes) == (None, ("LIC101",))
    assert gate_of(text).refuses_everywhere(GOOD.encode(), "model", TODAY) is None


def test_waiver_of_one_of_several_rules_lets_nothing_pass(tmp_path):
    (tmp_path / "w.yaml").write_text("- {rule: LIC101, repos: ['x/*'], reason: agreed, owner: legal, expires: '2030-01-01'}\n")
    (tmp_path / "gate.yaml").write_text("version: 1\nwaivers: w.yaml\ndefault: {judge: whole}\n")
    gate = Gate(read_policies(tmp_path / "gate.yaml"))
    assert gate.refuses_everywhere(BAD.encode(), "model", TODAY) is None
    both = b"---\nlicense: apache2\nlanguage: [\n---\n"
    assert gate.refuses_everywhere(both, "model", TODAY) is not None


RAISING = """\
code: LIC951
name: house-check
summary: "The check of the house runs."
status: stable
severity: error
confidence: high
applies-to: [model]
scope: card
since: 0.1.0
why: It does not run, which is what the test wants.
help: Mend the check.
check: {python: "tests.engine.broken:raises"}
examples:
  bad: [{card: "# A", findings: []}]
  good: [{card: "# B"}]
"""


@pytest.mark.parametrize(("word", "action", "codes"), [("refuse", "refuse", ("not-judged",)), ("accept", "warn", ())])
def test_card_on_which_a_check_fails_is_what_the_policy_says(gate_of, tmp_path, word, action, codes):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "LIC951-house-check.yaml").write_text(RAISING)
    decided = gate_of(f"version: 1\non-failure: {word}\nrules: [ours]\n").decide(Change(state(GOOD)), TODAY)
    assert (decided.action, decided.codes) == (action, codes)
    assert "LIC951" in decided.failure
