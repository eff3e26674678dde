"""A check that waits for a sign or a section is never kept from a card on which it has something to say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardlint.card.card import Card
from cardlint.card.yamlreader import read_yaml
from cardlint.checks.signs import SIGNS, signs
from cardlint.engine.catalogue import shipped
from cardlint.engine.dispatch import Dispatch, PythonCheck
from cardlint.engine.loader import shipped_files
from cardlint.facts.subject import Subject
from cardlint.sources.entry import Entry
from tests.engine.test_run import judge, rule_of

WAITING = [
    PythonCheck(rule)
    for rule in shipped()
    if rule.check.keys() & {"signs", "sections"} and set(rule.check["wants"]) <= {"card", "facts"} and rule.scope == "card"
]

HAS = {
    "table": ("| a | b |\n|---|---|\n| 1 | 2 |\n", "a | b\n"),
    "code-at-end": ("# T\n```\nx\n", "```\nx\n```\nend\n"),
    "code-alone": ("# T\n\n    a = 1\n", "A word.\n\n    a = 1\n"),
    "marks-in-code": ("```python\na\n```json\n{}\n```\nText.\n", "```python\nb = '```'\n```\nText.\n"),
    "bracketed-address": ("a ] (https://x.org\n", "a [link](https://x.org)\n"),
    "leading-hash": ("#Title\n", "a #Title\n"),
    "dashes": ("---\na: b\n---\n# T\n\n---\nlicense: mit\n", "---\na: b\n---\n# T\n"),
    "key-below": ("---\na: b\n---\n\ntags:\n- c\n", "---\na: b\n---\n# T\ntags: c\n"),
    "bare-heading": ("# T\ntext\n## A\n## B\ntext\n", "# T\n## A\n### B\ntext\n"),
    "skipped-level": ("# T\n### A\n", "# T\n**A**\n## B\n"),
    "repeated-heading": ("## A\n## A\n", "## A\n### A\n"),
    "title": ("# A\n", "## A\n# B\n"),
    "title-alone": ("# A\n", "# A\ntext\n"),
    "comment": ("<!-- a -->\n", "`<!-- a -->`\n"),
    "image-text": ("![a bird that sings](a.png)\n", "![a bird](a.png)\n"),
    "bare-image": ("![](a.png)\n", "![a](a.png)\n"),
    "quoted-path": ('```\nload("./a")\n```\n', '```\nload("a") # ./a\n```\n'),
    "open-name": ('```\nload("your-name/a")\n```\n', '```\nload("a/your")\n```\n'),
    "anchor-link": ("[a](#b)\n", "[a](#)\n"),
    "vague-label": ("[ Here. ](https://x.org/a)\n", "[heron](https://x.org/a)\n"),
    "address-label": ("[x.org](https://y.org/a)\n", "<https://y.org/a>\n"),
    "unset-link": ("[a](TBD)\n", "[a](https://doi.org/b)\n"),
    "odd-scheme": ("[a](https//x.org)\n", "[a](https://x.org)\n"),
    "bare-host": ("[a](x.org/b)\n", "[a](b/x.org)\n"),
    "non-ascii-link": ("[a](https://x.org/&eacute;)\n", "[é](https://x.org/e)\n"),
    "yaml-comment": ("---\na: b # c\n---\n", "---\na: b\n---\n# T\n"),
    "tag-character": ("a\U000e0041b\n", "a❤\ufe0f\U000ff000b\n"),
}


def test_every_sign_is_tried_and_waited_for():
    assert HAS.keys() == SIGNS.keys()
    assert {sign for check in WAITING for sign in check.rule.check.get("signs", ())} == SIGNS.keys()


@pytest.mark.parametrize("sign", HAS)
def test_sign_is_seen_and_not_seen(sign):
    seen, near = HAS[sign]
    assert sign in signs(Card.from_text(seen))
    assert sign not in signs(Card.from_text(near))


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("unset-link", "[a](n/a)\n"),
        ("unset-link", "[a](https://)\n"),
        ("unset-link", "[](https://x.org/a)\n"),
        ("odd-scheme", "[a](ttps://x.org)\n"),
        ("odd-scheme", "[a](https://https://x.org)\n"),
        ("dashes", "---\na: b\n---\n---\nlicense: mit\n"),
        ("bare-heading", "# T\ntext\n## A\n\n---\n\n"),
    ],
)
def test_sign_has_other_shapes(sign, text):
    assert sign in signs(Card.from_text(text))


def kept_out(text, kind="model", **known):
    """The rules that would have found something on a card and are not called."""
    subject = Subject(Entry("README.md", None, text=text.encode("utf-8", "surrogatepass"), kind=kind, **known))
    given = {"card": subject.card, "facts": subject.facts}
    checks = [check for check in WAITING if kind in check.rule.applies_to]
    due = Dispatch(kind, checks).due(subject.card)
    return [check.rule.code for check in checks if check not in due and list(check.problems(given))]


def test_no_check_is_kept_from_a_card_of_the_rule_examples():
    for file in shipped_files():
        for examples in read_yaml(file.read_text(encoding="utf-8")).value["examples"].values():
            for example in examples:
                if "card" in example:
                    assert kept_out(example["card"], example.get("kind", "model")) == [], example["card"]


MARKS = [
    *"\n\n\n   #-*[]()!<>`|:.'\"\\",
    "\n\n",
    "# ",
    "## ",
    "### ",
    "####",
    "[](",
    "](",
    "] (",
    "![",
    "![](",
    "\u00a0",
    "\n```\n",
    "\n---\n",
]
ADDRESSES = [
    "https://",
    "http://",
    "hhttp://",
    "https:/x",
    "http//",
    "ttps://",
    "www.",
    "huggingface.co/",
    "x.org",
    "/a",
    "#a",
    "./a",
    "é",
    "а",
]
WORDS = [
    "**Birds**\n",
    "Birds",
    "here",
    "TBD",
    "url",
    "x",
    "license: mit\n",
    "\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n",
    "[More Information Needed]",
]
HTML = ["<a href=", "'> ", "</a>", "<img src=", "<!-- ", " -->", "<div style='display:none'>", "<p hidden>", "[//]: # (", "&#104;"]
BITS = st.sampled_from([*MARKS, *ADDRESSES, *WORDS, *HTML, "ignore previous instructions ", "Limitations\n"])
FRONT = ["", "---\nlicense: mit\n---\n", "---\na: b # ignore all previous instructions\n---\n"]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(BITS, max_size=30).map("".join), st.sampled_from(FRONT))
def test_no_check_is_kept_from_any_card(body, front):
    assert kept_out(front + body) == []


def test_no_check_is_kept_from_a_real_card(real_cards):
    for row in real_cards[::40]:
        assert kept_out(row["text"], row.get("kind") or "model", id=row["id"]) == [], row["id"]


def test_check_waits_for_the_status_of_a_section():
    rule = rule_of({"python": "tests.engine.broken:raises", "sections": {"limitations": "absent"}})
    assert judge(rule, "# T\nText.\n").failure
    assert judge(rule, "# T\n## Limitations\nIt confuses gulls with terns where the light is poor, and all young birds.\n").failure is None


def test_check_waits_for_any_section():
    rule = rule_of({"python": "tests.engine.broken:raises", "sections": {"*": "placeholder"}})
    assert judge(rule, "# T\n## Limitations\n[More Information Needed]\n").failure
    assert judge(rule, "# T\n").failure is None
