"""Reads policy files, TOML or YAML, strictly: every fault with its line and the near miss."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cardlint.config.waivers import read_waivers
from cardlint.config.wanted import plain, unknown_option, wanted
from cardlint.data import schema
from cardlint.engine.catalogue import shipped, with_own
from cardlint.engine.select import Choice, choose, resolve
from cardlint.engine.written import Written
from cardlint.gate.policy import Policies, Policy
from cardlint.model import CardlintError
from cardlint.standards.assess import wanted_rules
from cardlint.textfile import read_text
from cardlint.vocab.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cardlint.engine.rule import Rule
    from cardlint.hub.hub import HubSource
    from cardlint.standards.standard import Standard

_SELECTORS = ("select", "extend-select", "ignore", "severity", "options")
DEFAULT = "default"
"""The name of the policy that speaks where no other does."""


def default_policies() -> Policies:
    """The policies of a gate that was given no file."""
    return _policies({"version": 1}, None, shipped(), ())


def read_policies(path: Path) -> Policies:
    """The policies of a file. Raises CardlintError with every fault, one a line, each with its line."""
    text = read_text(path)
    source = _Toml(text, path) if path.suffix == ".toml" else _Yaml(text, path)
    data = source.data
    if not isinstance(data, dict):
        raise CardlintError(f"{path}:1: a policy file is a mapping that begins with version: 1")
    faults = list(_schema_faults(data))
    if not faults:
        from cardlint.engine.loader import load_rules

        own = [rule for folder in data.get("rules", ()) for rule in load_rules(path.parent / folder)]
        rules = with_own(own) if own else shipped()
        faults = [*_selector_faults(data, rules), *_name_faults(data)]
        faults += [(f"/{key}", f"{key} speaks of a hub: name its audit as 'hub'") for key in ("known-ids", "complete") if _lone(data, key)]
        if "waivers" in data and not (path.parent / data["waivers"]).is_file():
            faults.append(("/waivers", f"waivers: there is no file {data['waivers']!r} beside this one"))
    if faults:
        told = sorted((source.line(pointer), message) for pointer, message in faults)
        raise CardlintError("\n".join(f"{path}:{line}: {message}" for line, message in told))
    waivers = read_waivers(path.parent / data["waivers"], rules) if "waivers" in data else ()
    found = _policies(data, path, rules, waivers)
    return replace(found, hub=_hub(data, path.parent)) if "hub" in data else found


def _policies(data: dict[str, Any], source: Path | None, rules: Sequence[Rule], waivers: Sequence[Any]) -> Policies:
    entries = [*data.get("policies", ()), {**data.get("default", {}), "name": DEFAULT}]
    policies = tuple(_policy(entry, rules, _standards(entry, rules, source)) for entry in entries)
    digests = [standard.digest for policy in policies for standard in policy.standards]
    identity = json.dumps([data, digests] if digests else data, sort_keys=True, ensure_ascii=False) + repr(tuple(waivers))
    return Policies(
        policies,
        tuple(rules),
        f"sha256:{sha256(identity.encode()).hexdigest()[:32]}",
        str(source) if source else None,
        data.get("on-failure", "refuse"),
        float(data.get("time-limit", 10)),
        tuple(waivers),
    )


def _lone(data: dict[str, Any], key: str) -> bool:
    return key in data and "hub" not in data


def _hub(data: dict[str, Any], folder: Path) -> HubSource:
    """The other repositories that a policy names. Raises CardlintError where they cannot be read."""
    from cardlint.hub.hub import HubSource

    known = data.get("known-ids")
    source = HubSource(str(folder / data["hub"]), str(folder / known) if known else None, tuple(data.get("complete", ())))
    source.open()
    return source


def _standards(entry: dict[str, Any], rules: Sequence[Rule], source: Path | None) -> tuple[Standard, ...]:
    """The standards that an entry names. Raises CardlintError where one is unknown or faulty."""
    from cardlint.standards.load import find_standard

    return tuple(find_standard(name, rules, source.parent if source else None) for name in entry.get("standards", ()))


def _policy(entry: dict[str, Any], rules: Sequence[Rule], standards: tuple[Standard, ...]) -> Policy:
    """An entry's policy. Rules that only a standard asks for are notes: its controls refuse, not they."""
    asked = wanted_rules(standards, rules, preview=False)
    choice = Choice(
        profile="gate",
        select=tuple(entry.get("select", ())),
        extend_select=(*entry.get("extend-select", ()), *asked),
        ignore=tuple(entry.get("ignore", ())),
        min_confidence=entry.get("min-confidence", "low"),
        severity={
            **{rule.code: "note" for rule in rules if rule.code in asked and rule.severity["gate"] == "off"},
            **entry.get("severity", {}),
        },
    )
    return Policy(
        entry["name"],
        tuple(choose(choice, rules)),
        tuple(entry.get("repos", ("*",))),
        tuple(entry.get("kinds", ("model", "dataset", "space"))),
        entry.get("new"),
        entry.get("judge", "change"),
        entry.get("refuse-at", "error"),
        entry.get("missing-card", "allow"),
        entry.get("mode", "enforce"),
        {rule.code: options for selector, options in entry.get("options", {}).items() for rule in resolve(selector, rules)},
        standards,
    )


def _schema_faults(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Faults against ``schemas/gate-policy.schema.json`` as pointer and message."""
    import jsonschema_rs

    document = schema("gate-policy")
    for error in jsonschema_rs.validator_for(document).iter_errors(data):
        steps = [str(step) for step in error.instance_path]
        pointer = "".join(f"/{step}" for step in steps)
        kind: Any = error.kind
        if kind.name == "additionalProperties":
            for key in kind.unexpected:
                yield f"{pointer}/{key}", f"unknown key {key!r}{_hint(key, _known(document, steps))}"
        elif kind.name == "required":
            yield pointer, f"{kind.property!r} is missing"
        elif kind.name == "enum":
            yield pointer, f"{error.instance!r} is not one of {', '.join(kind.options)}{did_you_mean(str(error.instance), kind.options)}"
        else:
            yield pointer, f"{'.'.join(steps)}: {wanted(error) or error.message}"[:300]


def _known(document: dict[str, Any], steps: list[str]) -> list[str]:
    """The keys that are known at a place."""
    if not steps:
        return list(document["properties"])
    entry = "PolicyEntry" if steps[0] == "policies" else "Demands"
    return list(document["$defs"][entry]["properties"])


def _hint(key: str, known: Sequence[str]) -> str:
    return did_you_mean(key, known) or f"; known are {', '.join(sorted(known))}"


def _selector_faults(data: dict[str, Any], rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    places = [("/default", data.get("default", {})), *((f"/policies/{n}", entry) for n, entry in enumerate(data.get("policies", ())))]
    for pointer, entry in places:
        for key in _SELECTORS:
            for number, selector in enumerate(entry.get(key, ())):
                at = f"{pointer}/{key}/{selector if isinstance(entry[key], dict) else number}"
                try:
                    named = resolve(selector, rules)
                except CardlintError as error:
                    yield at, str(error)
                    continue
                if key == "options" and (fault := unknown_option(entry[key][selector], named)):
                    yield at, fault
                exact = key in ("select", "extend-select") and any(selector in (rule.code, rule.name) for rule in named)
                if exact and named[0].status == "preview":
                    yield at, f"{selector} is a preview rule; the gate runs none"


def _name_faults(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    taken = {DEFAULT}
    for number, entry in enumerate(data.get("policies", ())):
        if entry["name"] in taken:
            yield f"/policies/{number}/name", f"the name {entry['name']!r} is taken"
        taken.add(entry["name"])


class _Yaml:
    """A policy as YAML, with the line of each pointer."""

    def __init__(self, text: str, path: Path) -> None:
        self._written = Written(text, str(path))
        self.data: Any = self._written.value

    def line(self, pointer: str) -> int:
        """The line of a pointer, of the nearest one above it where it is absent."""
        while pointer:
            if pointer in self._written.keys or pointer in self._written.values:
                return self._written.position(pointer, at_key=True)[0]
            pointer = pointer.rpartition("/")[0]
        return 1


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


class _Toml:
    """A policy as TOML, with the line of each pointer."""

    def __init__(self, text: str, path: Path) -> None:
        import tomllib

        try:
            self.data: Any = plain(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            where = re.search(r"line (\d+)", str(error))
            raise CardlintError(f"{path}:{where[1] if where else 1}: not TOML: {error}") from None
        self._text = text.splitlines()
        self._lines: dict[str, int] = {}
        counts: dict[str, int] = {}
        table = ""
        for number, line in enumerate(self._text, 1):
            if header := _HEADER.match(line):
                table = "".join(f"/{step}" for step in _steps(header[2]))
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                for prefix, count in counts.items():
                    if table == prefix or table.startswith(prefix + "/"):
                        table = f"{prefix}/{count}{table[len(prefix) :]}"
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault(table + "".join(f"/{step}" for step in _steps(key[1])), number)

    def line(self, pointer: str) -> int:
        """The line of a pointer; an item of a list is looked for behind its key."""
        above, _, last = pointer.rpartition("/")
        if last.isdigit() and pointer not in self._lines and above in self._lines:
            return self._item(above, int(last))
        while pointer:
            if pointer in self._lines:
                return self._lines[pointer]
            pointer = pointer.rpartition("/")[0]
        return 1

    def _item(self, pointer: str, index: int) -> int:
        value: Any = self.data
        for step in (*pointer.split("/")[1:], str(index)):
            value = value[int(step)] if isinstance(value, list) else value[step]
        first = self._lines[pointer]
        return next((number for number, line in enumerate(self._text[first - 1 :], first) if str(value) in line), first)


def _steps(dotted: str) -> list[str]:
    return [step.strip().strip("\"'") for step in re.findall(r""""[^"]*"|'[^']*'|[^.]+""", dotted)]
