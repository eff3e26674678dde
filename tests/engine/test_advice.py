"""Help that knows the task: which groups a card is of, and what its findings say to it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cardlint import data
from cardlint.engine.loader import load, shipped_files
from cardlint.engine.place import clean
from cardlint.engine.rule import rule_from_data
from cardlint.engine.run import Engine
from cardlint.engine.select import Selected
from cardlint.engine.testing import entry_of
from cardlint.facts.subject import Subject
from cardlint.model import CardlintError, Problem
from cardlint.vocab import groups, tasks

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "groups.yaml").read_text(encoding="utf-8"))
TELLING = [each for file in shipped_files() if "help-for" in (each := load(file.read_text(encoding="utf-8"), file.name))]
LIMITS = next(each for each in TELLING if each["code"] == "LIM001")
UNGROUPED = {"any-to-any", "audio-text-to-text", "graph-ml", "image-text-to-image", "other", "tabular-to-text", "visual-document-retrieval"}
"""Tasks of which too few cards are known to say what belongs there."""


def help_of(rule, card, **more):
    subject = Subject(entry_of({"card": card, "kind": "model", **more}))
    return Engine([Selected(rule, "warning")]).judge(subject).findings[0].help


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_card_is_of_its_groups(case):
    assert list(Subject(entry_of({"kind": "model", **case})).groups) == case["groups"]


def test_every_group_has_a_case():
    assert {group for case in CASES for group in case["groups"]} == set(groups.titles())


def test_groups_speak_of_tasks_that_exist():
    told = set(data.vocabulary("groups")["tells"].values()) | data.words("groups", "vague")
    modalities = set(data.vocabulary("pipeline_tags")["modalities"])
    named = {task for group in groups.every() for task in group.tasks} - modalities
    assert (told | named) - {"text2text-generation"} <= tasks.ids()


def test_every_task_is_of_a_group():
    assert {task for task in tasks.ids() if not any(task in group.tasks for group in groups.every())} == UNGROUPED


@pytest.mark.parametrize("rule", TELLING, ids=lambda rule: rule["code"])
def test_help_and_what_more_is_said_are_told_whole(rule):
    for group, more in rule["help-for"].items():
        told = f"{' '.join(rule['help'].split())} {more}"
        assert clean(told) == told, group
        assert more not in rule["help"]


@pytest.mark.parametrize("group", LIMITS["help-for"])
def test_a_finding_says_what_belongs_there_for_its_task(group):
    case = next(case for case in CASES if case["groups"][:1] == [group])
    rule = rule_from_data({**LIMITS, "check": {"assert": False, "at": "/metadata", "message": "x"}, "applies-to": ["model", "dataset"]})
    told = help_of(rule, case["card"], **{key: case[key] for key in ("id", "files", "kind") if key in case})
    assert told == f"{LIMITS['help'].strip()} {LIMITS['help-for'][group]}"


def test_where_no_task_is_known_the_help_is_that_of_all():
    assert help_of(rule_from_data(LIMITS), "# Wren\nA small network.\n") == LIMITS["help"].strip()


@pytest.mark.parametrize(("card", "told"), [("# Wren\n", "Add it."), ("# Wren\nFirst.\n", "write 'wren'.")])
def test_the_help_of_a_rule_yields_to_advice_that_says_all(card, told, monkeypatch):
    def problems(card):
        yield Problem("/metadata", "x", help="write 'wren'." if "First" in card.text else None)

    monkeypatch.setattr("cardlint.checks.met_lists.text_not_list", problems)
    rule = rule_from_data(
        {
            **LIMITS,
            "help": "Add it.",
            "help-for": "",
            "help-yields": True,
            "needs": [],
            "check": {"python": "cardlint.checks.met_lists:text_not_list"},
        }
    )
    assert help_of(rule, card) == told


def test_a_group_of_which_the_rule_says_nothing_is_passed_over():
    rule = rule_from_data({**LIMITS, "help-for": {"text": "Say which languages it was tried on."}})
    assert help_of(rule, "---\npipeline_tag: translation\n---\n# Wren\n").endswith(" Say which languages it was tried on.")


def test_the_message_and_the_fingerprint_know_no_task():
    rule = rule_from_data(LIMITS)
    cards = ["---\npipeline_tag: translation\n---\n# Wren\n", "---\nlicense: mit\n---\n# Wren\n"]
    found = [Engine([Selected(rule, "warning")]).judge(Subject(entry_of({"card": card}))).findings[0] for card in cards]
    assert found[0].help != found[1].help
    assert found[0][:5] == found[1][:5]
    assert found[0].fingerprint == found[1].fingerprint


def test_rules_that_name_another_say_the_same():
    by_code = {each["code"]: each["help-for"] for each in TELLING}
    assert by_code["LIM007"] == by_code["LIM001"]
    assert by_code["USE008"] == by_code["USE001"]


def written(more, scope="card"):
    file = next(file for file in shipped_files() if file.name.startswith("LIM001-"))
    before, _, rest = file.read_text(encoding="utf-8").partition("help-for:\n")
    text = f"{before}help-for: {more}\n{rest[rest.index('references:') :]}".replace("scope: card", f"scope: {scope}")
    return load(text, file.name)


@pytest.mark.parametrize(
    ("more", "scope", "message"),
    [
        ("{translatoin: 'Name the directions and domains.'}", "card", "no group is called 'translatoin'; did you mean 'translation'?"),
        ("{wrens: 'Name the directions and domains.'}", "card", "no group is called 'wrens'; known are quantized, merge"),
        ("{translation: 'Name the directions.'}", "hub", "it has one help for all"),
        ("{translation: 'Name the directions and domains'}", "card", "does not match"),
        (f"{{translation: 'Name {'x' * 160}.'}}", "card", "is too long"),
        ("LIM999", "card", "no rule that ships has the code 'LIM999' and sentences of its own under 'help-for'"),
        ("LIM007", "card", "no rule that ships has the code 'LIM007' and sentences of its own under 'help-for'"),
        ("wren", "card", "'wren'"),
    ],
)
def test_what_is_no_group_or_too_long_is_refused(more, scope, message):
    with pytest.raises(CardlintError) as caught:
        written(more, scope)
    assert message in str(caught.value)


def test_sentences_of_another_rule_can_be_named():
    assert written("LIM003")["help-for"] == next(each["help-for"] for each in TELLING if each["code"] == "LIM003")
