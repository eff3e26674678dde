"""Addresses and commands of a card that reach another repository than the one it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.places import quoted
from cardlint.model import Problem, Range, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

API = Pattern(r"api-inference\.huggingface\.co/(?:models/|(?=[\w.\-]+/auto(?:nlp|train)-))([\w.\-]+/[\w.\-]*\w)")
"""Addresses of the inference API, and the model that each calls."""
_VIEWER = Pattern(r"huggingface\.co/exbert/?\?(?:[^\s\"')<>]{0,200}&)?model=([\w./+-]*\w)")
CALLS = frozenset({"from_pretrained", "pipeline", "SentenceTransformer", "CrossEncoder", "load_model", "model"})
"""What code calls with a model's id or name, and with nothing else."""
_RL_ZOO = Pattern(r"load_from_hub\s+--algo\s+(\S+)\s+--env\s+(\S+)\s+-orga\s+(\S+)")
_CLONE = Pattern(
    r"git clone\s+(?:--?\S+\s+){0,4}https?://[\w.\-]+/(?:[\w.\-]+/){0,3}([\w.\-]+?)(?:\.git)?[ \t]*\r?\n"
    r"(?:[^\n]*\n){0,2}?[ \t$!%]*cd[ \t]+([\w.\-]+)"
)


def api_address(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """An address of the inference API that calls another model, or of a viewer that shows one."""
    own = str(facts["id"]).lower()
    here = f"This repository is '{facts['id']}'."
    shown = list(_VIEWER.finditer(card.text, card.front_matter.end)) if "/exbert/" in card.text else []
    if shown and not any(match.group(1).lower() in (own, own.rpartition("/")[2]) for match in shown):
        name = shown[0].group(1)
        yield Problem(Range(*shown[0].span(1)), f"the address shows {quoted(name)}, not this model", help=here, value=name)
    called = list(API.finditer(card.text, card.front_matter.end))
    if called and not any(match.group(1).lower() == own for match in called):
        name = called[0].group(1)
        message = f"the address calls {quoted(name)}, not this model"
        loads = [load for load in card.claims.code_loads if load.value == name and load.detail in CALLS]
        related = tuple(Related(load, "the code loads it too") for load in loads[:5])
        yield Problem(Range(*called[0].span(1)), message, help=here, value=name, related=related)


def rl_zoo_command(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A download command of RL Zoo whose algorithm, environment and owner name another repository."""
    for match in _RL_ZOO.finditer(card.text):
        algorithm, environment, owner = match.groups()
        asked = f"{owner}/{algorithm}-{environment}"
        if asked.lower() != str(facts["id"]).lower():
            here = f"This repository is '{facts['id']}'."
            yield Problem(Range(*match.span()), f"the command downloads {quoted(asked)}, not this model", help=here, value=asked)
            return


def clone_folder(card: Card) -> Iterator[Problem]:
    """A clone of one repository followed by a change into a folder of another name."""
    for match in _CLONE.finditer(card.text):
        name, folder = match.groups()
        if folder.rstrip("/") != name:
            place = Range(*match.span(2))
            yield Problem(place, f"the clone is a folder '{name}', the next command enters '{folder}'", value=folder)
            return
