"""Readers of hostile input by themselves: whatever comes, they refuse or they agree with what is sent on."""

from __future__ import annotations

import base64
import io
import json

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

pytest.importorskip("aiohttp")

from cardlint.gate.paths import CARD, fault, resembles_card
from cardlint.gate.proxy.asked import asked
from cardlint.gate.proxy.commit import Malformed, header_line, read_commit

PATHS = st.sampled_from([CARD, "readme.md", "a.txt", "b/c.json", "../x", "b", "b/", "", "\0", "READ\u200bME.md"]) | st.text(max_size=8)
VALUES = st.fixed_dictionaries(
    {"path": PATHS},
    optional={
        "content": st.sampled_from(["", "eA==", "x", "---"]),
        "encoding": st.sampled_from(["base64", "utf-8", "hex"]),
        "oid": st.sampled_from(["a" * 64, "b"]),
        "size": st.integers(-1, 9),
        "more": st.none(),
    },
)
LINES = st.fixed_dictionaries(
    {"key": st.sampled_from(["file", "lfsFile", "deletedFile", "deletedFolder", "header", "copy"]), "value": VALUES}
)


HEAD = b'{"key": "header", "value": {"summary": "s", "description": ""}}\n'
BODIES = st.lists(LINES, max_size=6).map(lambda rows: HEAD + b"".join(json.dumps(row).encode() + b"\n" for row in rows))


def read(body: bytes):
    out = io.BytesIO()
    return read_commit(io.BytesIO(body), out), out.getvalue()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | BODIES)
def test_a_commit_is_refused_or_reads_the_same_when_it_is_sent_on(body):
    try:
        commit, out = read(body)
    except Malformed:
        return
    again, twice = read(header_line(commit.header, "a" * 40) + out)
    assert (again.operations, again.card, again.kept, twice) == (commit.operations, commit.card, commit.kept, out)
    assert all(fault(each.path, folder=each.key == "deletedFolder") is None for each in commit.operations)
    named = [each.path.rstrip("/") for each in commit.operations if each.key in ("file", "lfsFile")]
    assert len(named) == len(set(named))


def test_the_parent_is_set_where_the_client_names_none():
    assert json.loads(header_line({"summary": "s"}, "a" * 40))["value"] == {"summary": "s", "parentCommit": "a" * 40}
    assert json.loads(header_line({"summary": "s", "parentCommit": "b" * 7}, "a" * 40))["value"]["parentCommit"] == "b" * 7
    assert "parentCommit" not in json.loads(header_line({"summary": "s"}, None))["value"]


def test_a_member_that_is_null_is_absent():
    rows = [
        {"key": "header", "value": {"summary": "s", "description": None, "parentCommit": None}},
        {"key": "lfsFile", "value": {"path": "a.bin", "algo": "sha256", "oid": "a" * 64, "size": None}},
    ]
    commit, out = read(b"\n".join(json.dumps(row).encode() for row in rows))
    assert (commit.header, commit.operations[0].size) == ({"summary": "s"}, None)
    assert json.loads(out)["value"] == {"path": "a.bin", "algo": "sha256", "oid": "a" * 64}
    with pytest.raises(Malformed):
        read(HEAD + b'{"key": "file", "value": {"path": null, "content": ""}}')


def test_content_is_sent_on_in_one_form():
    text = base64.b64encode(b"text").decode()
    rows = [
        {"key": "file", "value": {"path": "a", "content": "text"}},
        {"key": "file", "value": {"path": "b", "content": text, "encoding": "base64"}},
    ]
    _, out = read(HEAD + b"\n".join(json.dumps(row).encode() for row in rows))
    assert [json.loads(line)["value"]["content"] for line in out.splitlines()] == [text, text]


NOISE = st.text(alphabet=st.sampled_from("/.%25cC2fFoOmMiItT;\\apidelsx-1"), max_size=6)
SPELT = st.tuples(*(st.sampled_from((each, each.upper(), f"%{ord(each):02x}", f"%25{ord(each):02X}")) for each in "commit")).map("".join)
STEP = st.sampled_from(("/", "//", "\\", "%2f", "%252F", "/./", ";v=1/"))


@settings(max_examples=300, deadline=None)
@given(st.tuples(st.just("/api/models/acme/x"), STEP, NOISE, STEP, SPELT, STEP, NOISE).map("".join))
def test_a_path_that_a_lenient_reader_takes_for_a_commit_never_streams_through(path):
    from urllib.parse import unquote

    lenient = unquote(unquote(path)).lower().replace("\\", "/")
    steps = [step.partition(";")[0] for step in lenient.split("/") if step]
    event(f"a commit: {'commit' in steps[4:-1]}")
    if "commit" in steps[4:-1]:
        assert asked("POST", path).what in ("commit", "odd")


@pytest.mark.parametrize(
    ("path", "what", "repo", "revision"),
    [
        ("/api/models/acme/x/commit/main?create_pr=1", "commit", "acme/x", "main"),
        ("/api/models/gpt2/commit/main", "commit", "gpt2", "main"),
        ("/api/datasets/acme/x/commit/refs%2Fpr%2F1", "commit", "acme/x", "refs/pr/1"),
        ("/api/spaces/acme/commit/commit/main", "commit", "acme/commit", "main"),
        ("/api/models/acme/x/preupload/dev", "preupload", "acme/x", "dev"),
        ("/api/models/acme/x/discussions/12/merge", "merge", "acme/x", "main"),
        ("/api/validate-yaml", "validate", "", "main"),
        ("/api/repos/create", "create", "", "main"),
        ("/acme/x.git/git-receive-pack", "push", "", "main"),
        ("/acme/x.git/info/lfs/objects/batch", "other", "", "main"),
        ("/api/models/acme/x/commit/..%2Fx", "odd", "", "main"),
        ("/api/models/acme/x/commits/main", "other", "", "main"),
        ("/api/models/acme/x/discussions/12/comment", "other", "", "main"),
        ("http://hub/api/models/acme/x", "odd", "", "main"),
    ],
)
def test_what_a_request_asks_for(path, what, repo, revision):
    found = asked("POST", path)
    assert (found.what, found.id, found.revision) == (what, repo, revision)
    assert asked("GET", path).what == "other"


@pytest.mark.parametrize("path", ["a", "a/b.c", "ä/ö", "a b", ".gitattributes", "README.md", "..a", "a..b"])
def test_plain_paths_have_no_fault(path):
    assert fault(path) is None


@pytest.mark.parametrize(
    "path", ["", "/", "a/", "a//b", ".", "a/./b", "a/../b", "a\tb", "\x7f", "a\\b", ".GIT/config", "x/.git", "\ud800", "a" * 5000]
)
def test_odd_paths_have_one(path):
    assert fault(path) is not None


def test_only_the_cards_own_name_is_the_cards():
    assert not any(map(resembles_card, (CARD, "docs/README.md", "README.md.txt", "README", "READYOU.md")))
    assert all(
        map(resembles_card, ("readme.md", "README.MD", "ReadMe.md.", " README.md", "README.md\u200d", "./README.md", "ＲＥＡＤＭＥ.md"))
    )
