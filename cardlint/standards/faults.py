"""What the schema of standard files cannot say: pointers lead into the facts, rules exist, patterns run, ids are used once."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint.card.claims import Claims
from cardlint.card.sections.types import SECTION_NAMES
from cardlint.card.yamlreader import read_yaml
from cardlint.data import folder, schema
from cardlint.engine.loader import pattern_faults
from cardlint.engine.select import resolve
from cardlint.facts.repo import repo_facts
from cardlint.model import CardlintError
from cardlint.repo.repo import Repo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.engine.rule import Rule

Fault = tuple[str, str]
_WAYS = ("use", "at", "text", "file", "any")


@cache
def _repo_parts() -> tuple[str, ...]:
    """The parts of the facts on a repository, as those of an empty one."""
    return tuple(repo_facts(Repo((), None), None, None))


@cache
def shared_evidence() -> dict[str, Any]:
    """The evidence that standards name by ``use``: demands by name, of ``rules/evidence.yaml``."""
    read: dict[str, Any] = read_yaml(folder("rules").joinpath("evidence.yaml").read_text(encoding="utf-8")).value
    return read


def own_faults(value: dict[str, Any], rules: Sequence[Rule]) -> Iterator[Fault]:
    """Faults as pointer and message; the value fits the schema."""
    ids = [control["id"] for control in value["controls"]]
    for index, control in enumerate(value["controls"]):
        at = f"/controls/{index}"
        if control["id"] in ids[:index]:
            yield f"{at}/id", f"the control {control['id']!r} is there twice"
        for number, code in enumerate(control.get("rules", ())):
            yield from _rule_fault(code, rules, f"{at}/rules/{number}")
        for number, demand in enumerate(control.get("evidence", ())):
            yield from demand_faults(demand, f"{at}/evidence/{number}")
        if "applies" in control:
            yield from _schema_fault(control["applies"]["assert"], f"{at}/applies/assert")
            for part in control["applies"]["assert"].get("properties", {}):
                yield from _known(part, schema("facts")["properties"], f"{at}/applies/assert", "part of the facts")
    if value.get("changes") and not value.get("extends"):
        yield "/changes", "there is nothing to change: this standard extends no other"


def _rule_fault(code: str, rules: Sequence[Rule], at: str) -> Iterator[Fault]:
    try:
        named = resolve(code, rules)
    except CardlintError as error:
        yield at, str(error)
        return
    if len(named) != 1 or code not in (named[0].code, named[0].name):
        yield at, f"{code!r} names {len(named)} rules; a control names each of its rules"


def demand_faults(demand: str | dict[str, Any], at: str) -> Iterator[Fault]:
    """What is wrong with one demand."""
    if isinstance(demand, str):
        yield from pointer_faults(demand, at)
        return
    ways = [way for way in _WAYS if way in demand]
    if len(ways) != 1:
        yield at, f"one of {', '.join(_WAYS)} is wanted, and only one"
        return
    if "words" in demand and "use" not in demand and not demand.get("at", "").startswith("/sections/"):
        yield f"{at}/words", "only a section has words"
    if "use" in demand:
        yield from _known(demand["use"], shared_evidence(), f"{at}/use", "evidence")
    if "at" in demand:
        yield from pointer_faults(demand["at"], f"{at}/at")
    for key in ("text", "unless"):
        if key in demand:
            yield from ((f"{at}/{key}", message) for message in pattern_faults(demand[key]))
    if "where" in demand:
        yield from _schema_fault(demand["where"], f"{at}/where")
    for number, option in enumerate(demand.get("any", ())):
        yield from demand_faults(option, f"{at}/any/{number}")


def pointer_faults(pointer: str, at: str) -> Iterator[Fault]:
    """Whether a pointer leads to a place that the schema of the facts has."""
    steps = pointer.split("/")[1:]
    parts = schema("facts")["properties"]
    unknown = list(_known(steps[0], parts, at, "part of the facts"))
    yield from unknown
    if unknown or len(steps) < 2:
        return
    known: Sequence[str] = ()
    if steps[0] == "sections":
        known = sorted({name for names in SECTION_NAMES.values() for name in names})
    elif steps[0] == "claims":
        known = Claims.names()
    elif steps[0] == "repo":
        known = _repo_parts()
    elif steps[0] == "hub":
        known = next(list(each["properties"]) for each in parts["hub"]["oneOf"] if "properties" in each)
    elif steps[0] in ("declared", "card", "front_matter"):
        known = list(parts[steps[0]]["properties"])
    elif steps[0] == "metadata":
        return
    else:
        yield at, f"a control may point at /{steps[0]}, and no deeper"
        return
    yield from _known(steps[1], known, at, f"member of /{steps[0]}")


def _known(word: str, known: Any, at: str, what: str) -> Iterator[Fault]:
    if word not in known:
        near = get_close_matches(word, list(known), n=1)
        yield at, f"no {what} is called {word!r}" + (f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}")


def _schema_fault(value: dict[str, Any], at: str) -> Iterator[Fault]:
    import jsonschema_rs

    from cardlint.engine.assertion import with_vocabularies

    try:
        jsonschema_rs.validator_for(with_vocabularies(value))
    except FileNotFoundError as error:
        yield at, f"no such vocabulary: {error}"
    except ValueError as error:
        yield at, f"not a JSON Schema: {str(error).splitlines()[0]}"
