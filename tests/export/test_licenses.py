"""Licences in SPDX's words: what the card says, never more."""

from __future__ import annotations

import json

import pytest

from cardlint.export.formats import Exporter
from cardlint.export.given import Given
from cardlint.export.licenses import reference, spdx_of
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from tests.export.conftest import known_of


@pytest.mark.parametrize(
    ("said", "spdx"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("MIT", "MIT"),
        ("gpl-3.0", "GPL-3.0"),
        ("cc", "LicenseRef-cc"),
        ("openrail", "LicenseRef-openrail"),
        ("llama3.1", "LicenseRef-llama3.1"),
        ("mit OR apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-3.0-only", "GPL-3.0-only"),
        ("our own", "LicenseRef-our-own-5b8b2f9e"),
    ],
)
def test_declared_word_becomes_an_id_an_expression_or_a_reference(said, spdx):
    assert spdx_of(said) == spdx


def test_references_of_different_names_differ_and_are_well_formed():
    names = ["a b", "a-b", "a/b", "ü", "许可", "x" * 500, "x" * 501, "-", ""]
    refs = [reference(name) for name in names]
    assert len(set(refs)) == len(refs)
    assert all(part.isascii() and part.replace("-", "").replace(".", "").isalnum() for part in refs)


def declared(metadata):
    return known_of(f"---\n{metadata}\n---\n# Gulls\n").licenses


def test_other_takes_the_given_name_and_link():
    (found,) = declared("license: other\nlicense_name: gull-1.0\nlicense_link: https://acme.example/gull")
    assert (found.spdx, found.name, found.link) == ("LicenseRef-gull-1.0", "gull-1.0", "https://acme.example/gull")


@pytest.mark.parametrize("metadata", ["license: other", "license: unknown"])
def test_licence_without_a_name_is_no_assertion(metadata, spdx2_faults):
    known = known_of(f"---\n{metadata}\n---\n# Gulls\n")
    text = Exporter("spdx", Given()).document(known)
    assert spdx2_faults(text) == []
    package = json.loads(text)["packages"][0]
    assert package["licenseDeclared"] == "NOASSERTION"
    assert "README.md line 2" in package["licenseComments"]


def test_several_licences_are_not_combined():
    known = known_of("---\nlicense: [mit, apache-2.0]\n---\n# Gulls\n")
    package = json.loads(Exporter("spdx", Given()).document(known))["packages"][0]
    assert package["licenseDeclared"] == "NOASSERTION"
    assert "the card does not say how these licences combine" in package["licenseComments"]
    component = json.loads(Exporter("cyclonedx", Given()).document(known))["metadata"]["component"]
    assert [each["license"]["id"] for each in component["licenses"]] == ["MIT", "Apache-2.0"]


def test_text_of_a_named_licence_is_that_of_the_repository(spdx2_faults):
    data = b"Gull licence\n\nYou may count gulls.\n"
    files = (FileEntry("LICENSE", len(data)), FileEntry("README.md", 10))
    card = "---\nlicense: other\nlicense_name: gull-1.0\n---\n# Gulls\n"
    known = known_of(card, files=files, contents=Memory({"LICENSE": data}))
    text = Exporter("spdx", Given()).document(known)
    assert spdx2_faults(text) == []
    (info,) = json.loads(text)["hasExtractedLicensingInfos"]
    assert info["extractedText"] == data.decode()
    assert info["comment"].endswith("the text is that of LICENSE")


def test_deprecated_id_does_not_become_only(spdx2_faults):
    text = Exporter("spdx", Given()).document(known_of("---\nlicense: gpl-3.0\n---\n# Gulls\n"))
    assert spdx2_faults(text) == []
    assert json.loads(text)["packages"][0]["licenseDeclared"] == "GPL-3.0"
