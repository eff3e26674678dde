"""Parts become segments: few files, the same bytes by whichever way, and nothing lost whatever ends it."""

from __future__ import annotations

import hashlib
import json
import os
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import pyarrow.parquet as pq

from cardlint.audit import compact, segments, shards
from cardlint.audit.documents import documents
from cardlint.audit.part import CARDS, TABLES
from cardlint.audit.scan import local, scan
from cardlint.audit.segments import SEGMENTS, cut, extents
from cardlint.audit.store import Store
from cardlint.engine.batch import Plan
from cardlint.engine.pool import Limits
from cardlint.sources.paths import from_path
from tests.hub.mirrors import card, write_mirror

REPOS = {f"org{number % 7}/gull-{number:03}": card(f"Gull {number}", license="mit") for number in range(120)}


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    """Shards of five repositories and segments of four shards, more or less: their names, which cut them, hold place and times."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shards, "_CUT", 5)
    monkeypatch.setattr(segments, "_CUT", 4)


def scanned(mirror, out, jobs=1):
    for path in mirror.rglob("*"):
        os.utime(path, (1, 1))  # the names of shards hold them
    store = Store(out)
    with store.taken():
        done = scan(from_path(mirror), Plan((), {}), "run", store, partial(local, jobs=1, limits=Limits()), lambda _: None, jobs=jobs)
    store.finish(done.keys, {}, {})
    return store, done


def content(out):
    """A hash of every file, by name."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_store_has_one_file_a_segment_and_table():
    store, done = scanned(write_mirror(Path("mirror"), REPOS), Path("out"))
    held = [extents(store.folder, name) for name in done.keys]
    assert len(done.keys) > 3
    assert sum(map(len, held)) > 2 * len(done.keys)
    assert json.loads((Path("out") / "run.json").read_text())["parts"] == done.keys
    for table in TABLES:
        assert {path.stem for path in (store.folder / table).iterdir()} == set(done.keys)
    assert {path.stem for path in (store.folder / CARDS).iterdir()} == {path.stem for path in (store.folder / SEGMENTS).iterdir()}


def test_all_stays_in_the_order_of_the_report():
    store, done = scanned(write_mirror(Path("mirror"), REPOS), Path("out"))
    lines = map(json.loads, (store.folder / "report.jsonl").read_text().splitlines())
    assert [each["repo"] for each in lines if each.get("type") == "card"] == sorted(REPOS)
    assert [facts["id"] for facts, _ in documents(store.folder)] == sorted(REPOS)
    rows = [row for name in done.keys for row in pq.read_table(store.folder / "nodes" / f"{name}.parquet")["id"].to_pylist()]
    assert rows == sorted(REPOS)


def test_a_change_costs_its_own_segment_and_gives_the_bytes_of_a_run_from_scratch():
    mirror = write_mirror(Path("mirror"), REPOS)
    store, before = scanned(mirror, Path("out"))
    kept = {path: path.stat().st_ino for path in (store.folder / "facts").iterdir()}
    write_mirror(mirror, {"org3/gull-045": card("Changed"), "org3/new": card("New")})
    _, after = scanned(mirror, Path("out"))
    assert (after.opened, after.reused) == (2, 119)
    assert len(set(after.keys) - set(before.keys)) <= 3
    assert all(path.stat().st_ino == kept[path] for path in (store.folder / "facts").iterdir() if path in kept)
    scanned(mirror, Path("fresh"))
    assert content(Path("out")) == content(Path("fresh"))


def test_other_cuts_copy_what_segments_hold(monkeypatch):
    mirror = write_mirror(Path("mirror"), REPOS)
    scanned(mirror, Path("out"))
    monkeypatch.setattr(segments, "_CUT", 3)
    _, done = scanned(mirror, Path("out"), jobs=2)
    assert (done.opened, done.reused) == (0, 120)
    scanned(mirror, Path("fresh"))
    assert content(Path("out")) == content(Path("fresh"))


@pytest.mark.parametrize("lost", ["", "{}", "[]", '{"tables": ["repos"], "shards": []}', None])
def test_a_segment_without_its_listing_is_made_again_and_no_card_is_opened(lost):
    mirror = write_mirror(Path("mirror"), REPOS)
    store, done = scanned(mirror, Path("out"))
    before = content(Path("out"))
    listing = store.folder / SEGMENTS / f"{done.keys[1]}.json"
    listing.unlink() if lost is None else listing.write_text(lost)
    _, again = scanned(mirror, Path("out"))
    assert (again.opened, again.reused) == (0, 120)
    assert content(Path("out")) == before


@pytest.mark.parametrize("at", [0, 3, 6, 7, 8, 11, 24])
def test_whatever_ends_it_no_shard_is_lost(monkeypatch, at):
    mirror = write_mirror(Path("mirror"), REPOS)
    written, real = [], compact.replace

    def full(path, write):
        if len(written) == at:
            raise OSError(28, "No space left on device")
        written.append(path)
        real(path, write)

    monkeypatch.setattr(compact, "replace", full)
    with pytest.raises(OSError, match="No space"):
        scanned(mirror, Path("out"))
    monkeypatch.setattr(compact, "replace", real)
    _, done = scanned(mirror, Path("out"))
    assert (done.opened, done.reused) == (0, 120)
    scanned(mirror, Path("fresh"))
    assert content(Path("out")) == content(Path("fresh"))


def test_groups_of_rows_are_bounded_by_bytes(monkeypatch):
    monkeypatch.setattr(compact, "UNIT", 2)
    monkeypatch.setattr(compact, "_MOST_BYTES", 4_000)
    monkeypatch.setattr(segments, "_CUT", 1 << 40)
    store, done = scanned(write_mirror(Path("mirror"), REPOS), Path("out"))
    file = pq.ParquetFile(store.folder / "facts" / f"{done.keys[0]}.parquet")
    sizes = [sum(map(len, file.read_row_group(group)["document"].to_pylist())) for group in range(file.num_row_groups)]
    assert len(sizes) > 10
    assert max(sizes[:-1]) < 4_000 + 2 * max(len(text) for text in file.read()["document"].to_pylist())


def test_a_shard_that_changes_moves_no_cut_but_its_own():
    names = [f"{number:032x}" for number in range(400)]
    before = dict(cut(names))
    names[200] = "f" * 32
    after = dict(cut(names))
    assert len(before) > 50
    assert [shard for held in after.values() for shard in held] == names
    assert len(set(after) - set(before)) <= 2
