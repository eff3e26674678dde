"""The words that checks wait for: a first text is told the same of as any later one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cardlint.engine.catalogue import shipped
from cardlint.patterns import Words

WORDS = sorted(
    {word.lower() for rule in shipped() for word in (*rule.check.get("words", ()), *rule.check.get("text", {}).get("words", ()))}
)
ODD = ["ſ", "K", "İ", "ı", "ß", "ẞ", "Å", "ﬁ", "e\u0301", "\0", "\n", " ", "-", "x", "☃", "\U0001f917"]
PIECES = st.sampled_from(
    [form for word in WORDS for form in (word, word.upper(), word.title(), word[1:], word[:-1], word.replace("s", "ſ"))]
)
TEXTS = st.lists(st.one_of(PIECES, st.sampled_from(ODD), st.text(max_size=3)), max_size=30).map("".join)


def encodable(text):
    return text.encode("utf-8", "replace").decode()


@given(TEXTS.map(encodable))
def test_the_first_text_is_told_what_a_later_one_is(text):
    words, data = Words(WORDS), text.encode()
    first = set(words.occurring(text, data))
    assert set(words.occurring(text, data)) == first
    assert {number for number, word in enumerate(WORDS) if word in text} <= first


def test_each_word_is_found_in_any_case():
    for number, word in enumerate(WORDS):
        for said in (word, word.upper(), f"x{word}x"):
            assert number in set(Words(WORDS).occurring(said, said.encode())), said


def test_a_long_text_is_read_at_once():
    text = "x" * 200_000 + WORDS[0]
    assert 0 in set(Words(WORDS).occurring(text, text.encode()))


def test_no_words_occur():
    words = Words(())
    assert [list(words.occurring("a", b"a")) for _ in range(2)] == [[], []]
