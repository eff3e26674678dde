"""The example for Spark: its function over Arrow batches, as executors call it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pyarrow as pa
import pytest

FILE = Path(__file__).parents[1] / "examples" / "spark_audit.py"


@pytest.fixture
def findings():
    spec = importlib.util.spec_from_file_location("spark_audit", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.findings


def test_batches_of_cards_become_batches_of_findings(findings):
    cards = ["---\nlicense: apache2\n---\n# x\n", "---\nlicense: mit\n---\n# y\n", None]
    batch = pa.RecordBatch.from_pydict({"id": ["acme/x", "acme/y", "acme/z"], "kind": ["model", "dataset", "model"], "card": cards})
    first, empty = findings(iter([batch, batch.slice(0, 0)]))
    rows = first.to_pylist()
    assert ("acme/x", "LIC101", "error") in {(row["id"], row["code"], row["severity"]) for row in rows}
    assert {row["kind"] for row in rows if row["id"] == "acme/y"} == {"dataset"}
    assert any(row["id"] == "acme/z" for row in rows)
    assert (empty.num_rows, empty.schema) == (0, first.schema)
