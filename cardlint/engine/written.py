"""YAML that a user writes (rules, standards, waivers, policies): read whole, or refused with the line and column of every fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.lines import Lines
from cardlint.card.yamlreader import YamlFault, read_yaml
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Written:
    """One document: its ``value``, and where each part of it stands. ``name`` is what refusals call it.

    Raises CardlintError where the text is no YAML.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = Lines(text)
        try:
            read = read_yaml(text)
        except YamlFault as fault:
            line, column = self.lines.position(fault.start)
            raise CardlintError(f"{name}:{line}:{column}: not YAML: {fault.message}") from None
        self.value: Any = read.value
        self.keys, self.values = read.keys, read.values

    def position(self, pointer: str, *, at_key: bool = False) -> tuple[int, int]:
        """Line and column of a value, or of its key; of the other where one is not there, of the beginning where neither is."""
        first, second = (self.keys, self.values) if at_key else (self.values, self.keys)
        return self.lines.position((first.get(pointer) or second.get(pointer) or (0, 0))[0])

    def refusal(self, faults: Iterable[tuple[str, str]], *, at_keys: bool = False) -> CardlintError:
        """Faults, each a pointer and a message, as one error: a line each, in the order of the file.

        A fault stands at its value; an unknown key, and with ``at_keys`` every fault, at its key.
        """
        told = sorted(
            (*self.position(pointer, at_key=at_keys or message.startswith("unknown key")), message) for pointer, message in faults
        )
        return CardlintError("\n".join(f"{self.name}:{line}:{column}: {message}" for line, column, message in told))
