"""Mirrors on disk: what is found below a root, in what order, and what strangers put there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.facts.subject import Subject
from cardlint.model import CardlintError
from cardlint.sources import mirror, paths
from cardlint.sources.source import source

CARD = "---\nlicense: mit\n---\n# Gull counter\n"
COMMIT = "c" * 40
NEWER = "d" * 40


def card_at(folder, text=CARD):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(text, encoding="utf-8")
    return folder


def listed(root):
    return [(entry.id, entry.kind, entry.revision, entry.location is not None) for entry in source(str(root))]


@pytest.fixture
def judge():
    return Judge(Plan(tuple(choose(Choice(profile="audit"), shipped())), {}))


# Hub caches.


def cached(root, name="models--acme--gull", commit=COMMIT, main=COMMIT, card=CARD):
    folder = root / name
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    (folder / "refs").mkdir(exist_ok=True)
    snapshot = folder / "snapshots" / commit
    snapshot.mkdir(parents=True)
    if main:
        (folder / "refs" / "main").write_text(main + "\n", encoding="ascii")
    if card is not None:
        (folder / "blobs" / "b1").write_text(card, encoding="utf-8")
        (snapshot / "README.md").symlink_to("../../blobs/b1")
    return folder


def tree(folder, files, commit=COMMIT):
    (folder / "trees").mkdir(exist_ok=True)
    told = {"format_version": 1, "files": {path: {"size": size, "blob_id": "0" * 40} for path, size in files.items()}}
    (folder / "trees" / f"{commit}.json").write_text(json.dumps(told), encoding="utf-8")


def test_a_cache_gives_the_snapshot_of_main_with_id_kind_and_revision(tmp_path):
    cached(tmp_path)
    cached(tmp_path, commit=NEWER, main=None, card=None)
    cached(tmp_path, "datasets--acme--rings")
    cached(tmp_path, "spaces--acme--demo")
    assert listed(tmp_path) == [
        ("acme/rings", "dataset", COMMIT, True),
        ("acme/gull", "model", COMMIT, True),
        ("acme/demo", "space", COMMIT, True),
    ]


def test_a_cache_without_main_gives_every_snapshot(tmp_path):
    cached(tmp_path, main=None)
    cached(tmp_path, commit=NEWER, main=None, card=None)
    assert [row[2] for row in listed(tmp_path)] == [COMMIT, NEWER]


def test_the_tree_of_a_cache_is_its_complete_listing(tmp_path):
    folder = cached(tmp_path)
    (entry,) = source(str(tmp_path))
    assert entry.files is None
    tree(folder, {"README.md": len(CARD), "model.safetensors": 9_000})
    (entry,) = source(str(tmp_path))
    assert [(file.path, file.size) for file in entry.files] == [("README.md", len(CARD)), ("model.safetensors", 9_000)]


def test_a_card_that_was_not_downloaded_is_no_missing_card(tmp_path, judge):
    folder = cached(tmp_path, card=None)
    for files in (None, {"README.md": 50, "config.json": 2}):
        if files:
            tree(folder, files)
        (entry,) = source(str(tmp_path))
        outcome = judge(entry)
        assert outcome.findings == ()
        assert "the card is not in this copy" in outcome.not_checked
    tree(folder, {"config.json": 2})
    (entry,) = source(str(tmp_path))
    assert [finding.name for finding in judge(entry).findings] == ["missing-card"]


def test_a_cache_without_a_snapshot_is_a_failure(tmp_path, judge):
    (tmp_path / "models--acme--gull" / "snapshots").mkdir(parents=True)
    (entry,) = source(str(tmp_path))
    assert (entry.id, judge(entry).failure) == ("acme/gull", "cannot be read: its cache holds no snapshot")


@pytest.mark.parametrize("told", ["[]", '{"format_version": 1, "files": 3}', '{"format_version": 2, "files": {}}', "{", "[" * 100_000])
def test_a_tree_that_cannot_be_trusted_is_none(tmp_path, told):
    folder = cached(tmp_path)
    (folder / "trees").mkdir()
    (folder / "trees" / f"{COMMIT}.json").write_text(told, encoding="utf-8")
    (entry,) = source(str(tmp_path))
    assert entry.files is None


def test_a_snapshot_leads_nowhere_but_into_its_own_repository(tmp_path):
    (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
    folder = cached(tmp_path / "hub", card=None)
    (folder / "snapshots" / COMMIT / "README.md").symlink_to(tmp_path / "secret")
    (entry,) = source(str(tmp_path / "hub"))
    assert entry.location is None
    (folder / "refs" / "main").unlink()
    os.mkfifo(folder / "refs" / "main")
    assert [row[2] for row in listed(tmp_path / "hub")] == [COMMIT]


# Hostile folders.


def test_links_pipes_and_odd_names_are_listed_and_nothing_outside_is_read(tmp_path, judge):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "README.md").write_text("---\nlicense: secret-licence\n---\n", encoding="utf-8")
    hub = tmp_path / "hub"
    repo = card_at(hub / "acme" / "gull")
    (repo / "readme.MD").write_text("another case", encoding="utf-8")
    (repo / "loop").symlink_to("loop")
    (repo / "up").symlink_to("../../../outside")
    (repo / "away.md").symlink_to(tmp_path / "outside" / "README.md")
    os.mkfifo(repo / "pipe.bin")
    (repo / "-rf\n; $(x).txt").touch()
    pointing = hub / "acme" / "pointing"
    pointing.mkdir()
    (pointing / "config.json").write_text("{}", encoding="utf-8")
    (pointing / "README.md").symlink_to(tmp_path / "outside" / "README.md")
    (hub / "acme" / "linked").symlink_to(tmp_path / "outside")
    fifo = hub / "acme" / "fifo"
    fifo.mkdir()
    os.mkfifo(fifo / "README.md")
    (fifo / "config.json").write_text("{}", encoding="utf-8")
    found = {entry.id: entry for entry in source(str(hub))}
    assert sorted(found) == ["acme/fifo", "acme/gull", "acme/pointing"]
    sizes = {file.path: file.size for file in found["acme/gull"].files}
    assert {name for name, size in sizes.items() if size is None} == {"loop", "up", "away.md", "pipe.bin"}
    for name in ("acme/fifo", "acme/pointing"):
        assert found[name].location is None
        assert b"secret-licence" not in Subject(found[name]).data
        assert judge(found[name]).failure is None


def test_a_device_is_no_card(tmp_path, judge):
    repo = tmp_path / "acme" / "zero"
    repo.mkdir(parents=True)
    (repo / "config.json").write_text("{}", encoding="utf-8")
    try:
        os.mknod(repo / "README.md", 0o600 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("this user may make no devices")
    (entry,) = source(str(tmp_path))
    assert entry.location is None
    assert [finding.name for finding in judge(entry).findings] == ["missing-card"]


def test_a_huge_folder_is_taken_in_slices_and_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "AT_ONCE", 7)
    for number in range(50):
        card_at(tmp_path / "acme" / f"gull-{number * 37 % 50:02}")
    assert [row[0] for row in listed(tmp_path)] == [f"acme/gull-{number:02}" for number in range(50)]


def test_a_card_beside_a_heap_of_files_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "AT_ONCE", 7)
    repo = card_at(tmp_path / "acme" / "gull")
    for number in range(40):
        (repo / f"a{number}.txt").touch()
    assert listed(tmp_path) == [("acme/gull", None, None, True)]


def test_a_repository_of_too_many_files_is_judged_by_its_card_alone(tmp_path, monkeypatch, judge):
    monkeypatch.setattr(paths, "MAX_FILES", 5)
    for name, names in {"acme/few": "01234"[:4], "acme/many": "012345", "acme/bare": "0123456"}.items():
        card_at(tmp_path / name)
        for each in names:
            (tmp_path / name / f"{each}.safetensors").touch()
    (tmp_path / "acme" / "bare" / "README.md").unlink()
    found = {
        entry.id: (entry.files and len(entry.files), {each.code for each in judge(entry).findings} & {"FM001"})
        for entry in source(str(tmp_path))
    }
    assert found == {"acme/few": (5, set()), "acme/many": (None, set()), "acme/bare": (5, {"FM001"})}


def test_the_share_grows_to_the_whole(tmp_path):
    for number in range(20):
        card_at(tmp_path / f"org{number % 4}" / f"gull-{number}")
    read = source(str(tmp_path))
    shares = [read.share for _ in read]
    assert shares == sorted(shares)
    assert shares[10] == pytest.approx(0.5, abs=0.06)
    assert read.share == 1.0


def test_a_folder_that_cannot_be_read_is_a_failure_and_the_rest_is_judged(tmp_path, monkeypatch, judge):
    for name in ("acme/gull", "acme/locked", "gone/tern", "shut/tern", "zebra/finch"):
        card_at(tmp_path / name)
    scandir, faults = (
        os.scandir,
        {
            "sealed": PermissionError(13, "Permission denied"),
            "locked": PermissionError(13, "Permission denied"),
            "shut": OSError(5, "Input/output error"),
        },
    )

    def watched(place):
        name = Path(place).name
        if name in faults or name == "gone":
            raise faults.get(name, FileNotFoundError(2, "No such file or directory"))
        return scandir(place)

    card_at(tmp_path / "zebra" / "inner")
    (tmp_path / "zebra" / "inner" / "sealed").mkdir()
    monkeypatch.setattr(os, "scandir", watched)
    told = {Path(entry.input).relative_to(tmp_path).as_posix(): (entry.id, judge(entry).failure) for entry in source(str(tmp_path))}
    assert told == {
        "acme/gull/README.md": ("acme/gull", None),
        "acme/locked": ("acme/locked", "cannot be read: Permission denied"),
        "shut": (None, "cannot be read: Input/output error"),
        "zebra/finch/README.md": ("zebra/finch", None),
        "zebra/inner/README.md": ("zebra/inner", None),
    }
    inner = next(entry for entry in source(str(tmp_path)) if entry.id == "zebra/inner")
    assert inner.files is None  # what lies in a folder inside is not known


@pytest.mark.parametrize("names", [(".lock", "cards/", "findings/", "segments/"), ("cardlint-site.txt", "data/")])
def test_what_an_audit_wrote_beside_the_owners_is_no_repository(tmp_path, names):
    def put(folder):
        for name in names:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith("/"):
                place.mkdir()
            (place / "part" if name.endswith("/") else place).write_text("", encoding="utf-8")

    card_at(tmp_path / "acme" / "gull")
    put(tmp_path / "report")
    put(tmp_path / "acme" / "hidden")  # what an author may write hides nothing
    put(card_at(tmp_path / "flat"))
    assert [row[0] for row in listed(tmp_path)] == ["acme/gull", "acme/hidden", "flat"]


def test_loose_cards_are_the_markdown_files_of_a_folder(tmp_path):
    (tmp_path / "more").mkdir()
    for name in ("b.md", "a.md", "more/c.markdown", "notes.txt"):
        (tmp_path / name).write_text(CARD, encoding="utf-8")
    found = list(source(f"cards:{tmp_path}", kind="dataset"))
    assert [(entry.path, entry.id, entry.kind, entry.files) for entry in found] == [
        ("a.md", None, "dataset", None),
        ("b.md", None, "dataset", None),
        ("c.markdown", None, "dataset", None),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hub:a/b/c", "ORG/NAME, ORG/[*] or [*] is wanted"),
        ("hub:", "is wanted"),
        ("no-such.parquet", "no such file"),
        ("cards:no-such", "no such folder"),
        ("no-such-folder", "no such file or folder"),
    ],
)
def test_what_names_nothing_is_refused(name, message):
    with pytest.raises(CardlintError, match=message):
        list(source(name))


def test_an_address_without_a_hub_is_refused(tmp_path):
    with pytest.raises(CardlintError, match="write hub:"):
        source(str(tmp_path), endpoint="http://127.0.0.1:1")


def test_an_environment_of_python_holds_no_repositories_but_in_an_audit(tmp_path):
    for place, name in (
        ("venv", "pyvenv.cfg"),
        ("venv/lib/site-packages", "distutils.pth"),
        ("envs/one", "pyvenv.cfg"),
        ("envs/one/bin", "x.bin"),
    ):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / place / name).write_text("x", encoding="utf-8")
    assert list(paths.from_path(tmp_path)) == []
    assert [row[0] for row in listed(tmp_path)] == ["envs/one", None]


@pytest.mark.parametrize(
    ("names", "missed"),
    [
        (["x.py", "__init__.py", "Makefile"], False),
        (["logo.png", "guide.md"], False),
        (["rows.csv", "notes.ipynb"], False),
        (["x.py", "weights.nemo"], True),
        (["model.safetensors"], True),
        (["tokenizer.json"], True),
        (["readme.txt"], True),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_a_folder_of_a_project_lacks_no_card_but_in_an_audit(tmp_path, names, missed):
    place = tmp_path / "tools" / "gulls"
    place.mkdir(parents=True)
    for name in names:
        (place / name).write_text("x", encoding="utf-8")
    assert [entry.id for entry in paths.from_path(tmp_path)] == (["tools/gulls"] if missed else [])
    assert [row[0] for row in listed(tmp_path)] == ["tools/gulls"]


@pytest.mark.parametrize(("owner", "told"), [("checkpoints", None), ("results", None), ("acme", "acme/gull")])
def test_a_folder_of_results_in_a_project_is_no_owner_but_in_an_audit(tmp_path, owner, told):
    card_at(tmp_path / owner / "gull")
    assert [entry.id for entry in paths.from_path(tmp_path)] == [told]
    assert [row[0] for row in listed(tmp_path)] == [f"{owner}/gull"]
