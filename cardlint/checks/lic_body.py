"""Licences in the body against the front matter: another one, another version, one that the front matter lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.checks.lic_names import Reading, read, same_terms, same_version
from cardlint.checks.lic_said import Said, said
from cardlint.checks.values import addition, replacement, texts
from cardlint.model import Problem, Related
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card


def is_unknown(text: str) -> bool:
    """Whether a licence is declared as unknown."""
    return text == "unknown"


def is_other(text: str) -> bool:
    """Whether a licence is declared as other."""
    return text == "other"


def is_comparable(text: str) -> bool:
    """Whether a declared licence can be compared with names in the body."""
    return licenses.known(text.lower()) and read(text) is not None


def _declared(card: Card) -> dict[str, Reading]:
    """The declared ids with their readings; empty where one of them cannot be compared (``other``, an unknown id)."""
    found: dict[str, Reading] = {}
    for _, value in texts(card, "license"):
        reading = read(value)
        if reading is None or not licenses.known(value.lower()):
            return {}
        found[value] = reading
    return found


def contradiction(card: Card) -> Iterator[Problem]:
    """A body that names another licence than the front matter, and never the declared one, or that only for the code."""
    declared = _declared(card)
    if not declared:
        return
    every = card.once(said)
    same = [each for each in every if each.reading and any(same_terms(each.reading, own) for own in declared.values())]
    if same:
        if card.kind == "model" and all(each.part == "code" for each in same):
            weights = [each for each in every if each.reading and each.part == "weights"]
            if weights and len({each.reading for each in weights}) == 1:
                yield _against(weights[0], next(iter(declared)), " for the weights")
        return
    others = [each for each in every if each.own and each.reading]
    if others and len({each.reading for each in others}) == 1:  # several are the licences of parts
        yield _against(others[0], next(iter(declared)))


def version(card: Card) -> Iterator[Problem]:
    """A body that names the declared licence in another version."""
    declared = _declared(card)
    if not declared:
        return
    every = [each for each in card.once(said) if each.reading and any(same_terms(each.reading, own) for own in declared.values())]
    for each in every:
        if each.reading and any(same_version(each.reading, own) for own in declared.values() if same_terms(each.reading, own)):
            return
    others = [each for each in every if each.own]
    if others:
        yield _against(others[0], next(iter(declared)))


def _against(other: Said, declared: str, of: str = "") -> Problem:
    name = " ".join(other.claim.value.split())
    related = (Related("/metadata/license", f"license is '{declared}'"),)
    message = f"body names '{name}'{of} but license is '{declared}'"
    return Problem(other.claim, message, value=f"{name} {declared}", related=related)


def only_in_body(card: Card) -> Iterator[Problem]:
    """A licence that stands in the body and not in the front matter."""
    if card.front_matter.status != "ok" or any(value.strip() for _, value in texts(card, "license")):
        return
    if "license" in card.front_matter.metadata and card.front_matter.metadata["license"] is None:
        return
    for each in card.once(said):
        if not each.own or not (each.reading or "licen" in each.claim.value.lower()):
            continue
        near = licenses.near(each.claim.value)
        sure = near.sure and len(near.ids) == 1
        fix = addition(card, "license", near.ids) if sure else None
        yield Problem(
            each.claim,
            f"'{each.claim.value.strip()}' is named in the body but license is not given in the front matter",
            help=f"Write `license: {near.ids[0]}` there." if sure else None,
            value=each.claim.value,
            fix=fix,
            about="license",
        )
        return
    section = card.sections.get("license")
    if section is not None and section.heading and section.status in ("thin", "substantive"):
        message = "the body has a section on the licence, and none is given in the front matter"
        advice = "write `license:` with an id of the hub's list; where none fits, `license: other` with `license_name` and `license_link`"
        yield Problem("section:license", message, help=advice, about="license")


def unknown_though_named(card: Card) -> Iterator[Problem]:
    """``license: unknown`` in a card whose body names one licence of the hub's list."""
    if [value for _, value in texts(card, "license")] == ["unknown"]:
        found = _only_one(card)
        if found:
            name, identifier = found.claim.value.strip(), licenses.near(found.claim.value).ids[0]
            fix = replacement(card, "/metadata/license", identifier, safe=False)
            related = (Related("/metadata/license", "license is 'unknown'"),)
            yield Problem(
                found.claim,
                f"body names '{name}' but license is 'unknown'",
                help=f"Write `license: {identifier}`.",
                fix=fix,
                related=related,
            )


def unknown_and_unnamed(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """``license: unknown`` where the body says nothing on the licence either."""
    values = list(texts(card, "license"))
    if (
        [value for _, value in values] == ["unknown"]
        and facts["sections"].get("license", {}).get("documented") != "body"
        and not _only_one(card)
    ):
        yield Problem(values[0][0], "license is 'unknown': nobody may rely on this", value="unknown")


def other_though_listed(card: Card) -> Iterator[Problem]:
    """``license: other`` where name or body say a licence that is on the hub's list."""
    values = list(texts(card, "license"))
    if [value for _, value in values] != ["other"]:
        return
    names = list(texts(card, "license_name"))
    for at, value in names:
        near = licenses.near(value)
        if near.sure and len(near.ids) == 1 and near.ids[0] not in ("other", "unknown"):
            yield Problem(
                at, f"license_name '{value}' is on the hub's list: '{near.ids[0]}'", help=f"Write `license: {near.ids[0]}`.", value=value
            )
    if not names and "license_link" not in card.front_matter.metadata:
        found = _only_one(card)
        if found:
            name, identifier = found.claim.value.strip(), licenses.near(found.claim.value).ids[0]
            related = (Related("/metadata/license", "license is 'other'"),)
            yield Problem(
                found.claim, f"body names '{name}', which is '{identifier}', but license is 'other'", value=identifier, related=related
            )


def license_told(card: Card) -> str | None:
    """The id of the one licence that the body names, where it is surely one of the list."""
    found = _only_one(card)
    return licenses.near(found.claim.value).ids[0] if found else None


def _only_one(card: Card) -> Said | None:
    """The one licence that the body names, where it is surely an id of the list."""
    every = card.once(said)
    if len({each.reading for each in every}) != 1 or not every[0].own:
        return None
    near = licenses.near(every[0].claim.value)
    return every[0] if near.sure and len(near.ids) == 1 and near.ids[0] not in ("other", "unknown") else None
