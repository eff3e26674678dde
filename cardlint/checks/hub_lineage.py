"""Other repositories that a card names: whether they exist, what they are, and whether the lineage makes sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.hub.names import key
from cardlint.model import NotChecked, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT = "/metadata/base_model"
_FILES = {"adapter": "adapter_config.json", "merge": "the merge's configuration", "gguf": "the header of a GGUF file"}
_SURE = frozenset({"metadata", "adapter", "merge", "gguf"})
_TEXT = frozenset({"trainer", "prose"})
_MIXED = frozenset({"mixtral", "qwen2_moe", "llava", "encoder-decoder"})
"""Model types that are put together from models of other types."""
_SAME_RESULTS = 3


def outside(hub: dict[str, Any]) -> Iterator[NotChecked]:
    """What keeps a lineage from being known: its nearest member that is not at hand."""
    for ancestor in hub["ancestors"]:
        if not ancestor["read"] and ancestor["state"] != "absent":
            yield NotChecked(f"'{ancestor['id']}' lies outside this mirror")
            return


def _declared(hub: dict[str, Any], part: str = "base_models") -> Iterator[dict[str, Any]]:
    """What the front matter names; the repository itself left out."""
    return (each for each in hub[part] if "metadata" in each["evidence"] and not each["own"])


def _existing(hub: dict[str, Any], part: str, what: str) -> Iterator[Problem | NotChecked]:
    for each in _declared(hub, part):
        if each["other_kind"] is not None:
            continue
        if each["state"] == "absent":
            yield Problem(each["at"], f"{what} '{each['written']}' is not on the hub", value=each["written"])
        elif each["state"] == "unknown":
            yield NotChecked(f"'{each['written']}' lies outside this mirror")


def base_exists(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A base model that does not exist."""
    return _existing(hub, "base_models", "base model")


def dataset_exists(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A dataset that does not exist."""
    return _existing(hub, "datasets", "dataset")


def new_version_exists(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A new version that does not exist."""
    return _existing(hub, "new_versions", "new version")


def base_is_dataset(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A dataset where a model is wanted."""
    return _of_other_kind(hub, "base_models", "base model", "dataset")


def dataset_is_model(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A model where a dataset is wanted."""
    return _of_other_kind(hub, "datasets", "dataset", "model")


def _of_other_kind(hub: dict[str, Any], part: str, what: str, other: str) -> Iterator[Problem | NotChecked]:
    """What is there as another kind alone: a model and a dataset may share an id, and a mirror may hold one of them."""
    for each in _declared(hub, part):
        if each["other_kind"] == other:
            yield Problem(each["at"], f"{what} '{each['written']}' is a {other}", value=each["written"])
        elif each["state"] == "unknown":
            yield NotChecked(f"'{each['written']}' lies outside this mirror")


def file_base_exists(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A base that only files name, and that does not exist."""
    for each in hub["base_models"]:
        file = next((_FILES[name] for name in each["evidence"] if name in _FILES), None)
        if file is None or "metadata" in each["evidence"] or each["own"]:
            continue
        if each["state"] == "absent":
            yield Problem(each["at"], f"{file} names '{each['written']}', which is not on the hub", value=each["written"])
        elif each["state"] == "unknown":
            yield NotChecked(f"'{each['written']}' lies outside this mirror")


def cycle(hub: dict[str, Any]) -> Iterator[Problem]:
    """A model among its own ancestors, or its own base under another name."""
    circle, own = hub["cycle"], hub["self"]["id"]
    if len(circle) > 1:
        steps = " ← ".join([own, *circle])
        yield Problem(_AT, f"the model is among its own ancestors: {steps}", value=own)
    elif circle:
        written = next(each["written"] for each in hub["base_models"] if each["own"])
        if written.lower() != own.lower():
            yield Problem(_AT, f"base model '{written}' is this model itself, by an earlier name", value=own)


def new_version_cycle(hub: dict[str, Any]) -> Iterator[Problem]:
    """Two models each of which calls the other its new version."""
    own = hub["self"]["id"]
    for each in _declared(hub, "new_versions"):
        if key("model", own) in {key("model", name) for name in each["superseded_by"]}:
            message = f"new version '{each['written']}' names this model as its own new version"
            yield Problem(each["at"], message, value=each["written"])


def base_superseded(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base that its owner has replaced."""
    own = key("model", hub["self"]["id"])
    for each in _declared(hub):
        newer = [name for name in each["superseded_by"] if key("model", name) != own]
        if newer:
            yield Problem(each["at"], f"base model '{each['id']}' is superseded by '{newer[0]}'", value=each["id"])


def _renamed(hub: dict[str, Any], part: str, what: str) -> Iterator[Problem]:
    for each in _declared(hub, part):
        if each["read"] and each["id"].lower() != each["written"].lower() and "/" not in each["written"] and "/" in each["id"]:
            yield Problem(each["at"], f"{what} '{each['written']}' is called '{each['id']}' now", value=each["written"])


def base_renamed(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base by a name that it had once."""
    return _renamed(hub, "base_models", "base model")


def dataset_renamed(hub: dict[str, Any]) -> Iterator[Problem]:
    """A dataset by a name that it had once."""
    return _renamed(hub, "datasets", "dataset")


def base_case(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base in other capitals than its own."""
    for each in _declared(hub):
        if each["read"] and each["id"] != each["written"] and each["id"].lower() == each["written"].lower():
            yield Problem(each["at"], f"base model '{each['written']}' is written '{each['id']}' on the hub", value=each["written"])


def base_undeclared(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base that the text names and the hub has, where neither front matter nor files name any."""
    bases = hub["base_models"]
    if any(_SURE.intersection(each["evidence"]) for each in bases):
        return
    for each in bases:
        sure = "trainer" in each["evidence"] or ("prose" in each["evidence"] and "/" in each["written"])
        if sure and each["read"] and not each["own"] and each["kind"]:
            yield Problem(
                each["at"], f"made from '{each['id']}' by the text, but base_model is not given", value=each["id"], about="base_model"
            )
            return


def base_differs(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base in the text that is neither the declared one nor related to it."""
    declared = list(_declared(hub))
    if not declared or not hub["whole"]:
        return
    known = {each["id"].lower() for each in (*declared, *hub["ancestors"])}
    for each in hub["base_models"]:
        if not _TEXT.issuperset(each["evidence"]) or not each["read"] or not each["kind"] or each["id"].lower() in known or each["own"]:
            continue
        if not any(key("model", one["id"]) in each["parents"] for one in declared):
            message = f"the text says it was made from '{each['id']}', base_model is '{declared[0]['written']}'"
            yield Problem(each["at"], message, value=each["id"])
            return


def base_redundant(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base listed beside the model that was made from it: hubs take two bases for a merge."""
    declared = list(_declared(hub))
    if hub["self"]["relation"] == "merge" or any("merge" in each["evidence"] for each in hub["base_models"]):
        return
    for each in declared:
        other = next((one for one in declared if one is not each and key("model", each["id"]) in one["parents"]), None)
        if other is not None:
            yield Problem(each["at"], f"base_model lists '{each['id']}' and '{other['id']}', which was made from it", value=each["id"])
            return


def base_gated(hub: dict[str, Any]) -> Iterator[Problem]:
    """A model that anyone may take, from a base behind terms."""
    if hub["self"]["gated"]:
        return
    for each in _declared(hub):
        if each["gated"]:
            yield Problem(each["at"], f"base model '{each['id']}' is gated, this model is not", value=each["id"])
            return


def adapter_of_adapter(hub: dict[str, Any]) -> Iterator[Problem]:
    """An adapter whose declared base is an adapter too."""
    for each in _declared(hub):
        if hub["self"]["adapter"] and each["adapter"]:
            yield Problem(each["at"], f"base model '{each['id']}' is itself an adapter", value=each["id"])


def copy_languages(hub: dict[str, Any]) -> Iterator[Problem]:
    """A quantised copy that claims languages which the model it copies does not."""
    own = set(hub["self"]["languages"])
    for each in _declared(hub):
        theirs = set(each["languages"])
        if each["kind"] == "quantized" and own and theirs and not theirs & {"multilingual", "mul"} and own - theirs:
            claimed = ", ".join(f"'{language}'" for language in sorted(own - theirs))
            yield Problem("/metadata/language", f"a quantized copy of '{each['id']}', which does not claim {claimed}", value=each["id"])


def merge_types(hub: dict[str, Any]) -> Iterator[Problem]:
    """A merge of weights that cannot be merged."""
    parents = [each for each in hub["base_models"] if "merge" in each["evidence"]]
    types = {each["model_type"]: each["id"] for each in parents if each["model_type"]}
    if len(types) > 1 and not _MIXED & types.keys():
        shown = ", ".join(f"'{name}' ({kind})" for kind, name in sorted(types.items())[:3])
        yield Problem(parents[0]["at"], f"the merged models are of different types: {shown}", value=shown)


def base_packed(hub: dict[str, Any]) -> Iterator[Problem]:
    """A base that holds nothing that could be trained on."""
    for each in _declared(hub):
        if each["kind"] in ("finetune", "adapter", "merge") and each["formats"] == ["gguf"]:
            yield Problem(each["at"], f"base model '{each['id']}' holds GGUF files only, which cannot be trained on", value=each["id"])


def copy_type(hub: dict[str, Any]) -> Iterator[Problem]:
    """A quantised copy of another architecture than the model it copies."""
    own = hub["self"]["model_type"]
    for each in _declared(hub):
        if each["kind"] == "quantized" and own and each["model_type"] and own != each["model_type"]:
            message = f"a quantized copy of '{each['id']}', which is a '{each['model_type']}' and this a '{own}'"
            yield Problem(each["at"], message, value=each["id"])


def data_untold(hub: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A lineage in which nobody tells what was trained on."""
    yield from outside(hub)
    ancestors = hub["ancestors"]
    if (
        not ancestors
        or not hub["whole"]
        or hub["self"]["documents_data"]
        or any(each["documents_data"] or not each["body"] for each in ancestors)
    ):
        return
    others = f"any of its {len(ancestors)} ancestors" if len(ancestors) > 1 else f"its base model '{ancestors[0]['id']}'"
    yield Problem(_AT, f"neither this model nor {others} tells its training data", value=ancestors[0]["id"])


def results_copied(hub: dict[str, Any]) -> Iterator[Problem]:
    """Evaluation results that are the base's, to the last digit."""
    own = {tuple(each) for each in hub["self"]["results"]}
    for each in _declared(hub):
        same = own & {tuple(one) for one in each["results"]}
        if len(same) >= _SAME_RESULTS and len(same) * 2 > len(own) and each["kind"] != "quantized":
            message = f"{len(same)} of {len(own)} results are those of base model '{each['id']}'"
            yield Problem("/metadata/model-index", message, value=each["id"])


def card_copied(hub: dict[str, Any]) -> Iterator[Problem]:
    """A text that is the base's; a quantised copy may repeat it."""
    if hub["self"]["relation"] == "quantized" or any(each["kind"] == "quantized" for each in hub["base_models"]):
        return
    for each in hub["copies"]:
        if each["base"]:
            yield Problem("", f"{each['likeness']:.0%} of the text is that of base model '{each['id']}'", value=each["id"])
            return


def section_shared(hub: dict[str, Any]) -> Iterator[Problem]:
    """A section that many owners have word for word."""
    for each in hub["shared_sections"]:
        name = each["section"].replace("_", " ")
        message = f"{name}: the same words in {each['repos']} repositories of {each['owners']} owners"
        yield Problem(f"section:{each['section']}", message, value=each["section"])
