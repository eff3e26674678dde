"""Whatever a card holds, every format is written, and whatever an id holds, files stay inside the folder."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardlint.cli.export import _Sink
from cardlint.export.formats import FORMATS, Exporter
from cardlint.export.given import Given
from tests.export.conftest import known_of
from tests.test_hostile import PIECES

pytest.importorskip("spdx_python_model", reason="needs the extra export")
EXPORTERS = [Exporter(name, Given(hub_url="https://hub.example")) for name in FORMATS]
VALUES = st.sampled_from(
    [
        "mit",
        "[a, b]",
        "{a: b}",
        "1",
        "null",
        "'a\\tb'",
        '"\\u202e x"',
        '"a\\nb"',
        "''",
        "[[1], {a: 2}]",
        "yes",
        "1e400",
        "a/b/c",
        "LicenseRef-x",
    ]
)
KEYS = st.sampled_from(
    ["license", "license_name", "license_link", "base_model", "datasets", "tags", "language", "co2_eq_emissions", "model-index"]
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(KEYS, VALUES), st.lists(PIECES, max_size=12).map("".join), st.sampled_from(["model", "dataset", "space"]))
def test_every_format_is_written(metadata, body, kind):
    front = "".join(f"{key}: {value}\n" for key, value in metadata.items())
    known = known_of(f"---\n{front}---\n{body}".encode("utf-8", "replace").decode(), id="acme/gulls", kind=kind)
    for exporter in EXPORTERS:
        if exporter.describes(known):
            text = exporter.document(known)
            text.encode()
            if text.startswith("{"):
                json.loads(text)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/../../b", "/etc/passwd", "a\x00b", "CON", "x" * 500, ".git/config", ""])
def test_files_stay_inside_the_folder(tmp_path, name):
    sink = _Sink(f"{tmp_path}/out/", EXPORTERS[0])
    known = known_of("# T\n")._replace(name=name)
    sink.write(known, "one")
    sink.write(known, "two")
    found = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len(found) == 2
    assert all(path.is_relative_to(tmp_path / "out" / "models") for path in found)
