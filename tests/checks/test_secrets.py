"""Shapes, checksums and entropy of tokens; every token here is made up."""

from __future__ import annotations

import random
import string

import pytest

from cardlint.card.card import Card
from cardlint.checks import sec_tokens
from cardlint.engine.catalogue import shipped
from cardlint.patterns import ALPHANUMERIC

LETTERS = string.ascii_letters + string.digits


def _shape(name: str) -> sec_tokens.Shape:
    return next(shape for shape in sec_tokens.shapes() if shape.name == name)


def _found(text: str) -> list[str]:
    return [problem.message for problem in sec_tokens.secrets(Card.from_text(text))]


def test_checksum_is_crc32_in_base_62_with_leading_zeros() -> None:
    assert sec_tokens.checksum("") == "000000"
    for seed in range(20):
        part = "".join(random.Random(seed).choices(LETTERS, k=30))
        assert len(sec_tokens.checksum(part)) == 6
        value = 0
        for digit in sec_tokens.checksum(part):
            value = value * 62 + ALPHANUMERIC.index(digit)
        assert value == sec_tokens.crc32(part.encode())


@pytest.mark.parametrize(("prefix", "name"), [("ghp_", "GitHub token"), ("gho_", "GitHub token"), ("npm_", "npm token")])
def test_right_checksum_is_found_and_a_wrong_one_is_not(prefix: str, name: str) -> None:
    part = "".join(random.Random(7).choices(LETTERS, k=30))
    right = prefix + part + sec_tokens.checksum(part)
    wrong = prefix + part + sec_tokens.checksum(part[::-1])
    assert _found(f"# M\n`{right}`\n") == [f"the card holds a {name}: '{prefix}{part[:4]}…'"]
    assert _found(f"# M\n`{wrong}`\n") == []


def test_message_never_holds_the_token() -> None:
    part = "".join(random.Random(3).choices(string.ascii_letters, k=34))
    assert all(part not in message for message in _found(f"token hf_{part} here"))


@pytest.mark.parametrize(
    "text",
    [
        "hf_" + "x" * 34,
        "hf_" + "YourTokenGoesHereYourTokenGoesHere",
        "AKIAIOSFODNN7EXAMPLE",
        "sk-container-id-1 {color: black}",
        "prefix_hf_" + "QzWpLxKvRtNmYbGcHsJdFgTuEoAiVrPqXw",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "ghp_" + "a" * 36,
    ],
)
def test_placeholders_and_look_alikes_are_no_secrets(text: str) -> None:
    assert _found(f"# M\n```\n{text}\n```\n") == []


def test_the_rule_waits_for_every_prefix() -> None:
    rule = next(rule for rule in shipped() if rule.code == "SEC001")
    assert set(rule.check["words"]) == {prefix for shape in sec_tokens.shapes() for prefix in shape.prefixes}


def test_private_key_needs_a_body() -> None:
    body = "".join(random.Random(5).choices(LETTERS + "+/", k=64))
    assert _found(f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n") == ["the card holds a private key: '-----BEGIN RSA PRIVATE KEY-----'"]


def test_entropy() -> None:
    assert sec_tokens.entropy("aaaa") == 0
    assert sec_tokens.entropy("abcd") == 2
    assert sec_tokens.genuine(_shape("hub access token"), "".join(random.Random(1).choices(string.ascii_letters, k=34)))


def test_hostile_text_is_linear() -> None:
    text = "hf_" * 30_000 + "AKIA" * 30_000 + "sk-" + "a" * 100_000 + "https://a:" * 20_000
    card = Card.from_text(text)
    assert list(sec_tokens.secrets(card)) == []
    list(sec_tokens.in_url(card))
