"""Croissant 1.1 with the RAI vocabulary, JSON-LD, for dataset cards: what the card says of collection, bias, use and upkeep.

The files, record sets and fields of Croissant are not made: a card does not describe them, a hub does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.export.given import location, stamp
from cardlint.export.jsontext import pretty

if TYPE_CHECKING:
    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory
    from cardlint.export.licenses import License

CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification of Croissant 1.1 asks for."""

_RAI = {
    "rai:dataCollection": ("source_data", "collection"),
    "rai:dataAnnotationProtocol": ("annotations",),
    "rai:personalSensitiveInformation": ("personal_data",),
    "rai:dataUseCases": ("uses",),
    "rai:dataLimitations": ("bias_risks_limitations", "out_of_scope"),
    "rai:dataBiases": ("bias_risks_limitations",),
    "rai:dataReleaseMaintenancePlan": ("maintenance",),
}
_REQUIRED = ("description", "license", "url", "creator", "datePublished")


def render(known: Inventory, given: Given) -> str:
    """The document of one dataset."""
    return pretty(document(known, given))


def shortfalls(known: Inventory, given: Given) -> list[str]:
    """Properties that Croissant requires and neither the card nor the caller gives."""
    made = document(known, given)
    return [name for name in _REQUIRED if name not in made]


def document(known: Inventory, given: Given) -> dict[str, Any]:
    """The document as a mapping."""
    made: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": known.name,
        "description": known.passage("description"),
        "license": [_license(each) for each in known.licenses if each.spdx],
        "url": location(known.kind, known.id, given),
        "creator": {"@type": "sc:Organization", "name": given.supplier} if given.supplier else None,
        "datePublished": stamp(given.released)[:10] if given.released else None,
        "version": given.version or known.revision,
        "inLanguage": list(known.languages),
        "keywords": list(dict.fromkeys(known.tags)),
        "citeAs": known.passage("citation"),
    }
    for name, sections in _RAI.items():
        made[name] = known.passage(*sections)
    return {name: value for name, value in made.items() if value not in (None, [])}


def _license(said: License) -> str:
    """An address of SPDX's list where it has the licence, the card's link, else the card's word."""
    if said.spdx and not said.is_ref and " " not in said.spdx:
        return f"https://spdx.org/licenses/{said.spdx}"
    return said.link or said.name
