"""CycloneDX 1.6 and 1.7, JSON: a ``machine-learning-model`` with ``modelCard``, a dataset as ``data``.

The package cyclonedx-python-lib has no model cards, so the document is built here; tests hold it against the schema that the
package ships.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint import __version__
from cardlint.export.given import location, package_url, unique
from cardlint.export.jsontext import pretty

if TYPE_CHECKING:
    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory, Named
    from cardlint.export.licenses import License

_TYPES = {"model": "machine-learning-model", "dataset": "data", "space": "application"}
_ID = re.compile(r"[A-Za-z0-9.+-]+")


def render(known: Inventory, given: Given, version: str = "1.6") -> str:
    """The document of one repository."""
    document = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": f"urn:uuid:{unique(known, given, 'cyclonedx' + version)}",
        "version": 1,
        "metadata": {
            "timestamp": given.stamp,
            "tools": {"components": [{"type": "application", "name": "cardlint", "version": __version__}]},
            "component": _component(known, given),
        },
    }
    files = [
        {"type": "file", "bom-ref": f"file-{number}", "name": each.path, "hashes": [{"alg": "SHA-256", "content": each.sha256}]}
        for number, each in enumerate(known.files, 1)
        if each.sha256
    ]
    if files:
        document["components"] = files
    return pretty(document)


def _component(known: Inventory, given: Given) -> dict[str, Any]:
    group, _, name = known.name.rpartition("/")
    made: dict[str, Any] = {"type": _TYPES[known.kind], "bom-ref": "card"}
    if given.supplier:
        made["supplier"] = {"name": given.supplier}
    if group:
        made["group"] = group
    made["name"] = name
    if given.version or known.revision:
        made["version"] = given.version or known.revision
    description = known.passage("model_description" if known.kind == "model" else "description")
    if description:
        made["description"] = description
    licenses = _licenses(known)
    if licenses:
        made["licenses"] = licenses
    url = package_url(known.kind, known.id, given, known.revision)
    if url:
        made["purl"] = url
    if known.base_models:
        made["pedigree"] = {"ancestors": [_ancestor(each, number) for number, each in enumerate(known.base_models, 1)]}
    where = location(known.kind, known.id, given)
    if where:
        made["externalReferences"] = [{"type": "distribution", "url": where}]
    if known.kind == "model":
        card = _model_card(known)
        if card:
            made["modelCard"] = card
    if known.kind == "dataset":
        made["data"] = [_data(known)]
    made["properties"] = _properties(known)
    if known.tags:
        made["tags"] = list(dict.fromkeys(known.tags))
    return made


def _licenses(known: Inventory) -> list[dict[str, Any]]:
    """Declared licences, and the one that the repository's text is; an expression only where it stands alone."""
    said = [each for each in known.licenses if each.spdx]
    if len(said) == 1 and not said[0].is_ref and not _ID.fullmatch(said[0].spdx or ""):
        return [{"expression": said[0].spdx, "acknowledgement": "declared"}]
    found = [{"license": _license(each)} for each in said]
    if known.concluded:
        spdx, path = known.concluded
        word = "name" if spdx.startswith("LicenseRef-") else "id"
        found.append({"license": {word: spdx, "acknowledgement": "concluded", **_evidence(f"the text of {path}")}})
    return found


def _license(said: License) -> dict[str, Any]:
    listed = not said.is_ref and _ID.fullmatch(said.spdx or "")
    made: dict[str, Any] = {"id": said.spdx} if listed else {"name": said.name}
    made["acknowledgement"] = "declared"
    if said.text:
        made["text"] = {"contentType": "text/plain", "content": said.text}
    if said.link:
        made["url"] = said.link
    return made | _evidence(said.evidence)


def _evidence(evidence: str) -> dict[str, Any]:
    return {"properties": [{"name": "cardlint:evidence", "value": evidence}]}


def _ancestor(base: Named, number: int) -> dict[str, Any]:
    group, _, name = base.name.rpartition("/") if base.name.count("/") == 1 else ("", "", base.name)
    made: dict[str, Any] = {"type": "machine-learning-model", "bom-ref": f"ancestor-{number}"}
    if group:
        made["group"] = group
    made["name"] = name or base.name
    made |= _evidence(base.evidence)
    if base.relation:
        made["properties"].append({"name": "cardlint:relation", "value": base.relation})
    return made


def _model_card(known: Inventory) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if known.task:
        parameters["task"] = known.task
    if known.model_type:
        parameters["architectureFamily"] = known.model_type
    if known.architectures:
        parameters["modelArchitecture"] = ", ".join(known.architectures)
    datasets = [_dataset(each, "trained on") for each in known.datasets] + [_dataset(each, "evaluated on") for each in known.tested_on]
    if datasets:
        parameters["datasets"] = datasets
    made: dict[str, Any] = {}
    if parameters:
        made["modelParameters"] = parameters
    if known.results:
        made["quantitativeAnalysis"] = {"performanceMetrics": _metrics(known)}
    considerations = _considerations(known)
    if considerations:
        made["considerations"] = considerations
    return made


def _dataset(said: Named, role: str) -> dict[str, Any]:
    return {"type": "dataset", "name": said.name, "description": f"{role}; {said.evidence}"}


def _metrics(known: Inventory) -> list[dict[str, Any]]:
    return [{"type": each.metric, "value": each.value} | ({"slice": each.measured_on} if each.dataset else {}) for each in known.results]


def _considerations(known: Inventory) -> dict[str, Any]:
    made: dict[str, Any] = {}
    uses = [said for said in (known.passage("intended_use"), known.passage("out_of_scope_use")) if said]
    if uses:
        made["useCases"] = list(dict.fromkeys(uses))
    limits = known.passage("limitations")
    if limits:
        made["technicalLimitations"] = [limits]
    risks = known.passage("bias_risks")
    if risks:
        made["ethicalConsiderations"] = [{"name": risks}]
    return made


def _data(known: Inventory) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "dataset", "name": known.name}
    personal = known.passage("personal_data")
    if personal:
        made["sensitiveData"] = [personal]
    description = known.passage("description", "structure", "source_data", "collection", "annotations", "uses", "bias_risks_limitations")
    if description:
        made["description"] = description
    return made


def _properties(known: Inventory) -> list[dict[str, str]]:
    """What the format has no place for."""
    found = [("card", known.card_path), ("card-sha256", known.card_sha256)]
    found += [] if known.readable else [("front-matter", "could not be read")]
    found += [("license-unspecified", f"{each.said}; {each.evidence}") for each in known.licenses if each.spdx is None]
    found += [("license-claimed", f"{each.name}; {each.evidence}") for each in known.licenses_claimed]
    found += [("language", each) for each in known.languages]
    if known.library:
        found.append(("library", known.library))
    if known.parameters is not None:
        found.append(("parameters", str(known.parameters)))
    if known.max_positions is not None:
        found.append(("max-positions", str(known.max_positions)))
    if known.emissions:
        found.append(("co2-eq-emissions-grams", f"{known.emissions[0]}; {known.emissions[1]}"))
    found += [(f"passage:{name}", passage.evidence) for name, passage in known.passages.items()]
    return [{"name": f"cardlint:{name}", "value": value} for name, value in found]
