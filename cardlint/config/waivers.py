"""The waivers file: exceptions with an owner, a reason and a last day. Read strictly: each fault with its line and near miss."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.data import schema
from cardlint.engine.select import resolve
from cardlint.engine.written import Written
from cardlint.model import CardlintError, Suppressed
from cardlint.textfile import read_text
from cardlint.vocab.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cardlint.engine.rule import Rule
    from cardlint.model import Outcome


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver; ``expires`` is its last day (ISO 8601), ``codes`` are those of the rules that it names."""

    codes: tuple[str, ...]
    repos: tuple[str, ...]
    reason: str
    owner: str
    expires: str

    def names(self, outcome: Outcome) -> bool:
        """Whether it speaks of a card, by the repository's id or the card's path."""
        names = [name for name in (outcome.repo, outcome.input, outcome.input.removeprefix("./")) if name]
        return any(fnmatchcase(name, glob) for glob in self.repos for name in names)

    @property
    def suppressed(self) -> Suppressed:
        """What reports say of a finding that it keeps silent."""
        return Suppressed("waiver", f"{self.reason} ({self.owner})", self.expires)


def read_waivers(path: Path, rules: Sequence[Rule]) -> tuple[Waiver, ...]:
    """The waivers of a file. Raises CardlintError with every fault, one a line, each with its line and column."""
    written = Written(read_text(path), str(path))
    value = [] if written.value is None else written.value
    faults = list(_schema_faults(value))
    found: list[Waiver] = []
    if not faults:
        for index, entry in enumerate(value):
            codes = _codes(entry["rule"], rules)
            if isinstance(codes, str):
                faults.append((f"/{index}/rule", codes))
            elif not _is_date(entry["expires"]):
                faults.append((f"/{index}/expires", f"there is no day {entry['expires']}"))
            else:
                found.append(Waiver(codes, tuple(entry["repos"]), entry["reason"], entry["owner"], entry["expires"]))
    if faults:
        raise written.refusal(faults)
    return tuple(found)


def _codes(selector: str, rules: Sequence[Rule]) -> tuple[str, ...] | str:
    """The codes that a waiver names, or what is wrong with the name."""
    if selector == "ALL":
        return "a waiver names rules, not ALL"
    try:
        codes = tuple(rule.code for rule in resolve(selector, rules))
    except CardlintError as error:
        return str(error)
    return codes or f"no rule is in the family {selector!r} yet"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _schema_faults(value: Any) -> Iterator[tuple[str, str]]:
    """Faults against ``schemas/waivers.schema.json`` as pointer and message."""
    import jsonschema_rs

    from cardlint.config.wanted import wanted

    document = schema("waivers")
    validator = jsonschema_rs.validator_for(document)
    if validator.is_valid(value):
        return
    known = list(document["$defs"]["WaiverEntry"]["properties"])
    for error in validator.iter_errors(value):
        pointer = "".join(f"/{escape(str(step))}" for step in error.instance_path)
        kind: Any = error.kind
        if kind.name == "additionalProperties":
            for key in kind.unexpected:
                hint = did_you_mean(key, known) or f"; known are {', '.join(known)}"
                yield f"{pointer}/{escape(key)}", f"unknown key {key!r}{hint}"
        elif kind.name == "required":
            yield pointer, f"{kind.property!r} is missing"
        elif kind.name == "pattern":
            yield pointer, f"{str(error.instance)[:40]!r} is no day; write YYYY-MM-DD"
        elif not pointer:
            yield pointer, "a waivers file is a list of entries, each with rule, repos, reason, owner, expires"
        else:
            yield pointer, (wanted(error) or str(error.message))[:200]
