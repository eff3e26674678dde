"""SPDX 3.0.1, JSON-LD, by the package spdx-python-model: profiles AI and Dataset where a card gives what they demand.

The profiles demand more than the model's own constraints (which the package checks), so what is missing is worked out here:
a document claims a profile only where its minimum is met, and `shortfalls` names the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spdx_python_model.bindings import v3_0_1 as spdx

from cardlint.export.given import TOOL, location, package_url, slug, unique
from cardlint.export.jsontext import pretty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory, Named, Passage

_NO_LICENSE = spdx.expandedlicensing_IndividualLicensingInfo.NoAssertionLicense
_SHORTENED = "expandedlicensing_NoAssertionLicense"
_PURPOSE = {
    "model": spdx.software_SoftwarePurpose.model,
    "dataset": spdx.software_SoftwarePurpose.data,
    "space": spdx.software_SoftwarePurpose.application,
}
_PROFILE = {"model": "ai", "dataset": "dataset"}
_BASE_PROFILES = ("core", "software", "simpleLicensing")
_MODALITIES = frozenset(("audio", "image", "text", "timeseries", "video"))


def render(known: Inventory, given: Given) -> str:
    """The document of one repository."""
    objects = spdx.SHACLObjectSet(_Writer(known, given).elements())
    document = spdx.JSONLDSerializer().serialize_data(objects, force_at_graph=True)
    for element in document["@graph"]:
        if element.get("to") == [_SHORTENED]:  # the context knows no such short name here
            element["to"] = [_NO_LICENSE]
    return pretty(document)


def shortfalls(known: Inventory, given: Given) -> list[str]:
    """What the profile of the repository's kind demands and neither the card nor the caller gives.

    The profile speaks of every element: of base models only their names are known, so a document with some never meets it.
    """
    if known.kind not in _PROFILE:
        return []
    demands: dict[str, Any] = {
        "suppliedBy": given.supplier or _owner(known),
        "downloadLocation": location(known.kind, known.id, given),
        "releaseTime": given.released,
    }
    if known.kind == "model":
        demands["packageVersion"] = given.version or known.revision
        demands["all but the name of a base model"] = not known.base_models
    else:
        demands |= {"originatedBy": given.supplier or _owner(known), "builtTime": None}
    return sorted(name for name, value in demands.items() if not value)


def _owner(known: Inventory) -> str | None:
    owner, slash, _ = (known.id or "").partition("/")
    return owner if slash else None


class _Writer:
    """The elements of one document; all share its creation information."""

    def __init__(self, known: Inventory, given: Given) -> None:
        self.known, self.given = known, given
        self.base = f"https://spdx.org/spdxdocs/{slug(known.name)}-{unique(known, given, 'spdx3')}#"
        self.info = spdx.CreationInfo(created=given.created, specVersion="3.0.1", comment=_about(known))
        self.info.set_id("_:creation")
        self.tool = self.make(spdx.SoftwareAgent, "cardlint", name=TOOL)
        self.info.createdBy = [self.tool]

    def make(self, kind: Any, key: str, /, **properties: Any) -> Any:
        """An element with the id ``key``."""
        made = kind(creationInfo=self.info, **{key: value for key, value in properties.items() if value not in (None, [])})
        made.set_id(self.base + key)
        return made

    def relate(self, key: str, start: Any, relation: str, ends: Sequence[Any], comment: str | None = None) -> Any:
        """A relationship; the card never says that it names all there are."""
        kinds = spdx.RelationshipType
        complete = spdx.RelationshipCompleteness.noAssertion
        made = self.make(spdx.Relationship, key, relationshipType=getattr(kinds, relation), completeness=complete, comment=comment)
        made.from_ = start
        made.to = list(ends)
        return made

    def elements(self) -> list[Any]:
        """The document and all that is in it."""
        known = self.known
        main, agents = self.main()
        found = [*agents, main]
        for prefix, relation, kind, said in (
            ("base", "descendantOf", "model", known.base_models),
            ("data", "trainedOn", "dataset", known.datasets),
            ("test", "testedOn", "dataset", known.tested_on),
        ):
            for number, each in enumerate(said, 1):
                other = self.other(f"{prefix}-{number}", kind, each)
                found += [other, self.relate(f"{prefix}-{number}-of", main, relation, [other], _comment(each))]
        found += self.licenses(main)
        found += self.files(main)
        found += self.annotations(main)
        profiles = [*_BASE_PROFILES]
        if known.kind in _PROFILE and not shortfalls(known, self.given):
            profiles.append(_PROFILE[known.kind])
        document = self.make(
            spdx.SpdxDocument,
            "document",
            name=known.name,
            profileConformance=[getattr(spdx.ProfileIdentifierType, profile) for profile in profiles],
            rootElement=[main],
            element=[self.tool, *found],
        )
        return [self.info, self.tool, *found, document]

    def main(self) -> tuple[Any, list[Any]]:
        """The package that the card is of, and the agents it names."""
        known, given = self.known, self.given
        who = given.supplier or _owner(known)
        comment = None if given.supplier else "the owner in the repository's id"
        agents = [self.make(spdx.Agent, "supplier", name=who, comment=comment)] if who else []
        common = {
            "name": known.name,
            "description": known.passage("model_description" if known.kind == "model" else "description"),
            "suppliedBy": agents[0] if agents else None,
            "releaseTime": given.released,
            "software_primaryPurpose": _PURPOSE[known.kind],
            "software_packageVersion": given.version or known.revision,
            "software_downloadLocation": location(known.kind, known.id, given, known.revision),
            "software_packageUrl": package_url(known.kind, known.id, given, known.revision),
            "comment": _facts(known),
        }
        if known.kind == "model":
            return self.make(spdx.ai_AIPackage, "card", **common, **_ai(known)), agents
        if known.kind == "dataset":
            return self.make(spdx.dataset_DatasetPackage, "card", **common, originatedBy=agents, **_dataset(known)), agents
        return self.make(spdx.software_Package, "card", **common), agents

    def other(self, key: str, kind: str, said: Named) -> Any:
        """A model or dataset that the card names; nothing more is known of it."""
        if kind == "model":
            return self.make(spdx.ai_AIPackage, key, name=said.name, software_primaryPurpose=_PURPOSE[kind])
        unknown = [spdx.dataset_DatasetType.noAssertion]
        purpose = _PURPOSE[kind]
        return self.make(spdx.dataset_DatasetPackage, key, name=said.name, software_primaryPurpose=purpose, dataset_datasetType=unknown)

    def licenses(self, main: Any) -> Iterator[Any]:
        """Declared licences, each of its own: the card does not say how several combine. And the one of the text found."""
        known = self.known
        if not known.licenses:
            comment = "the card declares no licence" if known.readable else "the front matter could not be read"
            yield self.relate("declared", main, "hasDeclaredLicense", [_NO_LICENSE], comment)
        for number, each in enumerate(known.licenses, 1):
            if each.spdx is None:
                yield self.relate(
                    f"declared-{number}", main, "hasDeclaredLicense", [_NO_LICENSE], f"declared {each.said!r}; {each.evidence}"
                )
                continue
            expression = self.expression(f"license-{number}", each.spdx)
            if each.is_ref:
                text = self.make(
                    spdx.simplelicensing_SimpleLicensingText,
                    f"license-{number}-text",
                    name=each.name,
                    simplelicensing_licenseText=each.known_text,
                    comment=f"the text of {each.path}" if each.text else None,
                )
                expression.simplelicensing_customIdToUri = [spdx.DictionaryEntry(key=each.spdx, value=text.get_id())]
                yield text
            yield expression
            yield self.relate(f"declared-{number}", main, "hasDeclaredLicense", [expression], f"declared {each.said!r}; {each.evidence}")
        if known.concluded:
            said, path = known.concluded
            expression = self.expression("license-concluded", said)
            if said.startswith("LicenseRef-"):
                text = self.make(
                    spdx.simplelicensing_SimpleLicensingText,
                    "license-concluded-text",
                    simplelicensing_licenseText=f"The text of the file {path} in the repository.",
                )
                expression.simplelicensing_customIdToUri = [spdx.DictionaryEntry(key=said, value=text.get_id())]
                yield text
            yield expression
            yield self.relate("concluded", main, "hasConcludedLicense", [expression], f"from the text of {path}")

    def expression(self, key: str, said: str) -> Any:
        """A licence expression."""
        return self.make(spdx.simplelicensing_LicenseExpression, key, simplelicensing_licenseExpression=said)

    def files(self, main: Any) -> list[Any]:
        """The card itself, and the files whose hash is known."""
        made = []
        for number, each in enumerate((file for file in self.known.files if file.sha256), 1):
            proof = spdx.Hash(algorithm=spdx.HashAlgorithm.sha256, hashValue=each.sha256)
            made.append(self.make(spdx.software_File, f"file-{number}", name=each.path, verifiedUsing=[proof]))
        return [*made, self.relate("files", main, "contains", made)]

    def annotations(self, main: Any) -> Iterator[Any]:
        """Where each passage stands, and licences that prose claims."""
        known = self.known
        said = [_cited(name, passage) for name, passage in known.passages.items()]
        said += [f"licence {each.name}: {each.evidence}" for each in known.licenses_claimed]
        for number, text in enumerate(said, 1):
            other = spdx.AnnotationType.other
            yield self.make(spdx.Annotation, f"note-{number}", annotationType=other, subject=main, statement=text)


def _about(known: Inventory) -> str:
    return f"Made from {known.card_path}, SHA-256 {known.card_sha256}. What the card does not say is absent or NOASSERTION."


def _comment(said: Named) -> str:
    return f"{said.relation}; {said.evidence}" if said.relation else said.evidence


def _cited(name: str, passage: Passage) -> str:
    return f"{name.replace('_', ' ')}: {passage.evidence}"


def _facts(known: Inventory) -> str | None:
    said = [f"{known.parameters} parameters"] if known.parameters is not None else []
    said += [f"library {known.library}"] if known.library else []
    said += [f"languages {', '.join(known.languages)}"] if known.languages else []
    said += [f"CO2 equivalent {known.emissions[0]} g ({known.emissions[1]})"] if known.emissions else []
    return "; ".join(said) or None


def _ai(known: Inventory) -> dict[str, Any]:
    kinds = dict.fromkeys((*known.architectures, *((known.model_type,) if known.model_type else ())))
    task = f"task: {known.task}" if known.task else None
    uses = known.passage("intended_use", "out_of_scope_use")
    return {
        "ai_typeOfModel": list(kinds),
        "ai_informationAboutApplication": "\n\n".join(filter(None, (task, uses))) or None,
        "ai_informationAboutTraining": known.passage("training_data", "training_procedure"),
        "ai_limitation": known.passage("limitations", "bias_risks"),
        "ai_metric": [
            spdx.DictionaryEntry(key=f"{each.metric}, {each.measured_on}".rstrip(", "), value=each.value) for each in known.results
        ],
    }


def _dataset(known: Inventory) -> dict[str, Any]:
    kinds = [tag.removeprefix("modality:") for tag in known.tags if tag.startswith("modality:")]
    types = [getattr(spdx.dataset_DatasetType, kind) for kind in dict.fromkeys(kinds) if kind in _MODALITIES]
    bias = known.passage("bias_risks_limitations")
    return {
        "dataset_datasetType": types or [spdx.dataset_DatasetType.noAssertion],
        "dataset_dataCollectionProcess": known.passage("source_data", "collection"),
        "dataset_intendedUse": known.passage("uses", "out_of_scope"),
        "dataset_knownBias": [bias] if bias else [],
    }
