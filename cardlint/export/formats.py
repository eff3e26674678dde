"""The formats of exports by name: which kinds they describe, their file names, and how they are written."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory


class Format(NamedTuple):
    """One format: the module that writes it, the end of its files' names, the kinds that it describes."""

    module: str
    suffix: str
    kinds: tuple[str, ...] = ("model", "dataset", "space")
    options: tuple[str, ...] = ()
    extra: str = ""


FORMATS = {
    "spdx": Format("spdx2", ".spdx.json"),
    "spdx3": Format("spdx3", ".spdx3.json", extra="export"),
    "cyclonedx": Format("cyclonedx", ".cdx.json", options=("1.6",)),
    "cyclonedx-1.7": Format("cyclonedx", ".cdx.json", options=("1.7",)),
    "croissant": Format("croissant", ".croissant.json", ("dataset",)),
    "form": Format("form", ".form.md", ("model",)),
}


class Exporter:
    """Writes documents of one format. Raises CardlintError where a package that it needs is not installed."""

    def __init__(self, name: str, given: Given) -> None:
        self.name, self.given = name, given
        self.format = FORMATS[name]
        try:
            self._module: Any = import_module(f"cardlint.export.{self.format.module}")
        except ModuleNotFoundError as error:
            if not self.format.extra or (error.name or "").startswith("cardlint"):
                raise
            raise CardlintError(f"export --to {name} needs packages: pip install 'cardlint[{self.format.extra}]'") from None

    def describes(self, known: Inventory) -> bool:
        """Whether the format has a word for this kind of repository."""
        return known.kind in self.format.kinds

    def document(self, known: Inventory) -> str:
        """The document as text."""
        text: str = self._module.render(known, self.given, *self.format.options)
        return text

    def shortfalls(self, known: Inventory) -> list[str]:
        """What the format demands and neither the card nor the caller gives."""
        found: list[str] = self._module.shortfalls(known, self.given) if hasattr(self._module, "shortfalls") else []
        return found
