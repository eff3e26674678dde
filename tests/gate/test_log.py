"""The log: append-only, and whatever is changed in it shows."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from click.testing import CliRunner

from cardlint.cli.gate_log import allow, log
from cardlint.gate.log import Log, LogWriter
from cardlint.model import CardlintError


@pytest.fixture
def kept(tmp_path) -> Log:
    made = Log(tmp_path / "gate.sqlite")
    made.append([{"event": "start", "rules": "sha256:1"}])
    made.append(
        [
            {
                "event": "commit",
                "action": "refuse",
                "repo": "acme/x",
                "who": "alice",
                "codes": ["LIC101"],
                "decision": "d1",
                "revision": "main",
            },
            {
                "event": "commit",
                "action": "allow",
                "repo": "datasets/acme/y",
                "who": "bob",
                "codes": ["card-misspelt"],
                "decision": "d2",
                "revision": "dev",
            },
        ]
    )
    return made


ALL = "at, event, action, repo, who, body, hash"


def run(command, *arguments: str):
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def tampered(kept: Log, statement: str) -> None:
    with sqlite3.connect(kept.path) as base:
        base.executescript("DROP TRIGGER log_never_changes; DROP TRIGGER log_never_shrinks;")
        base.execute(statement)
    base.close()


def test_an_intact_log_is_verified(kept):
    done = run(log, "--log", str(kept.path), "--verify")
    assert (done.exit_code, done.output.startswith("3 entries, head "), done.output.endswith(", intact\n")) == (0, True, True)


def test_one_entry_is_told_as_one(tmp_path):
    Log(tmp_path / "gate.sqlite").append([{"event": "start"}])
    assert run(log, "--log", str(tmp_path / "gate.sqlite"), "--verify").output.startswith("1 entry, head ")


@pytest.mark.parametrize("statement", ["UPDATE log SET body = '{}' WHERE seq = 2", "DELETE FROM log WHERE seq = 2", "DELETE FROM log"])
def test_entries_can_be_neither_changed_nor_deleted(kept, statement):
    base = sqlite3.connect(kept.path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        base.execute(statement)
    base.close()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE log SET body = replace(body, 'refuse', 'allow') WHERE seq = 2", "entry 2 or the one before it was changed"),
        ("UPDATE log SET action = 'allow' WHERE seq = 2", "the columns of entry 2 were changed"),
        (
            "UPDATE log SET hash = CASE substr(hash, 1, 1) WHEN '0' THEN '1' ELSE '0' END || substr(hash, 2) WHERE seq = 1",
            "entry 1 or the one before it was changed",
        ),
        ("DELETE FROM log WHERE seq = 2", "entry 2 is not there"),
        ("DELETE FROM log WHERE seq = 1", "entry 1 is not there"),
        (
            f"INSERT INTO log SELECT 4, {ALL} FROM log WHERE seq = 3",
            "entry 4 or the one before it was changed",
        ),
    ],
)
def test_tampering_shows(kept, statement, fault):
    tampered(kept, statement)
    done = run(log, "--log", str(kept.path), "--verify")
    assert (done.exit_code, f"broken: {fault}" in done.output) == (1, True)


def test_a_log_that_was_cut_off_shows_against_a_noted_hash(kept):
    head = kept.verify().head
    assert kept.verify(head).fault is None
    tampered(kept, "DELETE FROM log WHERE seq = 3")
    assert kept.verify().fault is None
    assert "cut off or replaced" in run(log, "--log", str(kept.path), "--verify", "--head", head).output


@pytest.mark.parametrize(
    ("options", "decisions"),
    [
        ([], ["d1", "d2"]),
        (["--repo", "ACME/x"], ["d1"]),
        (["--who", "bob"], ["d2"]),
        (["--action", "refuse"], ["d1"]),
        (["--code", "lic101"], ["d1"]),
        (["--code", "card-misspelt"], ["d2"]),
        (["--since", "2999-01-01"], []),
        (["--since", "1h"], ["d1", "d2"]),
        (["--limit", "1"], ["d2"]),
    ],
)
def test_decisions_are_found(kept, options, decisions):
    lines = run(log, "--log", str(kept.path), "--event", "commit", *options).output.splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == decisions


def test_an_event_that_no_front_logs_is_refused_with_the_near_miss(kept):
    done = run(log, "--log", str(kept.path), "--event", "psh")
    assert done.exit_code == 2
    assert "did you mean 'push'?" in done.output


def test_an_allowance_holds_until_its_end_and_the_newest_counts(kept):
    assert kept.allowance("acme/x", "2026-01-01") is None
    assert run(allow, "acme/X", "--log", str(kept.path), "--reason", "release", "--until", "2999-01-01", "--owner", "ops").exit_code == 0
    leave = kept.allowance("Acme/x", "2998-12-31T00:00:00.000Z")
    assert (leave.reason, leave.owner, leave.until) == ("release", "ops", "2999-01-02T00:00:00.000Z")
    assert kept.allowance("acme/x", "2999-01-02T00:00:00.000Z") is None
    assert kept.allowance("datasets/acme/x", "2998-12-31T00:00:00.000Z") is None
    over = run(allow, "acme/x", "--log", str(kept.path), "--reason", "done", "--until", "now")
    assert over.output == "acme/x may no longer pass: done\n"
    assert kept.allowance("acme/x", "2998-12-31T00:00:00.000Z") is None
    assert [each["event"] for each in kept.entries(limit=2)] == ["allowance", "allowance"]
    assert kept.verify().fault is None


def test_an_allowance_is_looked_up_by_an_index(kept):
    base = sqlite3.connect(kept.path)
    query = "EXPLAIN QUERY PLAN SELECT body FROM log WHERE repo = 'x' AND event = 'allowance' ORDER BY seq DESC LIMIT 1"
    (plan,) = base.execute(query).fetchall()
    base.close()
    assert plan[-1] == "SEARCH log USING INDEX log_event (event=? AND repo=?)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["acme/x", "--reason", "r", "--until", "soon"], "no date, moment"),
        (["acme/x y", "--reason", "r", "--until", "1h"], "no repository id"),
        (["acme/x", "--reason", " ", "--until", "1h"], "say why"),
    ],
)
def test_a_faulty_allowance_is_refused(kept, arguments, message):
    with pytest.raises(CardlintError, match=message):
        run(allow, *arguments, "--log", str(kept.path))


def test_a_log_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CardlintError, match="there is no log here"):
        run(log, "--log", str(tmp_path / "none.sqlite"))


def test_many_writers_keep_one_chain(tmp_path):
    async def write(count: int) -> None:
        one, other = LogWriter(tmp_path / "gate.sqlite"), LogWriter(tmp_path / "gate.sqlite")
        numbers = await asyncio.gather(*(each.append({"event": "commit", "n": n}) for n in range(count) for each in (one, other)))
        one.stop()
        other.stop()
        assert sorted(numbers) == list(range(1, 2 * count + 1))

    asyncio.run(write(100))
    assert Log(tmp_path / "gate.sqlite").verify()[::2] == (200, None)


def test_a_log_that_cannot_be_written_fails_the_append(tmp_path):
    async def write() -> None:
        writer = LogWriter(tmp_path / "gate.sqlite")
        base = sqlite3.connect(tmp_path / "gate.sqlite")
        base.execute("DROP TABLE log")
        base.commit()
        base.close()
        with pytest.raises(CardlintError, match="the log cannot be used"):
            await writer.append({"event": "commit"})
        writer.stop()

    asyncio.run(write())
