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


@pytest.mark.parametrize("topic", CUES)
def test_a_language_that_needs_no_cues_of_its_own_is_no_silence(topic):
    assert not may_tell(Card.from_text("# A\nUna red pequeña de los pájaros de una isla.\n"), topic)
