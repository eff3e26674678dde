"""The documentation score: how much of what a reader must know a card answers, always with its derivation.

A card earns, for each part of a policy, the part's weight times the share of its best evidence: a section of the card, by its
status, or a list that the front matter declares. The score is the sum, out of the sum of the weights. It speaks of what is
documented, never of whether a model is good. Policies are data: ``schemas/vocab/documentation_score.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.data import vocabulary
from cardlint.engine.place import clean
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cardlint.model import Kind

DECLARED = ("licenses", "languages", "datasets", "base_models")
"""The lists of the facts' ``declared`` that evidence may name; an audit's table of repositories holds the same."""


class Part(NamedTuple):
    """One part of a score: at most ``weight`` points, of which it got ``got``, and why in words."""

    name: str
    weight: float
    got: float
    why: str


class Score(NamedTuple):
    """``value`` points out of ``of``, and the parts that they are the sum of."""

    value: float
    of: float
    parts: tuple[Part, ...]


class _Evidence(NamedTuple):
    share: float
    why: str


def score(
    kind: Kind,
    sections: Mapping[str, tuple[str, str]],
    declared: Mapping[str, Sequence[str]],
    policy: str = "default",
) -> Score:
    """The documentation score of one card.

    Args:
        kind: What kind of repository it is.
        sections: Status and documented by section, as the facts have them; empty where there is no card.
        declared: The lists of `DECLARED`; those that are missing count as empty.
        policy: The name of a policy.

    Raises:
        CardlintError: there is no such policy.
    """
    data = vocabulary("documentation_score")
    if policy not in data["policies"]:
        raise CardlintError(f"no score policy {policy!r}; there are {', '.join(sorted(data['policies']))}")
    chosen = data["policies"][policy]
    parts = []
    for part in chosen["parts"][kind]:
        best = _Evidence(0, "absent")
        for evidence in part["any"]:
            source, _, name = evidence.partition(":")
            if source == "declared":
                hollow = data["hollow"].get(name, ())
                found = _listed(name, [each for each in declared.get(name, ()) if each.strip().lower() not in hollow], chosen["shares"])
            else:
                elsewhere = ("metadata", "files") if source == "section" else ("files",)
                found = _section(*sections.get(name, ("absent", "none")), elsewhere, chosen["shares"])
            if found.share > best.share or (best.why == "absent" and found.share == best.share):
                best = found
        parts.append(Part(part["name"], part["weight"], part["weight"] * best.share, best.why))
    return Score(sum(part.got for part in parts), sum(part.weight for part in parts), tuple(parts))


def score_of_facts(facts: Mapping[str, Any]) -> Score:
    """The score of a facts document (`cardlint show`)."""
    sections = {name: (section["status"], section["documented"]) for name, section in facts["sections"].items()}
    return score(facts["card"]["kind"], sections, facts["declared"])


def score_of_row(row: Mapping[str, Any]) -> Score:
    """The score of a row of an audit's table of repositories."""
    sections = {each["name"]: (each["status"], each["documented"]) for each in row["sections"] or ()}
    return score(row["kind"], sections, {name: row[name] or () for name in DECLARED})


def score_record(value: Score) -> dict[str, Any]:
    """A score as JSON: value, of, and parts with name, weight, got and why."""
    return {"value": value.value, "of": value.of, "parts": [part._asdict() for part in value.parts]}


def score_lines(value: Score) -> list[str]:
    """A score for a person: the sum, then its parts."""
    parts = [f"  {part.got:>4g} of {part.weight:<3g} {part.name:24} {part.why}" for part in value.parts]
    return [f"documentation score {value.value:g} of {value.of:g}", *parts]


def _section(status: str, documented: str, elsewhere: Sequence[str], shares: Mapping[str, float]) -> _Evidence:
    """What a section earns: by its text, or by what answers it ``elsewhere`` where the text says less."""
    by_text = _Evidence(shares[status], _STATUS_WORDS[status])
    if documented in elsewhere and shares[documented] > by_text.share:
        return _Evidence(shares[documented], f"answered by the {documented}")
    return by_text


def _listed(name: str, values: Sequence[str], shares: Mapping[str, float]) -> _Evidence:
    """What a declared list earns: all of it where it names anything."""
    if not values:
        return _Evidence(0, "absent")
    more = f" and {len(values) - 1} more" if len(values) > 1 else ""
    return _Evidence(shares["declared"], f"declared {name.replace('_', ' ')}: {clean(values[0])}{more}")


_STATUS_WORDS = {
    "substantive": "substantive in the text",
    "thin": "thin: a few words or boilerplate",
    "placeholder": "only a placeholder",
    "absent": "absent",
}
