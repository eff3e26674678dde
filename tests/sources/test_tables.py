"""Tables of cards: every form, the columns of known dumps, and rows that nobody can use."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.facts.subject import Subject
from cardlint.model import CardlintError
from cardlint.sources.source import source

CARD = '---\nlicense: mit\n---\n# Gull counter, "quoted"\nand a second line\n'
ROWS = [{"modelId": "acme/gull", "card": CARD, "downloads": 41}, {"modelId": "acme/tern", "card": "# Tern\n", "downloads": None}]


def write_parquet(path, rows):
    pq = pytest.importorskip("pyarrow.parquet")
    import pyarrow as pa

    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=1)


def write_lines(path, rows):
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def write_csv(path, rows):
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


FORMS = {
    "t.parquet": write_parquet,
    "t.jsonl": write_lines,
    "t.ndjson": write_lines,
    "t.jsonl.gz": write_lines,
    "t.csv": write_csv,
    "t.csv.gz": write_csv,
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_entries(tmp_path, name):
    FORMS[name](tmp_path / name, ROWS)
    found = list(source(str(tmp_path / name)))
    assert [(entry.id, entry.downloads, entry.text) for entry in found] == [
        ("acme/gull", 41, CARD.encode()),
        ("acme/tern", None, b"# Tern\n"),
    ]
    assert found[0].input == f"{name}#acme/gull"


def test_metadata_without_a_card_is_judged_as_metadata_alone(tmp_path):
    rows = [{"id": "acme/gull", "cardData": json.dumps({"license": "apache2", "tags": ["a"], "x": None}), "sha": "abc", "siblings": None}]
    write_parquet(tmp_path / "t.parquet", rows)
    (entry,) = source(str(tmp_path / "t.parquet"), kind="model")
    judge = Judge(Plan(tuple(choose(Choice(profile="audit"), shipped())), {}))
    outcome = judge(entry)
    assert [finding.code for finding in outcome.findings] == ["LIC101"]
    assert "only the card's metadata was given" in outcome.not_checked
    facts = Subject(entry).facts
    assert (facts["declared"]["licenses"], facts["metadata"].get("x"), facts["sections"]) == (["apache2"], None, {})
    assert entry.revision == "abc"


def test_metadata_as_an_object_and_a_listing(tmp_path):
    siblings = [{"rfilename": "model.gguf"}, {"rfilename": "README.md"}]
    write_lines(tmp_path / "t.jsonl", [{"id": "acme/gull", "cardData": {"license": "other"}, "siblings": siblings, "repo_type": "dataset"}])
    (entry,) = source(str(tmp_path / "t.jsonl"))
    assert (entry.kind, entry.text) == ("dataset", b"---\nlicense: other\n---\n")
    assert [file.path for file in entry.files] == ["README.md", "model.gguf"]


def test_rows_that_cannot_be_understood_are_failures(tmp_path):
    lines = [json.dumps(ROWS[0]), "{", "[]", "[" * 100_000, json.dumps({"modelId": ["x"], "card": 7}), '{"card": "\\ud800"}', ""]
    (tmp_path / "t.jsonl").write_text("\n".join(lines), encoding="utf-8")
    judge = Judge(Plan((), {}))
    found = [judge(entry) for entry in source(str(tmp_path / "t.jsonl"))]
    assert [outcome.failure is None for outcome in found] == [True, False, False, False, True, True]
    assert found[1].failure.startswith("cannot be read: not JSON")
    assert found[4].repo is None


def test_columns_are_named_and_a_slip_is_told(tmp_path):
    write_lines(tmp_path / "t.jsonl", [{"name": "acme/gull", "body": CARD}])
    (entry,) = source(str(tmp_path / "t.jsonl"), columns={"id": "name", "card": "body"})
    assert (entry.id, entry.text) == ("acme/gull", CARD.encode())
    with pytest.raises(CardlintError, match="no column 'bodi' for card; did you mean 'body'"):
        list(source(str(tmp_path / "t.jsonl"), columns={"card": "bodi"}))
    with pytest.raises(CardlintError, match="name it by --columns card=NAME"):
        list(source(str(tmp_path / "t.jsonl")))


def test_a_pattern_names_several_tables_in_order(tmp_path):
    for name, row in zip(("b.jsonl", "a.jsonl"), ROWS, strict=True):
        write_lines(tmp_path / name, [row])
    read = source(str(tmp_path / "*.jsonl"))
    assert [entry.id for entry in read] == ["acme/tern", "acme/gull"]


@pytest.mark.parametrize("content", [b"PAR1", b"not parquet", b"\x1f\x8b"])
@pytest.mark.parametrize("name", ["t.parquet", "t.csv.gz"])
def test_a_broken_table_is_one_clear_line(tmp_path, name, content):
    pytest.importorskip("pyarrow")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CardlintError, match=f"{name}"):
        list(source(str(tmp_path / name)))


def test_addresses_are_read_by_fsspec():
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe("/cards/t.jsonl", json.dumps(ROWS[0]).encode())
    for address in ("memory://cards/t.jsonl", "memory://cards/*.jsonl", "memory://cards"):
        assert [entry.id for entry in source(address)] == ["acme/gull"]
    with pytest.raises(CardlintError, match="no table there"):
        list(source("memory://nowhere/*.jsonl"))
    with pytest.raises(CardlintError):
        list(source("nosuch://cards/t.jsonl"))


def test_an_object_store_is_read(tmp_path, monkeypatch):
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server")
    import threading

    from werkzeug.serving import make_server

    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    http = make_server("127.0.0.1", 0, server.DomainDispatcherApplication(server.create_backend_app), threaded=True)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{http.port}")
    try:
        import s3fs

        store = s3fs.S3FileSystem(skip_instance_cache=True)
        store.mkdir("mirror")
        write_parquet(tmp_path / "t.parquet", ROWS)
        store.put(str(tmp_path / "t.parquet"), "mirror/t.parquet")
        assert [(entry.id, entry.downloads) for entry in source("s3://mirror/*.parquet")] == [("acme/gull", 41), ("acme/tern", None)]
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.mark.parametrize("name", ["t.jsonl.gz", "t.csv.gz"])
def test_packing_that_is_broken_in_the_middle_is_one_clear_line(tmp_path, name):
    packed = bytearray(gzip.compress(bytes(range(256)) * 400))
    packed[200:260] = b"\xff" * 60
    (tmp_path / name).write_bytes(packed)
    with pytest.raises(CardlintError, match=name):
        list(source(str(tmp_path / name)))
