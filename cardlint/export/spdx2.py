"""SPDX 2.3, JSON, by the package spdx-tools. The version knows no models: purposes are OTHER, and comments say what is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from license_expression import LicenseSymbol, get_spdx_licensing
from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter
from spdx_tools.spdx.model import (
    Actor,
    ActorType,
    Annotation,
    AnnotationType,
    Checksum,
    ChecksumAlgorithm,
    CreationInfo,
    Document,
    ExternalPackageRef,
    ExternalPackageRefCategory,
    ExtractedLicensingInfo,
    Package,
    PackagePurpose,
    Relationship,
    RelationshipType,
    SpdxNoAssertion,
)

from cardlint.export.given import TOOL, location, package_url, slug, unique
from cardlint.export.jsontext import pretty
from cardlint.export.licenses import License

if TYPE_CHECKING:
    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory, Named

_MAIN = "SPDXRef-Card"


def render(known: Inventory, given: Given) -> str:
    """The document of one repository."""
    return pretty(DocumentConverter().convert(document(known, given)))


def document(known: Inventory, given: Given) -> Document:
    """The document as spdx-tools' model."""
    name = slug(known.name)
    info = CreationInfo(
        spdx_version="SPDX-2.3",
        spdx_id="SPDXRef-DOCUMENT",
        name=name,
        document_namespace=f"https://spdx.org/spdxdocs/{name}-{unique(known, given, 'spdx2')}",
        creators=[Actor(ActorType.TOOL, TOOL)],
        created=given.created,
        document_comment=f"Made from {known.card_path}, SHA-256 {known.card_sha256}. What the card does not say is absent or NOASSERTION.",
    )
    packages = [_main(known, given)]
    relationships = [Relationship("SPDXRef-DOCUMENT", RelationshipType.DESCRIBES, _MAIN)]
    for prefix, kind, relation, said, meaning in (
        ("Base", "model", RelationshipType.DESCENDANT_OF, known.base_models, "made from"),
        ("Data", "dataset", RelationshipType.OTHER, known.datasets, "trained on"),
        ("Test", "dataset", RelationshipType.OTHER, known.tested_on, "evaluated on"),
    ):
        for number, each in enumerate(said, 1):
            other = _named(f"SPDXRef-{prefix}-{number}", each, kind)
            packages.append(other)
            relationships.append(_related(relation, other.spdx_id, each, meaning))
    for number, file in enumerate((file for file in known.files if file.sha256), 1):
        packages.append(_file(f"SPDXRef-File-{number}", file.path, file.sha256 or ""))
        relationships.append(Relationship(_MAIN, RelationshipType.CONTAINS, f"SPDXRef-File-{number}"))
    return Document(
        info,
        packages=packages,
        relationships=relationships,
        annotations=_annotations(known, given),
        extracted_licensing_info=[_extracted(each) for each in _refs(known)],
    )


def _main(known: Inventory, given: Given) -> Package:

    url = package_url(known.kind, known.id, given, known.revision)
    reference = [ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", url)] if url else []
    return Package(
        spdx_id=_MAIN,
        name=known.name,
        download_location=location(known.kind, known.id, given, known.revision) or SpdxNoAssertion(),
        version=given.version or known.revision,
        supplier=Actor(ActorType.ORGANIZATION, given.supplier) if given.supplier else SpdxNoAssertion(),
        files_analyzed=False,
        license_declared=_declared(known),
        license_concluded=_symbol(known.concluded[0]) if known.concluded else SpdxNoAssertion(),
        license_comment=_license_comment(known),
        copyright_text=SpdxNoAssertion(),
        description=known.passage("model_description" if known.kind == "model" else "description"),
        comment=_comment(known),
        external_references=reference,
        primary_package_purpose=PackagePurpose.OTHER,
        release_date=given.released,
    )


def _named(identifier: str, said: Named, kind: str) -> Package:

    return Package(
        spdx_id=identifier,
        name=said.name,
        download_location=SpdxNoAssertion(),
        files_analyzed=False,
        license_declared=SpdxNoAssertion(),
        license_concluded=SpdxNoAssertion(),
        copyright_text=SpdxNoAssertion(),
        comment=f"a {kind}; {said.evidence}",
        primary_package_purpose=PackagePurpose.OTHER,
    )


def _file(identifier: str, path: str, sha256: str) -> Package:
    """A file as a package: version 2.3 wants the SHA-1 of files, hubs tell the SHA-256."""
    return Package(
        spdx_id=identifier,
        name=path,
        file_name=path,
        download_location=SpdxNoAssertion(),
        files_analyzed=False,
        checksums=[Checksum(ChecksumAlgorithm.SHA256, sha256)],
        license_declared=SpdxNoAssertion(),
        license_concluded=SpdxNoAssertion(),
        copyright_text=SpdxNoAssertion(),
        primary_package_purpose=PackagePurpose.FILE,
    )


def _related(kind: Any, other: str, said: Named, meaning: str) -> Relationship:

    detail = f" ({said.relation})" if said.relation else ""
    return Relationship(_MAIN, kind, other, comment=f"{meaning}{detail}; {said.evidence}")


def _annotations(known: Inventory, given: Given) -> list[Annotation]:

    said = [f"{name.replace('_', ' ')} ({passage.evidence}):\n{passage.text or 'see there'}" for name, passage in known.passages.items()]
    said += [f"{each.metric} {each.value}: {each.measured_on} ({each.evidence})" for each in known.results]
    said += [f"licence {each.name}: {each.evidence}" for each in known.licenses_claimed]
    tool = Actor(ActorType.TOOL, TOOL)
    return [Annotation(_MAIN, AnnotationType.OTHER, tool, given.created, text) for text in said]


def _refs(known: Inventory) -> list[License]:
    """The licences that SPDX's list does not have, each once, the concluded one too."""
    found = {each.spdx: each for each in known.licenses if each.is_ref}
    if known.concluded and known.concluded[0].startswith("LicenseRef-"):
        spdx, path = known.concluded
        found.setdefault(spdx, License(spdx.removeprefix("LicenseRef-"), spdx, spdx.removeprefix("LicenseRef-"), None, path))
    return list(found.values())


def _extracted(said: License) -> Any:

    comment = f"{said.evidence}; the text is that of {said.path}" if said.text else said.evidence
    return ExtractedLicensingInfo(said.spdx, said.known_text, said.name, [said.link] if said.link else [], comment)


def _declared(known: Inventory) -> Any:
    """The declared licence; of several the card does not say how they combine, so they stand in the comment."""
    said = [each.spdx for each in known.licenses if each.spdx]
    return _symbol(said[0]) if len(said) == 1 and len(known.licenses) == 1 else SpdxNoAssertion()


def _symbol(spdx: str) -> Any:
    """An expression; a deprecated id (GPL-3.0) stays what it is, and does not become "only"."""
    return get_spdx_licensing().parse(spdx) if " " in spdx else LicenseSymbol(spdx)


def _license_comment(known: Inventory) -> str | None:
    said = [f"declared {each.said!r}: {each.evidence}" for each in known.licenses]
    if len(known.licenses) > 1:
        said.append("the card does not say how these licences combine")
    if known.concluded:
        said.append(f"concluded from the text of {known.concluded[1]}")
    if not known.readable:
        said.append("the front matter could not be read")
    return "; ".join(said) or None


def _comment(known: Inventory) -> str:
    said = [{"model": "a model", "dataset": "a dataset", "space": "an application"}[known.kind]]
    said += [f"task {known.task}"] if known.task else []
    said += [f"library {known.library}"] if known.library else []
    said += [f"architecture {', '.join(known.architectures)}"] if known.architectures else []
    said += [f"{known.parameters} parameters"] if known.parameters is not None else []
    said += [f"languages {', '.join(known.languages)}"] if known.languages else []
    said += [f"CO2 equivalent {known.emissions[0]} g ({known.emissions[1]})"] if known.emissions else []
    return "; ".join(said)
