"""Standard files to standards: shipped ones by id, an organisation's own by path; faults with line and near miss."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.data import folder
from cardlint.engine.loader import read_mapping, schema_faults
from cardlint.engine.written import Written
from cardlint.model import KINDS, CardlintError
from cardlint.standards.faults import own_faults, shared_evidence
from cardlint.standards.standard import PARTS, Condition, Control, Demand, Standard
from cardlint.textfile import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from cardlint.engine.rule import Rule

_DEEPEST = 8
"""Standards that extend one another in a row."""


def shipped_files() -> list[Traversable]:
    """The standard files that ship, in the order of their ids."""
    return sorted(
        (each for each in folder("rules").joinpath("standards").iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name
    )


def shipped_ids() -> list[str]:
    """The ids of the standards that ship."""
    return [each.name.removesuffix(".yaml") for each in shipped_files()]


def find_standard(name: str, rules: Sequence[Rule], beside: Path | None = None) -> Standard:
    """The standard that a shipped id or a path names; ``beside`` is the folder that paths start from.

    Raises CardlintError where there is none, with the near miss, and where the file is faulty, with every fault.
    """
    return _find(name, rules, beside or Path(), ())


def _find(name: str, rules: Sequence[Rule], beside: Path, above: tuple[str, ...]) -> Standard:
    if name in above or len(above) >= _DEEPEST:
        raise CardlintError(f"standards extend one another in a circle: {' -> '.join((*above, name))}")
    file = next((each for each in shipped_files() if each.name == f"{name}.yaml"), None)
    if file is not None:
        return _standard(file.read_text(encoding="utf-8"), file.name, rules, beside, (*above, name))
    path = beside / name
    if path.suffix not in (".yaml", ".yml") and not path.is_file():
        near = get_close_matches(name, shipped_ids(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; 'cardlint standard list' names those that ship"
        raise CardlintError(f"no standard {name!r}{hint}")
    text = read_text(path)
    return _standard(text, str(path), rules, path.parent, (*above, name))


def load(text: str, name: str, rules: Sequence[Rule]) -> dict[str, Any]:
    """The data of one standard file. Raises CardlintError with every fault, one a line, each with its line and column."""
    written = read_mapping(text, name, "a standard file")
    faults = list(schema_faults(written.value, "standard"))
    faults += own_faults(written.value, rules) if not faults else []
    if faults:
        raise written.refusal(faults)
    data: dict[str, Any] = written.value
    return data


def _standard(text: str, name: str, rules: Sequence[Rule], beside: Path, above: tuple[str, ...]) -> Standard:
    data = load(text, name, rules)
    bases = [_find(each, rules, beside, above) for each in data.get("extends", ())]
    controls = [control for base in bases for control in base.controls]
    known = {control.id for control in controls}
    changes = data.get("changes", {})
    faults = []
    for key in changes:
        if key not in known:
            near = get_close_matches(key, sorted(known), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            faults.append((f"/changes/{key}", f"no control {key!r} in what this standard extends{hint}"))
    codes = {word: rule.code for rule in rules for word in (rule.code, rule.name)}
    own = [_control(each, tuple(data.get("applies-to", KINDS)), codes) for each in data["controls"]]
    for index, control in enumerate(own):
        if control.id in known:
            faults.append(
                (f"/controls/{index}/id", f"the control {control.id!r} is taken by what this standard extends; change it under 'changes'")
            )
    if faults:
        raise Written(text, name).refusal(faults, at_keys=True)
    controls = [_changed(control, changes.get(control.id, {}), data["id"]) for control in controls]
    severity = data.get("severity")
    found = (*controls, *own)
    return Standard(
        id=data["id"],
        title=data["title"],
        version=str(data["version"]),
        date=str(data["date"]),
        source=data["source"],
        claim=data.get("claim", "meets"),
        about=" ".join(data["about"].split()),
        controls=tuple(replace(each, severity=each.severity or severity) for each in found),
        kinds=tuple(data.get("applies-to") or (bases[0].kinds if bases else KINDS)),
        extends=tuple(base.id for base in bases),
        file=name,
    )


def _control(data: dict[str, Any], kinds: tuple[str, ...], codes: dict[str, str]) -> Control:
    applies = data.get("applies")
    return Control(
        id=data["id"],
        clause=data["clause"],
        text=" ".join(data["text"].split()),
        evidence=tuple(_demand(each) for each in data.get("evidence", ())),
        rules=tuple(codes[each] for each in data.get("rules", ())),
        kinds=tuple(data.get("applies-to", kinds)),
        applies=(Condition(applies["assert"], applies["condition"]),) if applies else (),
        manual=" ".join(data.get("manual", "").split()),
        severity=data.get("severity"),
        if_absent=" ".join(data.get("if-absent", "").split()),
    )


def _demand(data: str | dict[str, Any]) -> Demand:
    if isinstance(data, str):
        data = {"at": data}
    if "use" in data:
        shared = _demand(shared_evidence()[data["use"]])
        return replace(_longer(shared, data["words"]) if "words" in data else shared, name=data.get("name", shared.name))
    at = data.get("at", "")
    options = tuple(_demand(each) for each in data.get("any", ()))
    return Demand(
        name=data.get("name") or _name(at) or " or ".join(each.name for each in options),
        at=at,
        words=data.get("words", 0),
        where=data.get("where"),
        text=data.get("text", ""),
        unless=data.get("unless", ""),
        part=tuple(data.get("part", PARTS)),
        file=tuple(data.get("file", ())),
        any=options,
    )


def _name(pointer: str) -> str:
    """What a pointer is called: its last name, blanks for underscores; front matter keys as they are written."""
    last = pointer.rpartition("/")[2]
    return f"`{last}`" if pointer.startswith("/metadata/") else last.replace("_", " ")


def _changed(control: Control, change: dict[str, Any], by: str) -> Control:
    """A control of an extended standard with what an organisation changes in it."""
    if change.get("drop"):
        return replace(control, dropped=f"dropped by {by}: {change['reason']}")
    if "words" in change:
        control = replace(control, evidence=tuple(_longer(each, change["words"]) for each in control.evidence))
    return replace(control, severity=change.get("severity", control.severity), manual=change.get("manual", control.manual))


def _longer(demand: Demand, words: int) -> Demand:
    return replace(
        demand,
        words=words if demand.at.startswith("/sections/") else demand.words,
        any=tuple(_longer(each, words) for each in demand.any),
    )
