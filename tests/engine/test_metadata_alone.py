"""Rules where only a card's metadata were given: what they say they also say of the whole card; what wants the body is not checked."""

from __future__ import annotations

import pytest

from cardlint.card.card import BodyUnknown, Card, Head
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.loader import load, shipped_files
from cardlint.engine.run import needs
from cardlint.engine.select import Selected
from cardlint.engine.testing import entry_of
from cardlint.sources.entry import Entry

RULES = {rule.code: rule for rule in shipped() if rule.scope == "card" and "body" not in needs(rule)}
ALONE = "only the card's metadata was given"


def told(rule, entry, options):
    outcome = Judge(Plan((Selected(rule, "warning"),), {rule.code: options} if options else {}))(entry)
    assert outcome.failure is None
    return [each.message for each in outcome.findings], outcome.not_checked


@pytest.mark.parametrize("code", sorted(RULES))
def test_what_is_said_of_metadata_alone_is_said_of_the_whole_card(code):
    file = next(each for each in shipped_files() if each.name.startswith(f"{code}-"))
    examples = load(file.read_text(encoding="utf-8"), file.name)["examples"]
    for example in (*examples["bad"], *examples["good"]):
        entry = entry_of(example)
        if entry.text is None:
            continue
        card = Card.from_bytes(entry.text)
        head = entry._replace(text=card.text[: card.front_matter.end].encode("utf-8", "surrogatepass"), only_metadata=True)
        whole, _ = told(RULES[code], entry, example.get("options"))
        assert set(told(RULES[code], head, example.get("options"))[0]) <= set(whole), example["card"]


@pytest.mark.parametrize(
    ("block", "code", "message"),
    [
        ("license: apache2", "LIC101", "unknown license 'apache2'"),
        ("language: English", "MET101", "unknown language 'English'"),
        ("licence: mit", "FM020", "hubs do not read the key 'licence'"),
    ],
)
def test_rules_of_values_judge_metadata_alone(block, code, message):
    entry = Entry("x", None, text=f"---\n{block}\n---\n".encode(), only_metadata=True)
    assert told(RULES[code], entry, None)[0] == [message]


def test_a_rule_that_asks_for_the_body_is_not_checked():
    rule = RULES["LIC201"]
    assert told(rule, Entry("x", None, text=b"---\nlicense: mit\n---\n", only_metadata=True), None) == ([], {ALONE: ["LIC201"]})
    with pytest.raises(BodyUnknown):
        _ = Head.from_text("---\nlicense: mit\n---\n").claims
