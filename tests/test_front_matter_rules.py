"""Fixes of the rules on front matter and on types: what they leave reads, and the finding is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cardlint.card.card import Card
from cardlint.engine.catalogue import shipped
from cardlint.engine.run import Engine
from cardlint.engine.select import Choice, choose
from cardlint.facts.subject import Subject
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from cardlint.model import Outcome

RULES = [rule for rule in shipped() if rule.family == "FM" or (rule.family == "MET" and rule.code < "MET040")]
ENGINE = Engine(choose(Choice(profile="audit", preview=True), RULES))


def judge(text: str) -> Outcome:
    return ENGINE.judge(Subject(Entry("README.md", None, kind="model", text=text.encode())))


def mended(text: str) -> str:
    """The card after every fix that its findings carry."""
    lines = Card.from_text(text).lines
    edits = [edit for finding in judge(text).findings if finding.fix for edit in finding.fix.edits]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start, end = (lines.offset(line, column) for line, column in (edit.span[:2], edit.span[2:]))
        text = text[:start] + edit.text + text[end:]
    return text


@pytest.mark.parametrize(
    ("block", "metadata"),
    [
        ("title: Harbour: boats", {"title": "Harbour: boats"}),
        ("title: @harbour", {"title": "@harbour"}),
        ("title: *bold*", {"title": "*bold*"}),
        ("title: !harbour", {"title": "!harbour"}),
        ("title: 'Harbour' boats", {"title": "'Harbour' boats"}),
        ("license:mit\nlanguage: en", {"license": "mit", "language": "en"}),
        ("language: en\nlicense:mit", {"license": "mit", "language": "en"}),
        ("license:mit", {"license": "mit"}),
        ("tags: [a, b", {"tags": ["a", "b"]}),
        ("language: no", {"language": "no"}),
        ("license:\tmit", {"license": "mit"}),
        ("licence: mit", {"license": "mit"}),
        ("model_index:\n- name: a\n  results: []", {"model-index": [{"name": "a", "results": []}]}),
        ("tags:\n- fill-mask:", {"tags": ["fill-mask"]}),
        ("language: [{en}]", {"language": ["en"]}),
        ("tags: audio", {"tags": ["audio"]}),
        ("inference: 'no'", {"inference": False}),
    ],
)
def test_fix_leaves_a_card_without_findings(block: str, metadata: dict[str, object]) -> None:
    text = mended(f"---\n{block}\n---\n# A\n")
    outcome = judge(text)
    assert Card.from_text(text).front_matter.metadata == metadata
    assert not [each for each in outcome.findings if each.code != "FM023"]


@pytest.mark.parametrize(
    "text",
    [
        "----\nlicense: mit\n---\n",
        "---\nlicense: mit\n  ---\n",
        "---\nlicense: mit\n---- \n",
        "---\nlicense: mit\n--- end\n",
        "--- \nlicense: mit\n---\n",
        "\n\n---\nlicense: mit\n---\n",
        "---\nlicense: mit\n--- \n",
        "A badge\n---\nlicense: mit\n---\n# A\n",
    ],
)
def test_fence_fix_makes_the_block_readable(text: str) -> None:
    assert [each.code[:2] for each in judge(text).findings] == ["FM"]
    assert Card.from_text(mended(text)).front_matter.metadata == {"license": "mit"}
    assert not judge(mended(text)).findings


@pytest.mark.parametrize(
    "block",
    [
        "".join(f"licens{n}: 1\n" for n in range(20_000)),
        "tags:\n" + "- {a}\n" * 20_000,
        "tags:\n" + "-\n" * 20_000,
        'a: "b\n' * 10_000,
        "{" * 20_000,
        "a:\tb\n" * 5_000,
        "license" + ":a" * 50_000,
        "model-index:\n" + "- {name: 1, results: [{task: {}, metrics: [{}]}]}\n" * 5_000,
        "a: &a [*a]\nb: &b {c: *b}\n",
    ],
)
def test_hostile_blocks_are_judged(block: str) -> None:
    outcome = judge(f"---\n{block}\n---\n")
    assert outcome.failure is None
    assert len(outcome.findings) <= 100
