"""What a hub says: the wording of its refusals and warnings, by subject."""

from __future__ import annotations

from typing import NamedTuple

from cardlint import data


class Message(NamedTuple):
    """A message: ``level`` (error, warning, or with who says it: ``client error``), its text, and where it was seen."""

    level: str
    subject: str
    text: str
    source: str


def of(subject: str) -> tuple[Message, ...]:
    """The messages on a subject (``license``, ``front matter``), errors first as the file has them."""
    messages = (Message(**entry) for entry in data.vocabulary("hub_messages")["messages"])
    return tuple(message for message in messages if message.subject == subject)


def must_be_one_of(path: str, values: str) -> str:
    """The hub's own words for a value outside a closed list; ``values`` is the list as it shall be shown."""
    return f'"{path}" must be one of [{values}]'
