"""Licence compatibility: verdicts by the licences' texts, as a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint import data
from cardlint.hub.compatibility import RELATIONS, union, verdict
from cardlint.hub.licenses import USES, duties, permits, resolve
from cardlint.vocab import licenses, sealed

PERMISSIVE = ("apache-2.0", "mit", "bsd-3-clause", "isc", "openmdw-1.0")
RAIL = ("openrail", "creativeml-openrail-m", "bigscience-openrail-m", "bigscience-bloom-rail-1.0", "openrail++", "bigcode-openrail-m")
LLAMA = ("llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4")

# base, child, relation, state, kinds of what is lost
TABLE = [
    # permissive: anything, notices stay
    ("apache-2.0", "mit", "finetune", "compatible", ""),
    ("apache-2.0", "gpl-3.0", "finetune", "compatible", ""),
    ("apache-2.0", "llama3.1", "finetune", "compatible", ""),
    ("mit", "cc-by-nc-4.0", "finetune", "compatible", ""),
    ("mit", "creativeml-openrail-m", "quantized", "compatible", ""),
    ("cc0-1.0", "cc-by-nc-nd-4.0", "finetune", "compatible", ""),
    ("MIT", "Apache-2.0", "finetune", "compatible", ""),
    # the hub's gpl-2.0 does not say whether a later version may be taken
    ("apache-2.0", "gpl-2.0", "finetune", "unknown", ""),
    ("gpl-2.0", "gpl-3.0", "finetune", "unknown", "share-alike"),
    # non-commercial
    ("cc-by-nc-4.0", "apache-2.0", "finetune", "conflict", "non-commercial"),
    ("cc-by-nc-4.0", "mit", "quantized", "conflict", "non-commercial"),
    ("cc-by-nc-4.0", "cc-by-sa-4.0", "merge", "conflict", "non-commercial"),
    ("cc-by-nc-4.0", "llama3.1", "finetune", "conflict", "non-commercial"),
    ("cc-by-nc-4.0", "openrail", None, "conflict", "non-commercial"),
    ("cc-by-nc-4.0", "cc-by-nc-sa-4.0", "finetune", "compatible", ""),
    ("cc-by-nc-4.0", "cc-by-nc-4.0", "quantized", "compatible", ""),
    ("cc-by-nc-2.0", "cc-by-4.0", "finetune", "conflict", "non-commercial"),
    ("cc-by-nc-4.0", "mit", "adapter", "unknown", "non-commercial"),
    ("cc-by-nc-4.0", "mit", "dataset", "unknown", "non-commercial"),
    ("cc-by-nc-4.0", "mit", "derived-dataset", "conflict", "non-commercial"),
    ("deepfloyd-if-license", "mit", "finetune", "conflict", "non-commercial same-license"),
    ("apple-amlr", "apache-2.0", "finetune", "conflict", "non-commercial same-license"),
    # share-alike
    ("cc-by-sa-4.0", "apache-2.0", "finetune", "conflict", "share-alike"),
    ("cc-by-sa-4.0", "cc-by-4.0", "quantized", "conflict", "share-alike"),
    ("cc-by-sa-4.0", "gpl-3.0", "finetune", "compatible", ""),
    ("cc-by-sa-4.0", "agpl-3.0", "finetune", "unknown", "share-alike"),
    ("cc-by-sa-3.0", "cc-by-sa-4.0", "finetune", "compatible", ""),
    ("cc-by-sa-4.0", "cc-by-sa-3.0", "finetune", "conflict", "share-alike"),
    ("cc-by-nc-sa-4.0", "cc-by-nc-4.0", "finetune", "conflict", "share-alike"),
    ("cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "finetune", "compatible", ""),
    ("gpl-3.0", "cc-by-sa-4.0", "finetune", "conflict", "share-alike"),
    # no derivatives
    ("cc-by-nd-4.0", "cc-by-nd-4.0", "finetune", "conflict", "no-derivatives"),
    ("cc-by-nd-4.0", "cc-by-nd-4.0", "quantized", "compatible", ""),
    ("cc-by-nd-4.0", "cc-by-nd-4.0", None, "unknown", "no-derivatives"),
    ("cc-by-nc-nd-4.0", "cc-by-nc-nd-4.0", "adapter", "unknown", "no-derivatives"),
    ("cc-by-nc-nd-4.0", "mit", "quantized", "conflict", "non-commercial no-derivatives"),
    # attribution
    ("cc-by-4.0", "apache-2.0", "finetune", "compatible", ""),
    ("cc-by-4.0", "cc-by-nc-4.0", "finetune", "compatible", ""),
    ("cc-by-4.0", "cc0-1.0", "finetune", "unknown", ""),
    # copyleft
    ("gpl-3.0", "mit", "finetune", "conflict", "share-alike"),
    ("gpl", "apache-2.0", "finetune", "conflict", "share-alike"),
    ("gpl", "gpl", "finetune", "unknown", ""),
    ("agpl-3.0", "apache-2.0", "finetune", "conflict", "share-alike"),
    ("gpl-3.0", "mit", "adapter", "unknown", "share-alike"),
    ("gpl-3.0", "creativeml-openrail-m", "finetune", "conflict", "share-alike"),
    ("lgpl-3.0", "gpl-3.0", "finetune", "compatible", ""),
    ("epl-2.0", "mit", "finetune", "conflict", "share-alike"),
    ("mpl-2.0", "gpl-3.0", "finetune", "unknown", "share-alike"),
    ("eupl-1.2", "mpl-2.0", "finetune", "compatible", ""),
    # use restrictions
    ("creativeml-openrail-m", "apache-2.0", "finetune", "conflict", "use-restrictions"),
    ("openrail++", "mit", "adapter", "conflict", "use-restrictions"),
    ("openrail++", "cc-by-nc-4.0", "merge", "conflict", "use-restrictions"),
    ("bigscience-bloom-rail-1.0", "gpl-3.0", "finetune", "conflict", "use-restrictions"),
    ("creativeml-openrail-m", "openrail++", "finetune", "unknown", ""),
    ("bigscience-bloom-rail-1.0", "llama3", "finetune", "unknown", ""),
    # agreements
    ("llama2", "apache-2.0", "finetune", "conflict", "same-license"),
    ("llama3.1", "llama3", "finetune", "conflict", "same-license"),
    ("llama3.1", "llama3", "merge", "unknown", "same-license"),
    ("llama3.1", "llama3.1", "finetune", "compatible", ""),
    ("llama3.1", "apache-2.0", "adapter", "unknown", "same-license"),
    ("llama2", "cc-by-nc-4.0", "finetune", "unknown", "same-license"),
    ("gemma", "mit", "adapter", "conflict", "use-restrictions same-license"),
    ("gemma", "llama3.1", "finetune", "conflict", "same-license"),
    # data
    ("odbl", "mit", "derived-dataset", "conflict", "share-alike"),
    ("odbl", "mit", "finetune", "unknown", "share-alike"),
    ("odbl", "mit", "dataset", "unknown", "share-alike"),
    ("cdla-sharing-1.0", "mit", "derived-dataset", "conflict", "share-alike"),
    ("cdla-sharing-1.0", "apache-2.0", "dataset", "compatible", ""),
    ("mit", "apache-2.0", "dataset", "compatible", ""),
    # nothing to judge by
    ("other", "mit", "finetune", "unknown", ""),
    ("llama2", "other", "finetune", "unknown", ""),
    ("cc", "mit", "finetune", "unknown", ""),
    ("my-own-terms", "mit", "finetune", "unknown", ""),
    ("intel-research", "apache-2.0", "finetune", "unknown", ""),
    ("grok2-community", "mit", "finetune", "unknown", ""),
    *((base, child, "finetune", "compatible", "") for base in PERMISSIVE for child in PERMISSIVE),
    *((base, child, "finetune", "conflict", "use-restrictions") for base in RAIL for child in PERMISSIVE),
    *((base, child, "finetune", "conflict", "same-license") for base in LLAMA for child in PERMISSIVE),
]


@pytest.mark.parametrize(("base", "child", "relation", "state", "lost"), TABLE)
def test_verdict_of_a_pair(base: str, child: str, relation: str | None, state: str, lost: str) -> None:
    found = verdict([base], [child], relation)
    assert found.state == state, found
    if lost:
        assert {duty.kind for duty in found.lost} == set(lost.split())
    assert found.reason
    assert found.source or state != "conflict"


@pytest.mark.parametrize(
    ("base", "child", "relation", "state"),
    [
        (["mit", "apache-2.0"], ["mit"], "finetune", "compatible"),
        (["mit", "cc-by-nc-4.0"], ["mit"], "finetune", "unknown"),  # a choice, or a code and a weight licence
        (["cc-by-nc-4.0", "cc-by-nc-sa-4.0"], ["mit", "apache-2.0"], "finetune", "conflict"),
        (["cc-by-nc-4.0"], ["mit", "cc-by-nc-4.0"], "finetune", "unknown"),
        (["llama3.1"], ["llama3.1", "gemma"], "merge", "compatible"),
        ([], ["mit"], "finetune", "unknown"),
        (["llama2"], [], "finetune", "unknown"),
    ],
)
def test_several_licences_of_one_side(base: list[str], child: list[str], relation: str, state: str) -> None:
    assert verdict(base, child, relation).state == state


def test_no_licence_under_an_agreement_tells_what_is_perhaps_lost() -> None:
    assert {duty.kind for duty in verdict(["llama3.1"], [], "finetune").lost} == {"same-license"}


def test_the_owner_of_the_base_is_not_in_conflict_with_itself() -> None:
    found = verdict(["cc-by-nc-4.0"], ["apache-2.0"], "finetune", same_owner=True)
    assert found.state == "unknown"
    assert "own work" in found.reason


def test_a_conflict_names_the_clause() -> None:
    found = verdict(["cc-by-nc-4.0"], ["apache-2.0"], "finetune")
    assert found.source == "CC BY-NC 4.0, 2(a)(1)"
    assert found.reason == "cc-by-nc-4.0 forbids commercial use, apache-2.0 grants it"


def test_what_stays_to_be_done_under_a_compatible_licence() -> None:
    assert [duty.kind for duty in verdict(["apache-2.0"], ["mit"], "finetune").keep] == ["changes-stated", "notice"]
    assert "naming" in {duty.kind for duty in verdict(["llama3.1"], ["llama3.1"], "finetune").keep}


@pytest.mark.parametrize(
    ("bases", "state", "into"),
    [
        (["apache-2.0", "llama3.1"], "compatible", "llama3.1"),
        (["mit", "cc-by-nc-4.0"], "compatible", "cc-by-nc-4.0"),
        (["mit", "creativeml-openrail-m"], "compatible", "creativeml-openrail-m"),
        (["agpl-3.0", "apache-2.0"], "compatible", "agpl-3.0"),
        (["cc-by-sa-4.0", "gpl-3.0"], "compatible", "gpl-3.0"),
        (["cc-by-sa-4.0", "cc-by-nc-sa-4.0"], "conflict", None),
        (["gpl-3.0", "creativeml-openrail-m"], "conflict", None),
        (["llama3", "llama3.1"], "unknown", None),
        (["llama3.1", "gemma"], "unknown", None),
        (["mit", "other"], "unknown", None),
        ([], "unknown", None),
    ],
)
def test_union_of_the_bases_of_a_merge(bases: list[str], state: str, into: str | None) -> None:
    found = union(bases)
    assert found.state == state, found
    assert into in found.into if into else not found.into


def test_a_merge_takes_the_duties_of_every_base() -> None:
    assert {duty.kind for duty in union(["apache-2.0", "cc-by-nc-4.0"]).duties} == {
        "notice",
        "changes-stated",
        "attribution",
        "non-commercial",
    }


@pytest.mark.parametrize(
    ("license_id", "answers"),
    [
        ("mit", "yes yes yes yes"),
        ("cc-by-nc-4.0", "no yes yes yes"),
        ("cc-by-nd-4.0", "yes yes no yes"),
        ("cc-by-nc-nd-4.0", "no yes no yes"),
        ("llama3.1", "yes yes yes yes"),
        ("apple-amlr", "no yes yes yes"),
        ("other", "unknown unknown unknown unknown"),
        ("grok2-community", "unknown unknown unknown unknown"),
        ("", "unknown unknown unknown unknown"),
    ],
)
def test_permits(license_id: str, answers: str) -> None:
    assert " ".join(permits(license_id, use) for use in USES) == answers


def test_another_use_is_refused() -> None:
    with pytest.raises(ValueError, match="one of commercial, research"):
        permits("mit", "resale")


def test_the_vocabulary_is_sealed_and_names_the_ids_of_the_hub() -> None:
    path = Path(str(data.folder("schemas"))) / "vocab" / "license_compat.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert path.read_text(encoding="utf-8") == sealed.text(sealed.sealed(content))
    assert set(content["ids"]) == content["licenses"].keys() == licenses.ids() - {"other", "unknown", "cc"}
    for entry in content["licenses"].values():
        assert entry["clauses"].keys() <= content["kinds"].keys()
        assert {*entry.get("into", ()), *entry.get("unclear", ())} <= licenses.ids()


def test_agreements_of_vendors_are_none_of_the_hub_and_tell_where_they_were_read() -> None:
    content = data.vocabulary("license_compat")
    assert not content["agreements"].keys() & licenses.ids()
    for name, entry in content["agreements"].items():
        assert resolve(name) == name
        assert entry["clauses"].keys() <= content["kinds"].keys()
        assert entry["title"]
        assert entry["source"]
        assert (entry.get("uses") == {"commercial": "no"}) == ("non-commercial" in entry["clauses"])


def test_the_licence_of_every_known_release_is_one_that_restricts() -> None:
    for release in data.vocabulary("known_bases")["releases"]:
        assert verdict([release["license"]], ["mit"], "finetune").state == "conflict", release["name"]
        assert verdict([release["license"]], [release["license"]], "finetune").state == "compatible", release["name"]


def test_the_flags_of_the_licences_agree_with_their_duties() -> None:
    flagged = {"non_commercial": "non-commercial", "no_derivatives": "no-derivatives"}
    for identifier in data.vocabulary("license_compat")["ids"]:
        if resolve(identifier):
            kinds = {duty.kind for duty in duties(identifier)}
            for flag, kind in flagged.items():
                assert (flag in licenses.flags(identifier)) == (kind in kinds), identifier
            assert bool(licenses.flags(identifier) & {"share_alike", "copyleft"}) <= ("share-alike" in kinds), identifier


def test_names_and_sentences_agree_with_the_terms() -> None:
    for identifier in LLAMA:
        terms, asked = licenses.terms(identifier), {duty.kind: duty.text for duty in duties(identifier)}
        assert terms is not None
        assert (terms.name_prefix is not None) == ("naming" in asked)
        assert terms.name_prefix is None or f"'{terms.name_prefix}'" in asked["naming"]
        assert not terms.sentences or f"'{terms.sentences[0]}'" in asked["built-with"]


def test_every_pair_has_an_answer() -> None:
    ids = sorted(licenses.ids())
    for relation in (*RELATIONS, None):
        states = {verdict([base], [child], relation).state for base in ids for child in ids}
        assert states <= {"compatible", "conflict", "unknown"}


def test_a_licence_keeps_itself() -> None:
    for identifier in data.vocabulary("license_compat")["ids"]:
        if resolve(identifier):
            assert verdict([identifier], [identifier], "quantized").state != "conflict", identifier
