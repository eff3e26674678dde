"""A standard as data: its controls, and what each of them wants of a card."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cardlint.model import KINDS
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Severity

PARTS = ("heading", "section", "prose", "link")
"""Where a pattern looks unless its file says otherwise."""


class Head(NamedTuple):
    """What a report says of a standard."""

    id: str
    title: str
    version: str
    source: str
    claim: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that must be there. One of ``at``, ``text``, ``file`` or ``any`` says how it is looked for.

    ``at``: a pointer into the facts; ``words``: the fewest words of a section; ``where``: a JSON Schema for the value.
    ``text``: an RE2 pattern over ``part`` of the body; ``section`` is a heading, a colon and the first block below it; a piece in
    which ``unless`` is found is passed over.
    ``file``: globs over the repository's file names.
    ``name`` is what reports call it.
    """

    name: str
    at: str = ""
    words: int = 0
    where: dict[str, Any] | None = None
    text: str = ""
    unless: str = ""
    part: tuple[str, ...] = PARTS
    file: tuple[str, ...] = ()
    any: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """When a control applies: a JSON Schema over the facts, and the same in words."""

    schema: dict[str, Any]
    words: str


@dataclass(frozen=True, slots=True)
class Control:
    """One demand of a standard. ``manual`` is the reason why no check can tell; ``severity`` makes a failure a finding.

    ``if_absent`` is the reason why a reader has to look where no evidence was found; ``dropped`` why an organisation took it out.
    """

    id: str
    clause: str
    text: str
    evidence: tuple[Demand, ...] = ()
    rules: tuple[str, ...] = ()
    kinds: tuple[str, ...] = KINDS
    applies: tuple[Condition, ...] = ()
    manual: str = ""
    severity: Severity | None = None
    if_absent: str = ""
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard with all its controls, those of the standards that it extends included.

    ``claim``: ``meets`` where the text can be met by a card, ``maps-to`` where a card can only bear on it.
    """

    id: str
    title: str
    version: str
    date: str
    source: str
    claim: str
    about: str
    controls: tuple[Control, ...]
    kinds: tuple[str, ...] = KINDS
    extends: tuple[str, ...] = ()
    file: str = field(default="", compare=False, repr=False)

    @property
    def digest(self) -> str:
        """``sha256:`` and the hash of everything that decides, and not of the file's place."""
        value = asdict(self)
        del value["file"]
        return f"sha256:{sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()}"

    @property
    def head(self) -> Head:
        """What a report says of it."""
        return Head(self.id, self.title, self.version, self.source, self.claim, self.digest)

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes that its controls name, each once."""
        return tuple(sorted({code for control in self.controls for code in control.rules}))
