"""Where the configuration comes from, and what it says; wrong keys and values are refused with the near miss."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cardlint.data import schema
from cardlint.model import CardlintError
from cardlint.textfile import read_text
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "cardlint.toml"


class Override(NamedTuple):
    """Rules that do not speak of cards whose path or id matches a glob."""

    paths: tuple[str, ...]
    ignore: tuple[str, ...]
    reason: str | None = None


class Settings(NamedTuple):
    """The configuration of a run; ``source`` is the file it was read from, None where there is none."""

    source: str | None = None
    profile: str | None = None
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    reasons: Mapping[str, str] = MappingProxyType({})
    preview: bool = False
    min_severity: str | None = None
    min_confidence: str | None = None
    fail_on: str | None = None
    rules: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    severity: Mapping[str, str] = MappingProxyType({})
    options: Mapping[str, dict[str, Any]] = MappingProxyType({})
    overrides: tuple[Override, ...] = ()
    waivers: str | None = None
    standards: tuple[str, ...] = ()
    card_schema: str | None = None
    hub: str | None = None
    known_ids: str | None = None
    complete: tuple[str, ...] = ()

    @property
    def selectors(self) -> Iterator[tuple[str, str]]:
        """Every word that names rules, with the key it stands under."""
        named = {"select": self.select, "extend-select": self.extend_select, "ignore": self.ignore}
        named |= {"severity": tuple(self.severity), "options": tuple(self.options)}
        for key, selectors in named.items():
            yield from ((key, each) for each in selectors)
        yield from (("overrides", each) for override in self.overrides for each in override.ignore)


def discover(start: Path) -> Settings:
    """The configuration of the nearest folder at or above ``start``, up to the root of its git repository.

    Raises CardlintError where a file is there and wrong.
    """
    folder = start.resolve()
    while True:
        if (folder / FILE).is_file():
            return read(folder / FILE)
        project = folder / "pyproject.toml"
        if project.is_file() and "[tool.cardlint" in read_text(project, errors="replace"):
            return read(project)
        if (folder / ".git").exists() or folder.parent == folder:
            return Settings()
        folder = folder.parent


def read(path: Path) -> Settings:
    """The configuration of a file. Raises CardlintError with line, reason and near miss."""
    text = read_text(path)
    import tomllib

    from cardlint.config.wanted import plain

    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CardlintError(f"{path}: not TOML: {error}") from None
    if path.name == "pyproject.toml":
        tool = data.get("tool")
        data = tool.get("cardlint", {}) if isinstance(tool, dict) else {}
    data = plain(data)
    _check(data, text, path)
    return _settings(data, path)


def _check(data: dict[str, Any], text: str, path: Path) -> None:
    import jsonschema_rs

    document = schema("config")
    if jsonschema_rs.validator_for(document).is_valid(data):
        return
    faults = []
    for error in jsonschema_rs.validator_for(document).iter_errors(data):
        faults.extend(_faults(error, document, text))
    raise CardlintError("\n".join(f"{path}:{line}: {message}" for line, message in sorted(set(faults))))


def _faults(error: Any, document: dict[str, Any], text: str) -> list[tuple[int, str]]:
    """A schema error as line and message."""
    from cardlint.config.wanted import wanted
    from cardlint.vocab.nearest import did_you_mean

    steps = [str(step) for step in error.instance_path]
    if error.kind.name == "additionalProperties":
        known = list(document["properties"]) if not steps else ["paths", "ignore", "reason"]
        found = []
        for key in error.kind.unexpected:
            if key == "tool" and not steps:
                found.append((_line_of(key, text), "[tool.cardlint] is for pyproject.toml: here its keys stand without it"))
                continue
            hint = did_you_mean(key, known) or f"; known are {', '.join(sorted(known))}"
            found.append((_line_of(key, text), f"unknown key {key!r}{hint}"))
        return found
    context = getattr(error.kind, "context", None)
    causes = [cause for branch in context or () for cause in branch if cause.kind.name != "type" or len(cause.instance_path) > len(steps)]
    if causes:
        return [fault for cause in causes for fault in _faults(cause, document, text)]
    key = next((step for step in reversed(steps) if not step.isdigit()), "")
    message = str(error.message)
    if error.kind.name == "required":
        message = f"{error.kind.property!r} is missing"
    elif steps == ["overrides"] and isinstance(error.instance, dict):
        message = "a list of tables is wanted: write [[overrides]]"
    else:
        message = wanted(error) or message
    options = getattr(error.kind, "options", None)
    if options:
        words = [str(each) for each in options]
        message = f"{error.instance!r} is not one of {', '.join(words)}{did_you_mean(str(error.instance), words)}"
    return [(_line_of(key, text), f"{'.'.join(steps)}: {message}"[:300])]


def _line_of(key: str, text: str) -> int:
    """The line on which a key is first set; 1 where it cannot be told."""
    pattern = re.compile(rf"""^\s*(?:\[+[^\]]*\b)?["']?{re.escape(key)}["']?\s*[=\].]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if key and pattern.search(line)), 1)


def _settings(data: dict[str, Any], path: Path) -> Settings:
    ignore = data.get("ignore", [])
    return Settings(
        source=str(path),
        profile=data.get("profile"),
        select=tuple(data.get("select", ())),
        extend_select=tuple(data.get("extend-select", ())),
        ignore=tuple(ignore),
        reasons=dict(ignore) if isinstance(ignore, dict) else {},
        preview=data.get("preview", False),
        min_severity=data.get("min-severity"),
        min_confidence=data.get("min-confidence"),
        fail_on=data.get("fail-on"),
        rules=tuple(str(path.parent / folder) for folder in data.get("rules", ())),
        exclude=tuple(data.get("exclude", ())),
        severity=data.get("severity", {}),
        waivers=str(path.parent / data["waivers"]) if "waivers" in data else None,
        standards=tuple(_beside(each, path) for each in data.get("standards", ())),
        card_schema=str(path.parent / data["card-schema"]) if "card-schema" in data else None,
        hub=(data["hub"] if "://" in data["hub"] else str(path.parent / data["hub"])) if "hub" in data else None,
        known_ids=str(path.parent / data["known-ids"]) if "known-ids" in data else None,
        complete=tuple(data.get("complete", ())),
        options=data.get("options", {}),
        overrides=tuple(
            Override(tuple(each["paths"]), tuple(each.get("ignore", ())), each.get("reason")) for each in data.get("overrides", ())
        ),
    )


def _beside(name: str, path: Path) -> str:
    """A standard's id as it is, its file from the folder of the configuration."""
    return str(path.parent / name) if name.endswith((".yaml", ".yml")) else name
