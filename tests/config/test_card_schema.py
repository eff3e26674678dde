"""An organisation's schema of the front matter: what is taken, and what is refused with its place."""

from __future__ import annotations

import pytest

from cardlint.config.card_schema import read_card_schema
from cardlint.model import CardlintError


@pytest.fixture
def schema(tmp_path):
    def written(data):
        path = tmp_path / "card.json"
        path.write_bytes(data)
        return path

    return written


def test_schema_is_read_as_it_stands(schema):
    text = '{"required": ["caf\u00e9"], "$defs": {"a": {"pattern": "^x"}}, "properties": {"b": {"$ref": "#/$defs/a"}}}'
    assert read_card_schema(schema(text.encode()))["required"] == ["caf\u00e9"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{\n  'a': 1}", ":2:3: not JSON: Expecting property name enclosed in double quotes"),
        (b"[" * 100_000, ": nested too deep"),
        (b"[]", ":1:1: a card schema is a JSON object"),
        (b"true", ":1:1: a card schema is a JSON object"),
        (b'{"type": "strin"}', ": not a JSON Schema: "),
        (b'{"pattern": "(?=a)b"}', ": not a JSON Schema: "),
        (b'{"$ref": "https://example.org/x.json"}', ": not a JSON Schema: "),
        (b"\xff", ": not UTF-8 (byte 0): save it as UTF-8"),
    ],
    ids=["no-json", "deep", "list", "boolean", "no-type", "backtracking", "address", "no-text"],
)
def test_file_that_is_no_schema_is_refused(schema, data, message):
    path = schema(data)
    with pytest.raises(CardlintError) as caught:
        read_card_schema(path)
    told = str(caught.value)
    assert told.startswith(f"{path}{message}")
    assert message.endswith(": ") or told == f"{path}{message}"
    assert "\n" not in told


def test_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CardlintError) as caught:
        read_card_schema(tmp_path / "nowhere.json")
    assert str(caught.value) == f"{tmp_path / 'nowhere.json'}: No such file or directory"
