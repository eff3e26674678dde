"""The validators of the standards, and inventories of cards given as text."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cardlint.export.inventory import inventory
from cardlint.facts.subject import Subject
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry


def known_of(text, *, quote=True, **entry):
    subject = Subject(Entry("acme/gulls/README.md", None, text=text.encode(), **entry))
    repo = subject.repo
    read = (lambda path: (repo.whole(path).value or b"").decode()) if repo else (lambda _: None)
    return inventory(subject.facts.whole(), subject.card.text if quote else None, read, entry.get("revision"))


def listed(*paths):
    return tuple(FileEntry(path, 10, "ab" * 32) for path in paths)


@pytest.fixture(scope="session")
def cyclonedx_faults():
    resources = pytest.importorskip("cyclonedx.schema._res", reason="the schema of CycloneDX comes with cyclonedx-python-lib")
    import jsonschema_rs

    home = Path(resources.__file__).parent
    near = {}
    for path in home.glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        near[f"http://cyclonedx.org/schema/{path.name}"] = near[f"http://cyclonedx.org/schema/{path.name.replace('.SNAPSHOT', '')}"] = (
            schema
        )

    def faults(text):
        document = json.loads(text)
        schema = near[f"http://cyclonedx.org/schema/bom-{document['specVersion']}.schema.json"]
        validator = jsonschema_rs.validator_for(schema, retriever=lambda address: near[address.partition("#")[0]])
        return [error.message for error in validator.iter_errors(document)]

    return faults


@pytest.fixture(scope="session")
def spdx2_faults():
    from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    def faults(text):
        return [each.validation_message for each in validate_full_spdx_document(JsonLikeDictParser().parse(json.loads(text)))]

    return faults


@pytest.fixture(scope="session")
def spdx3_faults():
    """Read back by the package made from SPDX's own SHACL shapes."""
    spdx = pytest.importorskip("spdx_python_model.bindings.v3_0_1", reason="needs the extra export")

    def faults(text):
        objects = spdx.SHACLObjectSet()
        spdx.JSONLDDeserializer().read(io.BytesIO(text.encode()), objects)
        return [each for each in objects.link() if "NoAssertionLicense" not in str(each)]

    return faults
