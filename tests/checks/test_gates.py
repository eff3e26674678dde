"""Cheap tests that keep a check from looking closer let through all that the closer look takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardlint.card.card import Card
from cardlint.checks import doc_loads, doc_other, lic_base
from cardlint.checks.signs import signs


def in_code(value: str) -> Card:
    """A card whose code loads a name."""
    return Card.from_text(f'# A\n\n```python\nload("{value}")\n```\n')


_RELEASES = list(lic_base._releases())


@pytest.mark.parametrize("release", _RELEASES, ids=lambda release: release.name)
@settings(max_examples=12, deadline=None)
@given(st.data())
def test_the_name_of_a_known_release_is_one_a_text_may_name(release: lic_base.Release, data: st.DataObject) -> None:
    low = data.draw(st.from_regex(re.compile(release.pattern.source, re.ASCII), fullmatch=True))
    assert release.word in low
    assert lic_base._NAMED.occurs(low)
    assert lic_base._NAMED.occurs(low.upper().replace("-", " "))


@settings(max_examples=100, deadline=None)
@given(st.from_regex(re.compile(doc_loads._UNFILLED.source), fullmatch=True).filter(lambda value: value.isascii()))
def test_a_name_left_open_is_seen_in_the_code_that_loads_it(value: str) -> None:
    assert "open-name" in signs(in_code(value))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from((doc_loads._HOME.source, doc_loads._FOLDER.source)).flatmap(lambda source: st.from_regex(source, fullmatch=True)))
def test_a_path_is_seen_in_the_code_that_loads_it(value: str) -> None:
    assert "quoted-path" in signs(in_code(value))


@pytest.mark.parametrize(
    ("code", "another"),
    [
        ('load("acme/tiny")', False),
        ('load("acme/tiny").to("acme/tiny")', False),
        ('load("other/tiny")', False),
        ('load("acme/tinny")', True),
        ('load("acme/tiny-v2")', True),
        ('load("acme/tiny.v2")', True),
        ('load("acme/tiny"), load("acme/small")', True),
        ('load("acme/")', True),
    ],
)
def test_code_names_another_repository_of_an_owner(code: str, another: bool) -> None:
    assert doc_other._names_another(code, "acme", "tiny") is another
