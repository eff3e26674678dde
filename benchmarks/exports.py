"""Exports of real cards: do they hold against the standards' own schemas, and is each name in them a word of the card?

python benchmarks/exports.py [--cards 500] [--spdx3 FOLDER] [--shacl 20] [--mlcroissant PYTHON]

``FOLDER`` holds ``schema.json``, ``model.ttl`` and ``context.jsonld`` as SPDX publishes them for 3.0.1; without it the documents
are only read back by spdx-python-model, which checks the same constraints. ``PYTHON`` is an interpreter that has mlcroissant.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "cards.jsonl.gz"


def real_cards(number: int) -> list[dict[str, Any]]:
    """Every n-th real card, machine-written families included; dataset cards are a fifth of them."""
    with gzip.open(CORPUS) as stream:
        rows = [row for row in map(json.loads, stream) if "text" in row]
    models = [row for row in rows if row["kind"] == "model"]
    datasets = [row for row in rows if row["kind"] == "dataset"]
    few = number // 5
    return models[:: max(1, len(models) // (number - few))][: number - few] + datasets[:: max(1, len(datasets) // few)][:few]


def folded(text: str) -> str:
    return " ".join(text.lower().split())


def names(form: str, document: dict[str, Any]) -> list[tuple[str, str]]:
    """The base models, datasets and licences that an export names, as (what, name)."""
    found: list[tuple[str, str]] = []
    if form == "spdx":
        for package in document["packages"]:
            kind = package["SPDXID"].split("-")[1]
            if kind in ("Base", "Data", "Test"):
                found.append(("base model" if kind == "Base" else "dataset", package["name"]))
            if package["licenseDeclared"] != "NOASSERTION" and not package["licenseDeclared"].startswith("LicenseRef"):
                found.append(("licence", package["licenseDeclared"]))
        found += [("licence", each["name"]) for each in document.get("hasExtractedLicensingInfos", ())]
    elif form == "spdx3":
        for each in document["@graph"]:
            key = each.get("spdxId", "").rpartition("#")[2]
            if each["type"] in ("ai_AIPackage", "dataset_DatasetPackage") and key != "card":
                found.append(("base model" if key.startswith("base") else "dataset", each["name"]))
            if each["type"] == "simplelicensing_LicenseExpression" and key != "license-concluded":
                said = each["simplelicensing_licenseExpression"]
                found += [("licence", said)] if not said.startswith("LicenseRef") else []
            if each["type"] == "simplelicensing_SimpleLicensingText" and key != "license-concluded-text":
                found.append(("licence", each["name"]))
    elif form.startswith("cyclonedx"):
        component = document["metadata"]["component"]
        for each in component.get("pedigree", {}).get("ancestors", ()):
            found.append(("base model", "/".join(filter(None, (each.get("group"), each["name"])))))
        found += [("dataset", each["name"]) for each in component.get("modelCard", {}).get("modelParameters", {}).get("datasets", ())]
        for each in component.get("licenses", ()):
            said = each.get("license", each)
            if said["acknowledgement"] == "declared":
                found.append(("licence", said.get("id") or said.get("name") or said["expression"]))
    return found


def stands(what: str, name: str, text: str, spdx: dict[str, set[str]]) -> bool:
    """Whether a name is literally in the card; an SPDX id may stand there in the hub's spelling (pddl for PDDL-1.0)."""
    if folded(name) in text:
        return True
    return what == "licence" and any(hub in text for hub in spdx.get(name, ()))


class Validators:
    """The standards' own checks."""

    def __init__(self, spdx3: Path | None) -> None:
        import cyclonedx.schema._res as resources
        import jsonschema_rs

        home = Path(resources.__file__).parent
        near = {
            f"http://cyclonedx.org/schema/{each.name.replace('.SNAPSHOT', '')}": json.loads(each.read_text(encoding="utf-8"))
            for each in home.glob("*.json")
        }
        names = ("spdx", "jsf-0.82", "cryptography-defs")
        near |= {
            f"http://cyclonedx.org/schema/{n}.SNAPSHOT.schema.json": near[f"http://cyclonedx.org/schema/{n}.schema.json"] for n in names
        }

        def retrieve(address: str) -> Any:
            return near[address.partition("#")[0]]

        self.bom = {
            version: jsonschema_rs.validator_for(near[f"http://cyclonedx.org/schema/bom-{version}.schema.json"], retriever=retrieve)
            for version in ("1.6", "1.7")
        }
        self.spdx3 = jsonschema_rs.validator_for(json.loads((spdx3 / "schema.json").read_text(encoding="utf-8"))) if spdx3 else None
        self.folder = spdx3
        self.shapes: Any = None

    def faults(self, form: str, text: str) -> list[str]:
        if form == "spdx":
            return self._spdx2(text)
        if form == "form":
            return []
        document = json.loads(text)
        if form == "spdx3":
            from spdx_python_model.bindings import v3_0_1 as spdx

            objects = spdx.SHACLObjectSet()
            spdx.JSONLDDeserializer().read(io.BytesIO(text.encode()), objects)
            found = [f"no link: {each}" for each in objects.link()]
            found += [error.message[:300] for error in self.spdx3.iter_errors(document)] if self.spdx3 else []
            return [each for each in found if "NoAssertionLicense" not in each]
        if form.startswith("cyclonedx"):
            return [
                f"{error.message[:200]} at {list(error.instance_path)}" for error in self.bom[document["specVersion"]].iter_errors(document)
            ]
        return []

    def _spdx2(self, text: str) -> list[str]:
        from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

        document = JsonLikeDictParser().parse(json.loads(text))
        return [each.validation_message for each in validate_full_spdx_document(document)]

    def shacl(self, text: str) -> list[str]:
        """SPDX's own shapes, by pyshacl."""
        import pyshacl
        from rdflib import Graph

        assert self.folder
        if self.shapes is None:
            self.shapes = Graph().parse(self.folder / "model.ttl")
        document = json.loads(text)
        document["@context"] = json.loads((self.folder / "context.jsonld").read_text(encoding="utf-8"))["@context"]
        data = Graph().parse(data=json.dumps(document), format="json-ld")
        conforms, _, report = pyshacl.validate(data, shacl_graph=self.shapes, ont_graph=self.shapes, inference=None)
        return [] if conforms else [report[:600]]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=500)
    parser.add_argument("--spdx3", type=Path)
    parser.add_argument("--shacl", type=int, default=0)
    parser.add_argument("--mlcroissant")
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from cardlint.export.formats import FORMATS, Exporter
    from cardlint.export.given import Given
    from cardlint.export.inventory import inventory
    from cardlint.facts.subject import Subject
    from cardlint.sources.entry import Entry
    from cardlint.sources.paths import from_path
    from cardlint.vocab import licenses

    spdx: dict[str, set[str]] = {}
    for hub in licenses.ids():
        entry = licenses.get(hub)
        if entry and entry.spdx:
            spdx.setdefault(entry.spdx, set()).add(hub)
    rows = real_cards(given.cards) if CORPUS.exists() else []
    entries = [Entry(row["file"], None, id=row["id"], kind=row["kind"], text=row["text"].encode("utf-8", "surrogatepass")) for row in rows]
    entries += list(from_path(ROOT / "examples" / "hub"))
    exporters = [Exporter(name, Given(hub_url="https://hub.example")) for name in FORMATS]
    checks = Validators(given.spdx3)
    made: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    exported: Counter[str] = Counter()
    invented: list[str] = []
    croissants: list[str] = []
    shacl_left = given.shacl
    for entry in entries:
        subject = Subject(entry)
        if not subject.has_card:
            continue
        facts = subject.facts.whole()
        repo = subject.repo
        known = inventory(
            facts, subject.card.text, lambda path, repo=repo: (repo.whole(path).value or b"").decode("utf-8", "replace") if repo else None
        )
        text = folded(subject.card.text) + folded(json.dumps(facts["metadata"], ensure_ascii=False, default=str))
        for exporter in exporters:
            if not exporter.describes(known):
                continue
            start = time.process_time()
            document = exporter.document(known)
            seconds[exporter.name] += time.process_time() - start
            made[exporter.name] += 1
            assert document == exporter.document(known), "the same card gave other bytes"
            faults = checks.faults(exporter.name, document)
            if exporter.name == "spdx3" and shacl_left and given.spdx3:
                shacl_left -= 1
                made["spdx3 by SHACL"] += 1
                shaped = checks.shacl(document)
                bad["spdx3 by SHACL"] += bool(shaped)
                for each in shaped[:1]:
                    print(f"spdx3 SHACL {entry.input}: {each}")
            if faults:
                bad[exporter.name] += 1
                print(f"{exporter.name} {entry.input}: {faults[:3]}")
            if exporter.name == "croissant":
                croissants.append(document)
            if document.startswith("{"):
                for what, name in names(exporter.name, json.loads(document)):
                    exported[what] += 1
                    if not stands(what, name, text, spdx):
                        invented.append(f"{exporter.name} {entry.input}: {what} {name!r}")
    if given.mlcroissant and croissants:
        made["croissant by mlcroissant"] = len(croissants)
        bad["croissant by mlcroissant"] = mlcroissant(given.mlcroissant, croissants)
    for name, number in made.items():
        cost = f", {1000 * seconds[name] / number:.1f} ms each (CPU)" if seconds[name] else ""
        print(f"{name}: {number} documents, {bad[name]} refused{cost}")
    print(f"names exported: {dict(exported)}; not in their card: {len(invented)}")
    for each in invented[:40]:
        print("  ", each)
    return 1 if sum(bad.values()) or invented else 0


def mlcroissant(python: str, documents: list[str]) -> int:
    """How many documents mlcroissant refuses; it runs in an interpreter of its own."""
    code = (
        "import sys, pathlib, mlcroissant\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    try:\n"
        "        mlcroissant.Dataset(jsonld=path)\n"
        "    except Exception as error:\n"
        "        print('REFUSED', path.name, str(error)[:300].replace(chr(10), ' '))\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        for number, document in enumerate(documents):
            (Path(folder) / f"{number:05}.json").write_text(document, encoding="utf-8")
        done = subprocess.run(
            [python, "-c", code, folder], capture_output=True, text=True, env={**os.environ, "HF_HUB_OFFLINE": "1"}, check=True
        )
    refused = [line for line in done.stdout.splitlines() if line.startswith("REFUSED")]
    for line in refused[:5]:
        print(line)
    return len(refused)


if __name__ == "__main__":
    sys.exit(main())
