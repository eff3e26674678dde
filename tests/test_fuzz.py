"""The fuzz targets on what broke them once, on the rules' own examples, and on a fixed budget of made inputs."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.run import HERE, TARGET_NAMES
from fuzz.seeds import seeds
from fuzz.targets import TARGETS

FOUND = sorted(path for path in (HERE / "found").rglob("*") if path.is_file())
WORDS = {
    target: [
        line.strip()[1:-1].encode("latin-1").decode("unicode_escape").encode("latin-1")
        for line in (HERE / "dictionaries" / f"{target}.dict").read_text(encoding="utf-8").splitlines()
    ]
    for target in TARGET_NAMES
    if (HERE / "dictionaries" / f"{target}.dict").exists()
}


def test_every_target_is_run():
    assert set(TARGET_NAMES) == TARGETS.keys()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_broke_a_reader_once_breaks_it_no_more(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", TARGET_NAMES)
def test_promises_hold_on_the_examples_and_on_every_prefix_of_some(target):
    known = seeds(target)
    assert known or target == "pointer"
    for seed in known[:: max(1, len(known) // 60)]:
        TARGETS[target](seed)
    for seed in known[:: max(1, len(known) // 4)][:4]:
        for end in range(0, len(seed), max(1, len(seed) // 12)):
            TARGETS[target](seed[:end])


@st.composite
def mutated(draw, target):
    """A seed with pieces cut out, doubled and put in, as a fuzzer does."""
    data = bytearray(draw(st.sampled_from(seeds(target) or (b"",))))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        piece = draw(st.sampled_from(WORDS.get(target, [b"\x00"])) | st.binary(max_size=8))
        data[at : at + draw(st.integers(0, 12))] = piece * draw(st.sampled_from((1, 1, 2, 40)))
    return bytes(data)


@pytest.mark.parametrize("target", TARGET_NAMES)
def test_promises_hold_on_made_inputs(target):
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(mutated(target))
    def holds(data):
        TARGETS[target](data)

    holds()


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_fuzzer_itself_runs_and_counts():
    done = subprocess.run(
        [sys.executable, "-m", "fuzz.run", "gguf", "--runs", "500"], capture_output=True, text=True, cwd=HERE.parent, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["executions"] >= 500
    assert figures["edges"] > 50
    assert figures["found"] == []
