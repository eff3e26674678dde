"""Rule files to rules, with errors that name file, line, and the near miss."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.card.sections.types import SECTION_NAMES
from cardlint.card.yamlreader import escape, read_yaml
from cardlint.checks.signs import SIGNS
from cardlint.data import folder, ids, schema
from cardlint.engine.rule import FAMILIES, Rule, rule_from_data
from cardlint.engine.written import Written
from cardlint.facts.document import PARTS
from cardlint.model import CardlintError
from cardlint.textfile import read_text
from cardlint.vocab.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from jsonschema import ValidationError


def shipped_files() -> Iterator[Traversable]:
    """The rule files that ship, in the order of their codes."""
    families = sorted(
        (each for each in folder("rules").iterdir() if each.is_dir() and each.name != "standards"), key=lambda each: each.name
    )
    for family in families:
        yield from sorted((each for each in family.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)


def files_below(place: Path) -> Iterator[Path]:
    """The rule files of an organisation's folder; a single file is taken as it is.

    Raises CardlintError where the folder does not exist or holds none.
    """
    if place.is_file():
        yield place
        return
    if not place.is_dir():
        raise CardlintError(f"{place}: no such file or folder of rules")
    found = [path for path in sorted(place.rglob("*.yaml")) if path.name[0].isupper() and path.is_file()]
    if not found:
        raise CardlintError(f"{place}: no rule files (CODE-name.yaml) in this folder")
    yield from found


def read_mapping(text: str, name: str, what: str) -> Written:
    """The mapping that a file of YAML is; ``what`` the file is called in a refusal. Raises CardlintError with line and column."""
    written = Written(text, name)
    if not isinstance(written.value, dict):
        raise CardlintError(f"{name}:1:1: {what} is a mapping")
    return written


def load(text: str, name: str) -> dict[str, Any]:
    """The data of one rule file.

    Raises CardlintError with every fault of the file, one a line, each with its line and column.
    """
    written = read_mapping(text, name, "a rule file")
    faults = [*_schema_faults(written.value)]
    faults += _own_faults(written.value, name, sound=not any(pointer.startswith("/check") for pointer, _ in faults))
    if faults:
        raise written.refusal(faults, at_keys=True)
    data: dict[str, Any] = written.value
    if isinstance(data.get("help-for"), str):
        data["help-for"] = _help_of(data["help-for"])
    return data


def load_rules(place: Path) -> list[Rule]:
    """The rules of an organisation's folder. Raises CardlintError with every fault found."""
    rules: list[Rule] = []
    faults: list[str] = []
    for path in files_below(place):
        try:
            rules.append(rule_from_data(load(read_text(path), str(path)), str(path)))
        except CardlintError as error:
            faults.append(str(error))
    if faults:
        raise CardlintError("\n".join(faults))
    return rules


def _schema_faults(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Faults against ``schemas/rule.schema.json`` as pointer and message."""
    yield from schema_faults(value, "rule")


def schema_faults(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Faults against ``schemas/NAME.schema.json`` as pointer and message, with the near miss where there is one."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema(name))
    for error in sorted(validator.iter_errors(value), key=lambda error: [str(step) for step in error.absolute_path]):
        yield from _described(error)


def _described(error: ValidationError) -> Iterator[tuple[str, str]]:
    """A validation error in the words of rule files; the deepest cause of an alternative."""
    schema_here: Any = error.schema
    wanted_value: Any = error.validator_value
    pointer = "".join(f"/{escape(str(step))}" for step in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = schema_here.get("properties", {})
        for key in error.instance:
            if key not in known:
                hint = did_you_mean(str(key), known) or f"; known are {', '.join(sorted(known))}"
                yield f"{pointer}/{escape(str(key))}", f"unknown key {key!r}{hint}"
        return
    if error.validator in ("oneOf", "anyOf") and error.context:
        kinds = {"assert", "text", "python", "engine"}
        branches = schema_here.get("oneOf", [])
        if all(branch.keys() == {"required"} for branch in branches):
            yield pointer, f"one of {', '.join(repr(branch['required'][0]) for branch in branches)} is wanted, and only one"
            return
        if isinstance(error.instance, dict) and pointer == "/check":
            chosen = kinds & error.instance.keys()
            if len(chosen) != 1:
                yield pointer, f"a check is one of {', '.join(sorted(kinds))}"
                return
            wanted = chosen.pop()
            for cause in error.context:
                branch = schema_here["oneOf"][cause.schema_path[0]]
                if wanted in branch["required"]:
                    yield from _described(cause)
            return
        yield from _described(max(error.context, key=lambda cause: len(cause.absolute_path)))
        return
    if error.validator == "enum":
        words = [str(each) for each in wanted_value]
        yield pointer, f"{error.instance!r} is not one of {', '.join(words)}{did_you_mean(str(error.instance), words)}"
        return
    if error.validator == "required" and isinstance(error.instance, dict):
        for key in wanted_value:
            if key not in error.instance:
                yield pointer, f"{key!r} is missing"
        return
    yield pointer, error.message[:200]


def _own_faults(value: dict[str, Any], name: str, *, sound: bool) -> Iterator[tuple[str, str]]:
    """What the schema cannot say: family, file name, patterns, assertions; the check is read where it is ``sound``."""
    code, rule_name = value.get("code"), value.get("name")
    file = Path(name).name
    if isinstance(code, str) and isinstance(rule_name, str) and file != f"{code}-{rule_name}.yaml":
        yield "/code", f"the file is called {file}, its rule {code}-{rule_name}"
    if isinstance(code, str) and code.rstrip("0123456789") not in FAMILIES and file == f"{code}-{rule_name}.yaml" and len(code) < 5:
        yield "/code", f"no family has the letters {code.rstrip('0123456789')!r}"
    yield from _help_faults(value.get("help-for"), value.get("scope"))
    check = value.get("check")
    if not sound or not isinstance(check, dict):
        return
    text = check.get("text")
    if isinstance(text, dict):
        yield from _pattern_faults(text)
    if "assert" in check:
        yield from _assertion_faults(check)
    for number, sign in enumerate(check.get("signs", ())):
        if sign not in SIGNS:
            yield f"/check/signs/{number}", f"no sign is called {sign!r}{did_you_mean(sign, list(SIGNS))}"
    for section in check.get("sections", ()):
        if section != "*":
            yield from _section_faults(f"/check/sections/{escape(section)}", section)


def _help_faults(more: object, scope: object) -> Iterator[tuple[str, str]]:
    """Groups that do not exist, and help for cards that a rule does not see."""
    if more is not None and scope == "hub":
        yield "/help-for", "a rule of hub scope is told of cards that are not read again: it has one help for all"
    if isinstance(more, str) and not _help_of(more):
        yield "/help-for", f"no rule that ships has the code {more!r} and sentences of its own under 'help-for'"
    from cardlint.vocab.groups import titles

    for group in more if isinstance(more, dict) else ():
        if group not in titles():
            hint = did_you_mean(str(group), titles()) or f"; known are {', '.join(titles())}"
            yield f"/help-for/{escape(str(group))}", f"no group is called {group!r}{hint}"


def _help_of(code: str) -> dict[str, str]:
    """What a shipped rule says to cards of each group; nothing where there is no such rule, or it names another one itself."""
    file = next((each for each in shipped_files() if each.name.startswith(f"{code}-")), None)
    found = read_yaml(file.read_text(encoding="utf-8")).value.get("help-for") if file is not None else None
    return found if isinstance(found, dict) else {}


def _pattern_faults(text: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("forbid", "require"):
        pattern = text.get(key)
        if isinstance(pattern, str):
            yield from ((f"/check/text/{key}", message) for message in pattern_faults(pattern))


def pattern_faults(pattern: str) -> Iterator[str]:
    """What is wrong with a pattern that is to run over cards in linear time."""
    import re2

    for word in (r"\b", r"\w", r"\W", r"\B"):
        if word in pattern:
            yield f"{word} knows ASCII only; write (?:^|[^\\pL\\pN_]) for a word's edge, [\\pL\\pN_] for a word's letter"
    try:
        re2.compile(pattern)
    except re2.error as error:
        yield f"not an RE2 pattern: {error}"


def _assertion_faults(check: dict[str, Any]) -> Iterator[tuple[str, str]]:
    from cardlint.engine.assertion import compiled, parts_read

    try:
        compiled(check["assert"])
    except FileNotFoundError as error:
        yield "/check/assert", f"no such vocabulary: {error}"
    except ValueError as error:
        yield "/check/assert", f"not a JSON Schema: {str(error).splitlines()[0]}"
    else:
        for part in sorted(parts_read(check).difference(PARTS)):
            yield "/check/assert", f"the facts have no part {part!r}{did_you_mean(part, PARTS)}"
    yield from _name_faults(check)


def _name_faults(check: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Sections and a vocabulary that do not exist."""
    at = check.get("at")
    if isinstance(at, str) and at.startswith("section:"):
        yield from _section_faults("/check/at", at.removeprefix("section:"))
    vocab = check.get("vocab")
    if isinstance(vocab, str):
        try:
            ids(vocab)
        except FileNotFoundError:
            yield "/check/vocab", f"no vocabulary is called {vocab!r}"


def _section_faults(pointer: str, name: str) -> Iterator[tuple[str, str]]:
    known = sorted({name for names in SECTION_NAMES.values() for name in names})
    if name not in known:
        yield pointer, f"no section is called {name!r}{did_you_mean(name, known)}"
