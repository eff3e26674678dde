"""Positions, the cursor, the worker and the place of a document, without a server."""

from __future__ import annotations

import asyncio
import os
import time
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="the extra [lsp] is not installed")

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from cardlint.card.lines import Lines
from cardlint.cli.lsp import project_of
from cardlint.editor import reference
from cardlint.editor import session as session_module
from cardlint.editor.bench import Bench, Document, difference
from cardlint.editor.cursor import region, spot
from cardlint.editor.place import Listings, entry_of
from cardlint.editor.positions import Positions
from cardlint.editor.session import Session, Text
from cardlint.editor.worker import StoppedError, Worker
from cardlint.vocab import fields

OPTIONS = {
    "profile": None,
    "select": (),
    "extend_select": (),
    "ignore": (),
    "preview": None,
    "min_severity": None,
    "min_confidence": None,
    "rule_folders": (),
    "config_file": None,
    "isolated": False,
    "waivers": None,
}
ENCODINGS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
texts = st.text(st.sampled_from("a: -[]é߿漢￿😀\U0010ffff\ufeff\r\n\u2028\x0c\"'#|"), max_size=60)


@given(texts, st.sampled_from(sorted(ENCODINGS)))
def test_positions_agree_with_the_codecs_and_come_back(text, encoding):
    codec, size = ENCODINGS[encoding]
    positions = Positions(text, encoding)
    starts = Lines(text).starts
    for offset in range(len(text) + 1):
        line = max(index for index, start in enumerate(starts) if start <= offset)
        found = positions.position(offset)
        assert (found.line, found.character) == (line, len(text[starts[line] : offset].encode(codec)) // size)
        if offset == len(text) or text[offset] not in "\r\n" or offset == starts[line] or text[offset - 1] not in "\r\n":
            assert positions.offset(found) == offset


@given(texts, st.integers(0, 50), st.integers(0, 200))
def test_any_position_is_some_offset(text, line, character):
    assert 0 <= Positions(text).offset(types.Position(line, character)) <= len(text)


@given(st.text(st.sampled_from("ab: -[]{}\"'#|>\n😀"), max_size=80), st.integers(0, 90))
def test_any_cursor_has_an_answer_inside_the_block(text, at):
    text = f"---\n{text}"
    at = min(at, len(text))
    found = spot(text, Lines(text), at)
    if found is not None:
        assert region(text)[0] <= found.start <= at <= found.end <= len(text)
        assert text[found.start : found.end] == found.word


@given(texts, texts)
def test_the_difference_makes_one_text_of_the_other(before, after):
    start, end, text = difference(before, after)
    assert before[:start] + text + before[end:] == after


@pytest.mark.parametrize(
    ("text", "path", "word"),
    [
        ('license: "m¦it" # x', ("license",), "mit"),
        ("widget:\n- text: 'a [MASK¦] b'", ("widget", "text"), "a [MASK] b"),
        ("a:\n  mean area:\n  - 1¦", ("a", "mean area"), "1"),
        ("language: [en,\n  'd¦e', fr]", ("language",), "de"),
        ("model-index:\n- name: x\n  results:\n  - metrics:\n    - type: w¦er", ("model-index", "results", "metrics", "type"), "wer"),
        ('license: "mit" ¦', None, None),
        ("license: mit # m¦it", None, None),
        ("license:   ¦  mit", None, None),
    ],
)
def test_what_the_cursor_is_at(text, path, word):
    text = f"---\n{text}\n---\n"
    at = text.index("¦")
    text = text.replace("¦", "")
    found = spot(text, Lines(text), at)
    assert (found and (found.path, found.word)) == (path and (path, word))


def test_long_blocks_cost_little():
    text = "---\n" + "- a: [b, c]\n  d: {\n" * 50_000
    lines = Lines(text)
    started = time.process_time()
    spot(text, lines, len(text) - 3)
    spot("---\na: " + "[" * 1_000_000, Lines("---\na: " + "[" * 1_000_000), 900)
    spot("---\n" + "- " * 500_000, Lines("---\n" + "- " * 500_000), 900)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_every_key_is_described(kind):
    assert [key for key in fields.of(kind) if reference.about((key,)) is None] == []


def test_every_value_that_is_proposed_is_one_that_is_told():
    for path in (("license",), ("pipeline_tag",), ("library_name",), ("language",)):
        assert [choice.value for choice in reference.choices(path, "model") if reference.says(path, choice.value, "model") is None] == []


@pytest.mark.parametrize(
    ("value", "text"), [("no", '"no"'), ("en", "en"), ("on", '"on"'), ("n<1K", "n<1K"), ("true", "true"), ("3.10", '"3.10"')]
)
def test_values_are_quoted_where_readers_differ(value, text):
    assert reference.written(value) == text


def test_the_worker_is_stopped_when_it_takes_too_long_and_serves_again():
    async def scenario():
        worker = Worker(_slow, limit=1.0)
        document = Document(None, "---\nlicense: apache2\n---\n# A\n")
        with pytest.raises(StoppedError, match="longer than 1 seconds"):
            await worker.ask("judge", lambda: (document._replace(roots=(Path("/slow"),)),))
        worker._limit = 60
        judged = await worker.ask("judge", lambda: (document,))
        assert "LIC101" in [each.code for each in judged.outcome.findings]
        os.kill(worker._process.pid, 9)
        judged = await worker.ask("judge", lambda: (document,)) if _gone(worker) else None
        assert judged is not None
        worker.stop()

    asyncio.run(scenario())


def _gone(worker):
    worker._process.join(10)
    return not worker._process.is_alive()


def _slow(folder):
    if folder == Path("/slow"):
        time.sleep(60)
    return project_of({**OPTIONS, "isolated": True}, folder)


def _slow_once(marker, folder):
    if not marker.exists():
        marker.write_text("", encoding="utf-8")
        time.sleep(3600)
    return project_of({**OPTIONS, "isolated": True}, folder)


def test_a_text_that_is_no_longer_the_latest_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(session_module, "GRACE_SECONDS", 0.1)
    published = []

    async def scenario():
        worker = Worker(partial(_slow_once, tmp_path / "marker"), limit=7200)
        session = Session(
            worker, lambda each: published.append((each.text.version, [found.code for found in each.judged.outcome.findings]))
        )
        first, second = (Text(f"---\nlicense: {value}\n---\n# A\n", version, "utf-16") for version, value in enumerate(("mit", "apache2")))
        session.opened("untitled:1", None, first)
        while not (tmp_path / "marker").exists():
            await asyncio.sleep(0.05)
        session.changed("untitled:1", second)
        each = await session.latest("untitled:1")
        assert each.seen is second
        worker.stop()

    asyncio.run(scenario())
    assert [version for version, _ in published] == [1]
    assert "LIC101" in published[0][1]


def test_a_question_that_is_given_up_does_not_get_its_answer_mixed_up():
    async def scenario():
        worker = Worker(partial(project_of, {**OPTIONS, "isolated": True}))
        first, second = (Document(None, f"---\nlicense: {value}\n---\n# A\n") for value in ("apache2", "mit"))
        asked = asyncio.create_task(worker.ask("judge", lambda: (first,)))
        await asyncio.sleep(0.01)
        asked.cancel()
        judged = await worker.ask("judge", lambda: (second,))
        assert "LIC101" not in [each.code for each in judged.outcome.findings]
        worker.stop()

    asyncio.run(scenario())


def test_the_place_tells_id_and_kind(tmp_path):
    folder = tmp_path / "datasets" / "acme" / "letters"
    folder.mkdir(parents=True)
    (folder / ".gitattributes").write_text("", encoding="utf-8")
    text = "---\nlicense: mit\n---\n# A\n"
    found = entry_of(Document(folder / "README.md", text, (tmp_path,)), Listings(), None)
    assert (found.id, found.kind, [file.path for file in found.files]) == ("acme/letters", "dataset", [".gitattributes"])
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text('[remote "origin"]\n\turl = git@hf.co:spaces/acme/demo.git\n', encoding="utf-8")
    found = entry_of(Document(folder / "README.md", text, (tmp_path,)), Listings(), None)
    assert (found.id, found.kind, found.kind_from) == ("acme/demo", "space", "remote")
    alone = tmp_path / "project"
    alone.mkdir()
    (alone / "config.json").write_text("{}", encoding="utf-8")
    assert entry_of(Document(alone / "README.md", text, (tmp_path,)), Listings(), None).id is None


def test_a_listing_serves_for_a_moment(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    listings = Listings()
    assert len(listings.entry(tmp_path, ()).files) == 1
    (tmp_path / "LICENSE").write_text("", encoding="utf-8")
    assert len(listings.entry(tmp_path, ()).files) == 1
    listings.forget()
    assert len(listings.entry(tmp_path, ()).files) == 2


def test_a_bench_reads_the_configuration_each_time(tmp_path):
    bench = Bench(partial(project_of, OPTIONS))
    document = Document(tmp_path / "README.md", "---\nlicense: apache2\n---\n# A\n")
    assert "LIC101" in [each.code for each in bench.judge(document).outcome.findings]
    (tmp_path / "cardlint.toml").write_text('ignore = ["LIC101"]\n', encoding="utf-8")
    assert "LIC101" not in [each.code for each in bench.judge(document).outcome.findings]
    (tmp_path / "cardlint.toml").write_text("ignroe = []\n", encoding="utf-8")
    assert "unknown key 'ignroe'" in bench.judge(document).complaint


def test_a_silenced_finding_stays_with_its_text(tmp_path):
    bench = Bench(partial(project_of, OPTIONS))
    document = Document(tmp_path / "README.md", "---\nlicense: mit\n---\n# A\n\n```\nfrom_pretrained('YOUR_USERNAME/YOUR_MODEL')\n```\n")
    findings = bench.judge(document).outcome.findings
    for finding, change in zip(findings, bench.silence(document, findings), strict=True):
        text = document.text[: change.start] + change.text + document.text[change.end :]
        assert finding.fingerprint not in [each.fingerprint for each in bench.judge(document._replace(text=text)).outcome.findings]
