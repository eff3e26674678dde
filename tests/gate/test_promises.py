"""What is remembered of callers: bounded, for some minutes, and never of somebody else's upload."""

from __future__ import annotations

from base64 import b64encode

import pytest

pytest.importorskip("aiohttp")

from cardlint.gate.proxy import promises
from cardlint.gate.proxy.promises import FULL, MINUTES, Promises

FIRST = [f"A{number:04}" for number in range(FULL)]
SECOND = [f"B{number:04}" for number in range(FULL)]


@pytest.fixture
def clock() -> list[float]:
    return [1000.0]


@pytest.fixture
def memory(clock) -> Promises:
    return Promises(lambda: clock[0])


@pytest.fixture
def alice(memory) -> bytes:
    return memory.caller({"Authorization": "Bearer a"})


def sample(content: bytes) -> tuple[str, int]:
    return b64encode(content[:512]).decode(), len(content)


def test_callers_are_told_apart_and_are_no_tokens(memory, alice):
    assert memory.caller({"Authorization": "Bearer b"}) != alice == memory.caller({"Authorization": "Bearer a"})
    assert b"Bearer" not in alice
    assert memory.caller({}) is None
    assert Promises().caller({"Authorization": "Bearer a"}) != alice


def test_a_file_named_ahead_is_the_card_whose_size_and_start_it_has(memory, alice):
    memory.announce(alice, "model", b"x" * 600)
    memory.announce(alice, "model", b"x" * 599 + b"y")
    assert memory.named(alice, "model", "a/b", *sample(b"z" * 600)) is None
    assert memory.named(alice, "dataset", "a/b", *sample(b"x" * 600)) is None
    assert memory.named(alice, "model", "a/b", *sample(b"x" * 600)).content.endswith(b"y")
    assert memory.promised(alice, "model", "a/b").content.endswith(b"y")


def test_the_first_full_call_of_an_upload_may_be_followed_by_the_announced_card(memory, alice):
    memory.announce(alice, "model", b"card")
    assert [card.content for card in memory.candidates(alice, "model", "a/b", FIRST)] == [b"card"]
    assert memory.candidates(alice, "model", "a/b", FIRST[:-1]) == []
    assert memory.candidates(alice, "model", "a/b", [*FIRST[1:], "z"]) == []
    assert memory.candidates(alice, "dataset", "a/b", FIRST) == []
    assert memory.candidates(memory.caller({"Cookie": "c"}), "model", "a/b", FIRST) == []


def test_a_card_that_was_announced_a_while_ago_is_no_candidate(memory, alice, clock):
    memory.announce(alice, "model", b"card")
    clock[0] += promises.SOON
    assert memory.candidates(alice, "model", "a/b", FIRST) == []
    assert memory.named(alice, "model", "a/b", *sample(b"card")) is not None


def test_a_card_announced_while_an_upload_is_under_way_is_for_another_one(memory, alice):
    memory.named_ahead(alice, "model", "a/b", FIRST)
    memory.announce(alice, "model", b"card of another")
    assert memory.candidates(alice, "model", "a/b", SECOND) == []
    assert memory.candidates(alice, "model", "a/b", FIRST) != []


def test_a_card_that_belongs_to_a_repository_is_no_candidate_for_another(memory, alice):
    memory.announce(alice, "model", b"card")
    memory.named(alice, "model", "a/b", *sample(b"card"))
    assert memory.candidates(alice, "model", "a/c", FIRST) == []


def test_the_same_card_may_be_for_two_repositories(memory, alice):
    memory.announce(alice, "model", b"card")
    memory.named(alice, "model", "a/b", *sample(b"card"))
    memory.announce(alice, "model", b"card")
    assert memory.candidates(alice, "model", "a/c", FIRST) != []
    assert memory.named(alice, "model", "a/c", *sample(b"card")) is not None
    assert memory.promised(alice, "model", "a/b") is memory.promised(alice, "model", "a/c") is not None
    memory.forget(alice, "model", "a/b")
    assert memory.promised(alice, "model", "a/b") is None
    assert memory.promised(alice, "model", "a/c") is not None


def test_a_commit_without_files_is_no_rest_of_a_refused_one(memory, alice):
    memory.refused(alice, "model", "a/b", ["x", "README.md"])
    assert not memory.is_rest_of_refused(alice, "model", "a/b", [])
    assert not memory.is_rest_of_refused(alice, "model", "a/b", ["x", "y"])


def test_all_is_forgotten_after_some_minutes(memory, alice, clock):
    memory.announce(alice, "model", b"card")
    memory.created(alice, "model", "a/b")
    memory.named_ahead(alice, "model", "a/b", FIRST)
    memory.refused(alice, "model", "a/b", ["x", "README.md"])
    assert (memory.just_created(alice, "model"), memory.in_parts(alice, "model", "a/b")) == ("a/b", True)
    assert memory.is_rest_of_refused(alice, "model", "a/b", ["x"])
    clock[0] += MINUTES
    assert memory.named(alice, "model", "a/b", *sample(b"card")) is None
    assert (memory.just_created(alice, "model"), memory.in_parts(alice, "model", "a/b")) == (None, False)
    assert not memory.is_rest_of_refused(alice, "model", "a/b", ["x"])


def test_the_memory_is_bounded(memory, monkeypatch):
    monkeypatch.setattr(promises, "MAX_CALLERS", 10)
    monkeypatch.setattr(promises, "MAX_BYTES", 10_000)
    callers = [memory.caller({"Authorization": str(number)}) for number in range(50)]
    for caller in callers:
        for number in range(50):
            memory.announce(caller, "model", b"%d" % number * 100)
    assert len(memory._callers) <= 10
    assert memory._bytes == sum(len(card.content) for each in memory._callers.values() for card in each.cards) <= 10_000
    memory.announce(callers[0], "model", b"x" * 2_000_000)
    assert memory.named(callers[0], "model", "a/b", *sample(b"x" * 2_000_000)) is None


def test_nothing_is_remembered_of_nobody(memory):
    memory.announce(None, "model", b"card")
    memory.created(None, "model", "a/b")
    memory.refused(None, "model", "a/b", ["x"])
    assert memory.candidates(None, "model", "a/b", FIRST) == []
    assert memory.just_created(None, "model") is None
