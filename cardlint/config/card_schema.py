"""An organisation's own JSON Schema of the front matter, read and found to be one. It asks nobody: every reference is inside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cardlint.checks.fm_schema import validator
from cardlint.model import CardlintError
from cardlint.textfile import read_text

if TYPE_CHECKING:
    from pathlib import Path

RULE = "FM030"


def read_card_schema(path: Path) -> dict[str, Any]:
    """The schema of a file. Raises CardlintError where it is no JSON Schema, with the place of the fault."""
    text = read_text(path)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise CardlintError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise CardlintError(f"{path}: nested too deep") from None
    if not isinstance(value, dict):
        raise CardlintError(f"{path}:1:1: a card schema is a JSON object")
    try:
        validator(json.dumps(value))
    except ValueError as error:
        raise CardlintError(f"{path}: not a JSON Schema: {str(error).splitlines()[0]}") from None
    return value
