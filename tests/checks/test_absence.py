"""Words that keep a rule from calling a topic absent: the data behind them."""

from __future__ import annotations

import pytest
import re2

from cardlint.card.card import Card
from cardlint.checks.absence import may_tell
from cardlint.data import vocabulary

CUES = {topic: listed for topic, listed in vocabulary("absence_cues").items() if topic != "_meta"}
KNOWN = frozenset(vocabulary("stop_words")["languages"]) | frozenset(vocabulary("stop_words")["scripts"]) | {"uk"}


@pytest.mark.parametrize("topic", CUES)
def test_cues_compile_and_stand_under_languages_that_are_told_apart(topic):
    assert "en" in CUES[topic]
    assert CUES[topic].keys() <= KNOWN
    for patterns in CUES[topic].values():
        for pattern in patterns:
            assert not re2.search(f"(?i){pattern}", "")


@pytest.mark.parametrize("topic", CUES)
def test_prose_in_a_language_without_cues_may_tell_all(topic):
    assert may_tell(Card.from_text("# A\nโครงข่ายขนาดเล็กที่สร้างจากเสียงร้องของนกบนเกาะด้วยความอดทนอย่างมาก\n"), topic)
    assert not may_tell(Card.from_text("# A\nA small network.\n"), topic)


@pytest.mark.parametrize("topic", [topic for topic in CUES if len(CUES[topic]) > 1])
def test_a_language_that_needs_no_cues_of_its_own_is_no_silence(topic):
    assert not may_tell(Card.from_text("# A\nUna red pequeña de los pájaros de una isla.\n"), topic)


@pytest.mark.parametrize(
    ("kind", "topic", "unit"),
    [
        ("model", "out_of_scope", "It names the birds of a garden by the sound of their call. "),
        ("dataset", "dataset_limits", "- Forty garden birds of an island\n"),
    ],
)
def test_much_that_is_said_by_hand_may_tell_a_topic_in_words_on_no_list(kind, topic, unit):
    few, many = (Card.from_text(f"# Birds\n{unit * times}\n", kind=kind) for times in (3, 90))
    assert not may_tell(few, topic)
    assert may_tell(many, topic)
