"""Cards written for this test, and everything the readers make of them: claims, sections, placeholders, outline, front matter."""

from __future__ import annotations

import pytest

from tests.card.readings import files, load, reading

CASES = [
    pytest.param(held["shows"], case, id=f"{file.stem}-{number}")
    for file in files()
    for held in [load(file)]
    for number, case in enumerate(held["cases"], 1)
]


@pytest.mark.parametrize(("shows", "case"), CASES)
def test_card_is_read_as_written_down(shows, case):
    assert reading(case, shows) == case["read"]
