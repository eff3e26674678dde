"""What an audit keeps: tables, and facts documents that are bounded whatever a repository holds."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from cardlint.audit.document import MAX_DOCUMENT
from cardlint.data import schema
from cardlint.engine.batch import Plan
from cardlint.model import CardlintError
from cardlint.sources.paths import from_path

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from cardlint.audit.part import Part
from cardlint.audit.rows import Auditor
from cardlint.audit.store import Store, require_audit
from cardlint.audit.summary import connect

CARD = "---\nlicense: mit\nbase_model: acme/tern\n---\n# Gull counter\n\nIt counts gulls in harbour photographs.\n"


def rows_of(mirror):
    auditor = Auditor(Plan((), {}))
    return [auditor.row(entry, b"%16d" % number) for number, entry in enumerate(from_path(mirror))]


def kept(tmp_path, rows):
    store = Store(tmp_path / "out")
    store.prepare()
    with Part(store.folder, "part") as part:
        for row in rows:
            part.add(row)
    return connect(tmp_path / "out")


@pytest.fixture
def mirror(tmp_path):
    repo = tmp_path / "hub" / "acme" / "gull"
    repo.mkdir(parents=True)
    (repo / "README.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "hub" / "acme" / "bare").mkdir()
    (tmp_path / "hub" / "acme" / "bare" / "config.json").write_text("{}", encoding="utf-8")
    return tmp_path / "hub"


def test_the_facts_of_every_card_are_kept_as_a_document_of_the_schema(mirror, tmp_path):
    found = kept(tmp_path, rows_of(mirror)).execute("select id, kind, document, cut from facts").fetchall()
    assert [(row[0], row[1], row[3]) for row in found] == [("acme/gull", "model", [])]
    facts = json.loads(found[0][2])
    assert list(Draft202012Validator(schema("facts")).iter_errors(facts)) == []
    assert facts["declared"]["licenses"] == ["mit"]
    assert [file["path"] for file in facts["repo"]["files"]] == ["README.md"]


def test_a_document_that_is_too_large_is_cut_and_says_where(mirror):
    for number in range(12_000):
        (mirror / "acme" / "gull" / f"part-{number:05}-of-12000.txt").touch()
    text, cut = next((row.document, row.cut) for row in rows_of(mirror) if row.document)
    assert len(text) <= MAX_DOCUMENT
    assert cut == ["/repo/files"]
    assert json.loads(text)["declared"]["base_models"] == ["acme/tern"]
    assert list(Draft202012Validator(schema("facts")).iter_errors(json.loads(text))) == []


def test_no_card_makes_a_document_over_the_bound(tmp_path):
    values = "\n".join(f"k{number}: {'v' * 60}" for number in range(8_000))
    (tmp_path / "README.md").write_text(f"---\n{values}\n---\n# x\n", encoding="utf-8")
    row = rows_of(tmp_path)[0]
    assert len(row.document.encode()) <= MAX_DOCUMENT
    assert row.cut[-1] == "/metadata"


def test_names_that_are_no_text_do_not_lose_the_part(tmp_path):
    folder = tmp_path / "hub" / "acme" / "gull"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    try:
        (folder / "caf\udce9.bin").touch()
        (folder.parent / "\udcff").mkdir()
        (folder.parent / "\udcff" / "README.md").write_text(CARD, encoding="utf-8")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system takes no such names")
    assert kept(tmp_path, rows_of(tmp_path / "hub")).execute("select id from facts order by id").fetchall() == [
        ("acme/?",),
        ("acme/gull",),
    ]


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"parts": ' + "[" * 100_000], ids=lambda text: text[:12])
def test_a_manifest_of_no_audit_is_refused(tmp_path, manifest):
    (tmp_path / "run.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(CardlintError, match="no finished audit is here"):
        require_audit(tmp_path)


def test_what_a_killed_reduce_phase_left_is_removed_when_the_store_is_taken(tmp_path):
    store = Store(tmp_path)
    left = [tmp_path / "hub" / ".cards.jsonl.17", tmp_path / "hub" / ".spill" / "block", tmp_path / ".report.jsonl.17"]
    kept = [tmp_path / "hub" / "cards.jsonl", tmp_path / ".gitignore", tmp_path / ".lock"]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with store.taken():
        assert [path for path in (*left, *kept) if path.exists()] == kept
    assert not (tmp_path / "hub" / ".spill").exists()


def test_results_inside_the_mirror_are_none_of_its_repositories(mirror, cardlint):
    for _ in range(2):
        assert cardlint("audit", "hub", "--out", "hub/report", "--jobs", "1").returncode == 0
    assert {row[0] for row in connect(mirror / "report").execute("select id from repos").fetchall()} == {"acme/gull", "acme/bare"}


def test_a_folder_of_somebody_else_is_refused_and_left_as_it_is(mirror, tmp_path, cardlint):
    theirs = tmp_path / "hub" / ".git" / "config"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("", encoding="utf-8")
    done = cardlint("audit", mirror, "--out", tmp_path)
    assert (done.returncode, done.stderr) == (2, f"cardlint: {tmp_path}: is there and holds no audit of cardlint; name a new folder\n")
    assert theirs.exists()


@pytest.mark.parametrize("names", [(), (".gitkeep",), (".lock", "cards"), ("run.json", "cards", "findings", "segments", "pages")])
def test_an_empty_folder_or_one_of_an_audit_is_taken(tmp_path, names):
    for name in names:
        (tmp_path / name).mkdir() if "." not in name else (tmp_path / name).write_text("", encoding="utf-8")
    with Store(tmp_path).taken():
        assert (tmp_path / ".lock").exists()
