"""Long lists in the front matter: the same checks are due as for short ones, and each item is not judged by each rule alone."""

from __future__ import annotations

from functools import cache

import pytest

from cardlint.card.card import Card
from cardlint.engine.catalogue import shipped
from cardlint.engine.dispatch import Dispatch, PythonCheck

CHECKS = [PythonCheck(rule) for rule in shipped() if "keys" in rule.check]
KEYS = sorted({key for check in CHECKS for key in check.rule.check["keys"] if "when" in check.rule.check} - {"*"})
ITEMS = (
    *("en", "english", "xx", "zh-CN", "mit", "apache2", "license:mit", "TODO", "text-generation", "text generation", "region:us"),
    *(
        "https://huggingface.co/a/b",
        "./local",
        "a/b/c",
        "''",
        "accuracy",
        "Acuracy",
        "dataset:squad",
        "arxiv:1",
        "null",
        "3",
        "true",
        "{a: b}",
        "[c]",
    ),
)
LENGTH = 501


@cache
def dispatch(kind):
    return Dispatch(kind, [check for check in CHECKS if kind in check.rule.applies_to])


def due(key, items, kind):
    text = f"---\n{key}:\n" + "".join(f"- {item}\n" for item in items) + "---\n"
    return {check.rule.code for check in dispatch(kind).due(Card.from_text(text, kind))}


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
@pytest.mark.parametrize("key", [*KEYS, "other"])
def test_same_checks_are_due_for_a_long_list_as_for_a_short_one(key, kind):
    assert due(key, ["x"] * LENGTH, kind) == due(key, ["x"], kind)
    assert due(key, ["x"] * LENGTH + [*ITEMS], kind) == due(key, ["x", *ITEMS], kind)


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("key", ["tags", "language", "datasets"])
def test_each_item_of_a_long_list_makes_its_checks_due(key, item):
    assert due(key, ["x"] * LENGTH + [item], "model") == due(key, ["x", item], "model")


def test_items_make_checks_due():
    assert len({code for key in KEYS for code in due(key, ITEMS, "model")}) > 15
