"""The states of a control: three-valued evidence, rules that speak against it, conditions, what is left to readers."""

from __future__ import annotations

import json
import time

import pytest

from cardlint.config.suppressions import silencing
from cardlint.data import folder
from cardlint.engine.loader import load as load_rule
from cardlint.standards.load import _control, _standard
from cardlint.standards.standard import Standard
from tests.standards.pairs import RULES, entry_of, judge_of, states

CARD = "---\nlicense: mit\n---\n# Tide Writer\n\nTide Writer turns tables of tides into short notices for sailors in port.\n"


def _of(**control):
    data = {"id": "A-1", "clause": "1", "text": "What is wanted.", **control}
    codes = {rule.code: rule.code for rule in RULES}
    return Standard(
        "example", "Example", "1", "2026", "a source", "meets", "an example", (_control(data, ("model", "dataset", "space"), codes),)
    )


def _one(control, example):
    return states(judge_of(_of(**control)), example)["A-1"]


def test_evidence_that_is_there_meets_with_file_and_lines():
    found = _one({"evidence": ["/declared/licenses"]}, {"card": CARD})
    assert (found.state, found.evidence[0].path, found.evidence[0].lines) == ("met", "README.md", (2, 2))


def test_evidence_that_is_absent_does_not_meet():
    found = _one({"evidence": ["/sections/citation"]}, {"card": CARD})
    assert (found.state, found.reason) == ("not-met", "nothing on citation")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("## Limitations\n\n[More Information Needed]\n", "limitations: a placeholder (line 8)"),
        ("## Limitations\n\nMay fail.\n", "limitations: too little is said (line 8)"),
    ],
)
def test_section_of_placeholders_or_few_words_is_no_evidence(body, reason):
    found = _one({"evidence": ["/sections/limitations"]}, {"card": f"{CARD}\n{body}"})
    assert (found.state, found.reason) == ("not-met", reason)


@pytest.mark.parametrize(("words", "state"), [(10, "met"), (60, "not-met")])
def test_minimum_length_is_counted_in_words(words, state):
    assert _one({"evidence": [{"at": "/sections/model_description", "words": words}]}, {"card": CARD}).state == state


def test_all_evidence_is_wanted_and_of_any_one_suffices():
    card = {"card": CARD}
    assert _one({"evidence": ["/declared/licenses", "/sections/citation"]}, card).state == "not-met"
    assert _one({"evidence": [{"any": ["/sections/citation", "/declared/licenses"]}]}, card).state == "met"


def test_files_are_not_checked_where_only_the_card_was_given():
    found = _one({"evidence": ["/repo/config/architectures"]}, {"card": CARD})
    assert (found.state, found.reason) == ("not-checked", "only the card was given")


def test_other_repositories_are_not_checked_without_a_hub():
    found = _one({"evidence": ["/hub/ancestors"]}, {"card": CARD})
    assert (found.state, found.reason) == ("not-checked", "no hub was given")


def test_absence_in_the_card_is_not_checked_while_the_files_may_answer():
    demand = [{"any": ["/claims/parameters", "/repo/weights/parameters"]}]
    assert _one({"evidence": demand}, {"card": CARD}).state == "not-checked"
    assert _one({"evidence": demand}, {"card": CARD, "files": {}}).state == "not-met"


def test_file_beside_the_card_is_evidence():
    found = _one({"evidence": [{"file": ["LICENSE*"], "name": "licence text"}]}, {"card": CARD, "files": {"LICENSE.txt": "MIT"}})
    assert (found.state, found.evidence[0]) == ("met", ("LICENSE.txt", None, "file"))


def test_configuration_beside_the_card_is_evidence():
    files = {"config.json": {"json": {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}}}
    found = _one({"evidence": ["/repo/config/architectures"]}, {"card": CARD, "files": files})
    assert (found.state, found.evidence[0].path) == ("met", "config.json")


def test_metadata_that_could_not_be_read_is_not_checked():
    found = _one({"evidence": ["/declared/licenses"]}, {"card": "---\nlicense: [mit\n---\n"})
    assert (found.state, found.reason) == ("not-checked", "the front matter could not be read")


def test_pattern_is_found_in_prose_with_its_line_and_not_in_code_or_placeholders():
    demand = [{"text": "(?i)red[- ]team", "name": "red teaming"}]
    assert _one({"evidence": demand}, {"card": f"{CARD}\nA red team tried it.\n"}).evidence[0].lines == (8, 8)
    assert _one({"evidence": demand}, {"card": f"{CARD}\n```\nred team\n```\n"}).state == "not-met"
    assert _one({"evidence": demand}, {"card": f"{CARD}\nRed team: [More Information Needed]\n"}).state == "not-met"


def test_finding_of_a_rule_speaks_against_the_control():
    found = _one({"evidence": ["/declared/licenses"], "rules": ["LIC101"]}, {"card": CARD.replace("mit", "mti")})
    assert found.state == "not-met"
    assert found.reason.startswith("LIC101 unknown license 'mti'")


def test_rule_that_could_not_decide_is_no_pass():
    found = _one({"evidence": ["/declared/licenses"], "rules": ["LIC301"]}, {"card": CARD})
    assert (found.state, found.reason) == ("not-checked", "LIC301: only the card was given")


def test_rule_that_did_not_run_is_no_pass():
    judge = judge_of(_of(evidence=["/declared/licenses"], rules=["LIC101"]), ignore=("LIC101",))
    found = states(judge, {"card": CARD})["A-1"]
    assert (found.state, found.reason) == ("not-checked", "LIC101 did not run")


def test_finding_that_is_silent_still_speaks_against_the_control():
    card = CARD.replace("license: mit", "license: mti # cardlint: ignore[LIC101] our name for it")
    judge = judge_of(_of(rules=["LIC101"]), silence=silencing(RULES, "author"))
    outcome = judge(entry_of({"card": card}))
    assert [each.code for each in outcome.suppressed] == ["LIC101"]
    assert outcome.controls[0].state == "not-met"


def test_condition_that_does_not_hold_makes_a_control_not_applicable():
    condition = {"assert": {"properties": {"declared": {"properties": {"base_models": {"minItems": 1}}}}}, "condition": "it has a base"}
    found = _one({"applies": condition, "evidence": ["/declared/base_models"]}, {"card": CARD})
    assert (found.state, found.reason) == ("not-applicable", "only where it has a base")


def test_condition_on_files_that_were_not_given_is_not_checked():
    condition = {"assert": {"properties": {"repo": {"required": ["adapter"]}}}, "condition": "it is an adapter"}
    assert _one({"applies": condition, "evidence": ["/declared/base_models"]}, {"card": CARD}).state == "not-checked"


def test_control_of_another_kind_of_card_is_not_applicable():
    found = _one({"applies-to": ["dataset"], "evidence": ["/sections/collection"]}, {"card": CARD})
    assert (found.state, found.reason) == ("not-applicable", "only for dataset cards")


def test_manual_control_names_its_reason_and_where_to_look():
    found = _one({"manual": "a judgement on the model", "evidence": ["/sections/model_description"]}, {"card": CARD})
    assert (found.state, found.reason, found.evidence[0].lines) == ("manual", "a judgement on the model", (6, 6))


def test_repository_without_a_card_meets_nothing_that_a_card_says():
    found = _one({"evidence": ["/sections/citation"]}, {"card": None, "files": {"config.json": "{}"}, "id": "a/b"})
    assert (found.state, found.reason) == ("not-met", "the repository has no card")


def test_card_that_was_not_read_to_its_end_is_not_checked():
    example = {"card": f"{CARD}\n# Heading\n", "repeat": 30_000}
    assert _one({"evidence": ["/sections/citation"]}, example).state == "not-checked"


@pytest.mark.parametrize("side", ["bad", "good"])
def test_rule_on_unmet_controls_does_as_its_examples_say(side):
    file = folder("rules").joinpath("GOV", "GOV901-unmet-control.yaml")
    for example in load_rule(file.read_text(encoding="utf-8"), file.name)["examples"][side]:
        head = 'id: example\ntitle: Example\nversion: "1"\ndate: "2026"\nsource: an example of a source\nabout: an example of a standard\n'
        standard = _standard(
            head + f"controls: {json.dumps(example['options']['standard']['controls'])}\n", "example.yaml", RULES, None, ()
        )
        judge = judge_of(standard)
        told = [
            f"{each.span.line}:{each.span.column} {each.message}" for each in judge(entry_of(example)).findings if each.code == "GOV901"
        ]
        assert told == example.get("findings", [])


@pytest.mark.parametrize(
    "text",
    [
        "train on a the model 5 " * 40_000,
        "trained for 5 - ab\n\n" * 40_000,
        "# version data date\n\nx\n\n" * 40_000,
        "[a](http://github.com/a)\n" * 20_000,
    ],
    ids=["one line", "paragraphs", "headings", "links"],
)
def test_patterns_on_a_hostile_card_are_bounded(text):
    before = time.process_time()
    outcome = judge_of("mitchell-2019", "eu-ai-act-annex-xi")(entry_of({"card": text, "kind": "model"}))
    assert outcome.failure is None
    assert time.process_time() - before < 20


def test_sentences_of_a_template_are_no_evidence():
    sentence = (
        "Predictions generated by the model may include disturbing and harmful stereotypes across protected classes;"
        " identity characteristics; and sensitive, social, and occupational groups."
    )
    demand = [{"text": "(?i)stereotypes", "name": "stereotypes"}]
    assert _one({"evidence": demand}, {"card": f"# Tide\n\n{sentence}\n"}).state == "not-met"


def test_first_block_under_a_heading_is_read_with_it():
    demand = [{"text": "(?i)model date: may 5, 2023", "name": "a date"}]
    found = _one({"evidence": demand}, {"card": "# Tide\n\n## Model Date\n\nMay 5, 2023\n"})
    assert (found.state, found.evidence[0].lines) == ("met", (5, 5))


def test_absence_that_a_check_cannot_tell_is_left_to_readers():
    demand = {"evidence": [{"text": "(?i)modality", "name": "a modality"}], "if-absent": "cards tell it in passing"}
    found = _one(demand, {"card": CARD})
    assert (found.state, found.reason) == ("manual", "no word of a modality: cards tell it in passing")
    assert _one(demand, {"card": f"{CARD}\nModality: text.\n"}).state == "met"


def test_text_that_means_something_else_is_passed_over():
    demand = [{"text": "(?i)\\d+ hours", "unless": "(?i)hours of audio", "name": "a time"}]
    assert _one({"evidence": demand}, {"card": f"{CARD}\nTrained for 60 hours.\n"}).state == "met"
    assert _one({"evidence": demand}, {"card": f"{CARD}\nTrained on 60 hours of audio.\n"}).state == "not-met"
