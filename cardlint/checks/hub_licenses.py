"""Licences along the lineage: restrictions that a base or a dataset lays on what is made from it, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.checks.hub_lineage import outside
from cardlint.hub import compatibility, licenses
from cardlint.model import NotChecked, Problem
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT = "/metadata/license"
_FIRST = ("no-derivatives", "non-commercial", "use-restrictions", "share-alike", "same-license")
"""Of several restrictions that are dropped, the one whose rule speaks."""
_SHOWN = 3
_LLAMA_NAME = Pattern(r"(?i)llama")


class _Conflict(NamedTuple):
    """An ancestor whose terms the model's licence does not keep."""

    ancestor: dict[str, Any]
    verdict: compatibility.Verdict
    kind: str


def _terms(repo: dict[str, Any]) -> list[str]:
    """The licences of a repository; an agreement that the hub has no id for by its name."""
    return licenses.named(repo["licenses"], repo["license_name"])


def _conflicts(hub: dict[str, Any]) -> Iterator[_Conflict]:
    """The nearest ancestor for each licence whose terms are dropped."""
    own = hub["self"]
    if not own["licenses"]:
        return
    seen: set[tuple[str, ...]] = set()
    for ancestor in hub["ancestors"]:
        terms = tuple(_terms(ancestor))
        if not terms or terms in seen:
            continue
        verdict = compatibility.verdict(terms, _terms(own), _relation(ancestor["path_kinds"]), same_owner=_owner(own) == _owner(ancestor))
        if verdict.state == "conflict" and verdict.lost:
            seen.add(terms)
            lost = {duty.kind for duty in verdict.lost}
            yield _Conflict(ancestor, verdict, next(kind for kind in _FIRST if kind in lost))


def _relation(kinds: list[str | None]) -> str | None:
    """How a model comes from an ancestor; a step that is an adapter leaves open what an ancestor's licence reaches."""
    told = [kind for kind in kinds if kind]
    if "adapter" in told:
        return "adapter"
    if told and len(told) == len(kinds) and set(told) == {"quantized"}:
        return "quantized"
    return next((kind for kind in told if kind != "quantized"), None)


def _owner(repo: dict[str, Any]) -> str:
    """Who owns a repository; those of a hub's first years name nobody, and may belong together."""
    return str(repo["id"]).rpartition("/")[0].lower()


def _merged(hub: dict[str, Any]) -> bool:
    return len([ancestor for ancestor in hub["ancestors"] if ancestor["hops"] == 1]) > 1


def where(ancestor: dict[str, Any]) -> str:
    """An ancestor and the way to it, with the licences on it."""
    if ancestor["hops"] == 1:
        return f"base model '{ancestor['id']}'"
    steps = [
        f"'{name}' ({terms or 'no licence'})" for name, terms in zip(ancestor["path"][:-1], ancestor["path_licenses"][:-1], strict=True)
    ]
    shown = steps if len(steps) <= _SHOWN else [*steps[:_SHOWN], "…"]
    return f"'{ancestor['id']}', {ancestor['hops']} hops up by way of {', '.join(shown)}"


def _dropped(hub: dict[str, Any], kind: str) -> Iterator[Problem | NotChecked]:
    yield from outside(hub)
    if _merged(hub):
        return
    for found in _conflicts(hub):
        if found.kind == kind:
            yield _problem(found)


def _problem(found: _Conflict) -> Problem:
    message = f"{found.verdict.reason}: {where(found.ancestor)}"
    terms = _terms(found.ancestor)
    about = licenses.terms_of(terms)
    return Problem(_AT, message, help=f"See {found.verdict.source}.", value=f"{found.ancestor['id']} {terms}", about=about)


def agreement(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """An agreement that goes with every derivative, replaced by another licence."""
    return _dropped(hub, "same-license")


def non_commercial(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """Commercial use granted that a base forbids."""
    return _dropped(hub, "non-commercial")


def no_derivatives(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A derivative of a work that allows none to be shared."""
    return _dropped(hub, "no-derivatives")


def share_alike(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """Another licence than a base wants for derivatives."""
    return _dropped(hub, "share-alike")


def use_restrictions(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """Restrictions of use that a base wants passed on, and are not."""
    return _dropped(hub, "use-restrictions")


def merge(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A merge whose licence drops terms of one of its parents or of theirs: the duties of all of them add up."""
    if not _merged(hub):
        return
    yield from outside(hub)
    found = list(_conflicts(hub))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        first = _problem(found[0])
        yield first._replace(message=f"{first.message}{more}", help=f"{first.help}{_what_keeps_all(hub['ancestors'])}")


def _what_keeps_all(ancestors: list[dict[str, Any]]) -> str:
    """The licence of a model above that keeps the terms of all of them, or that none can; nothing where neither is known."""
    if not all(len(each["licenses"]) == 1 for each in ancestors):
        return ""
    named = [_terms(each)[0] for each in ancestors]
    union = compatibility.union(named)
    if union.state == "conflict":
        return f" N{union.reason[1:]}."  # "no licence keeps both …"
    keeping = next((each for each in named if licenses.resolve(each) in union.into), None)
    return f" {keeping} would keep the terms of every one of them." if keeping else ""


def base_in_text(hub: dict[str, Any]) -> Iterator[Problem]:
    """Terms dropped of the one base that the text alone names by its id: lineage is not walked on prose."""
    own = hub["self"]
    named = [each for each in hub["base_models"] if each["evidence"] != ["config"] and not each["own"]]
    if len(named) != 1 or named[0]["evidence"] != ["prose"] or not own["licenses"]:
        return
    base = named[0]
    if not (base["read"] and base["kind"] and "/" in base["written"] and base["licenses"]):
        return
    terms = _terms(base)
    found = compatibility.verdict(terms, _terms(own), base["kind"], same_owner=_owner(own) == _owner(base))
    if found.state == "conflict" and found.lost:
        message = f"{found.reason}: made from '{base['id']}' by the text"
        yield Problem(_AT, message, help=f"See {found.source}.", value=f"{base['id']} {terms}", about=licenses.terms_of(terms))


def base_unlicensed(hub: dict[str, Any]) -> Iterator[Problem]:
    """A licence given to what was made from a model that declares none."""
    own = hub["self"]
    for base in hub["base_models"]:
        silent = base["read"] and base["metadata"] and base["body"] and not base["documents_license"]
        if own["licenses"] and silent and "metadata" in base["evidence"] and _owner(own) != _owner(base):
            message = f"license is '{own['licenses'][0]}', but base model '{base['id']}' declares none"
            yield Problem(base["at"], message, value=base["id"])


def unlicensed(hub: dict[str, Any]) -> Iterator[Problem]:
    """No licence declared where a base has terms that hold for what is made from it."""
    own = hub["self"]
    if own["licenses"] or own["license_name"]:
        return
    for ancestor in hub["ancestors"]:
        duties = [duty for each in _terms(ancestor) for duty in licenses.duties(each) if duty.kind in _FIRST]
        if duties and "adapter" not in ancestor["path_kinds"] and _owner(own) != _owner(ancestor):
            terms = " + ".join(_terms(ancestor))
            yield Problem(_AT, f"no license is declared, but the terms of {terms} hold: {where(ancestor)}", value=ancestor["id"])
            return


# What Llama agreements want of a card.


def _llama(hub: dict[str, Any], kind: str) -> tuple[dict[str, Any], licenses.Duty] | None:
    """The nearest ancestor with a duty, where the model's own licence does not say it already: rules on the card tell of those."""
    own = hub["self"]
    if any(duty.kind == kind for each in own["licenses"] for duty in licenses.duties(each)):
        return None
    for ancestor in hub["ancestors"]:
        if len(ancestor["licenses"]) == 1 and _owner(own) != _owner(ancestor):
            duty = next((duty for duty in licenses.duties(ancestor["licenses"][0]) if duty.kind == kind), None)
            if duty is not None:
                return ancestor, duty
    return None


def llama_name(hub: dict[str, Any]) -> Iterator[Problem]:
    """A model made from one whose agreement wants its name at the front of the new one."""
    found = _llama(hub, "naming")
    own = hub["self"]["id"]
    name = own.rpartition("/")[2]
    if found and own and not _LLAMA_NAME.match(name):
        ancestor, duty = found
        message = f"'{name}' does not begin with 'Llama', as {ancestor['licenses'][0]} wants: {where(ancestor)}"
        yield Problem("/id", message, help=f"See {duty.source}.", value=ancestor["id"])


def llama_sentence(hub: dict[str, Any]) -> Iterator[Problem]:
    """A card without the sentence that the agreement of a base wants."""
    found = _llama(hub, "built-with")
    if found and "built-with" not in hub["self"]["says"]:
        ancestor, duty = found
        message = f"the card does not say 'Built with Llama', as {ancestor['licenses'][0]} wants: {where(ancestor)}"
        yield Problem(_AT, message, help=f"See {duty.source}.", value=ancestor["id"])


def notice_file(hub: dict[str, Any]) -> Iterator[Problem]:
    """Files passed on without the notice that the agreement of a base wants beside them."""
    own = hub["self"]
    found = _llama(hub, "notice-file")
    if found and not {"notice", "agreement"} & set(own["says"]):
        ancestor, duty = found
        message = f"there is no notice file, as {ancestor['licenses'][0]} wants: {where(ancestor)}"
        yield Problem(_AT, message, help=f"See {duty.source}.", value=ancestor["id"])


# Data.


def trained_on(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A model for commercial use from data that is not for it."""
    own = hub["self"]
    if len(own["licenses"]) != 1 or licenses.permits(own["licenses"][0], "commercial") != "yes":
        return
    for dataset in hub["datasets"]:
        if not dataset["read"]:
            if not dataset["own"] and dataset["state"] != "absent":
                yield NotChecked(f"'{dataset['id']}' lies outside this mirror")
        elif (
            _owner(own) != _owner(dataset)
            and dataset["licenses"]
            and all(licenses.permits(each, "commercial") == "no" for each in dataset["licenses"])
        ):
            terms = " + ".join(dataset["licenses"])
            yield Problem(
                dataset["at"], f"license is '{own['licenses'][0]}', trained on '{dataset['id']}' under {terms}", value=dataset["id"]
            )


def derived_data(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A dataset made from another one, under a licence that drops its terms."""
    own = hub["self"]
    for source in hub["datasets"]:
        if not source["read"]:
            if not source["own"] and source["state"] != "absent":
                yield NotChecked(f"'{source['id']}' lies outside this mirror")
            continue
        verdict = compatibility.verdict(source["licenses"], own["licenses"], "derived-dataset", same_owner=_owner(own) == _owner(source))
        if verdict.state == "conflict":
            message = f"{verdict.reason}: source '{source['id']}'"
            yield Problem(_AT, message, help=f"See {verdict.source}.", value=source["id"])


def data_unlicensed(hub: dict[str, Any]) -> Iterator[Problem]:
    """A model under a licence, from data that declares none."""
    own = hub["self"]
    for dataset in hub["datasets"]:
        silent = dataset["read"] and dataset["metadata"] and dataset["body"] and not dataset["documents_license"]
        if own["licenses"] and silent and _owner(own) != _owner(dataset):
            message = f"license is '{own['licenses'][0]}', but dataset '{dataset['id']}' declares none"
            yield Problem(dataset["at"], message, value=dataset["id"])
