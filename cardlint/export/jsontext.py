"""JSON as exports write it: members in the order they were put in, text as it is, two blanks a level, one line end."""

from __future__ import annotations

import json
from typing import Any


def pretty(value: Any) -> str:
    """A document as text."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
