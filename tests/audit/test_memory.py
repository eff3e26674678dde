"""Work on all results at once: in bounded memory, and once more with a higher bound where one step needs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from cardlint.audit import memory
from cardlint.audit.apart import apart
from cardlint.audit.joined import _around
from cardlint.audit.memory import in_bounded_memory
from cardlint.model import CardlintError

SORTED = "select count(*) from (select hash(i) as h, repeat('x', 40) as x from range(800000) as r(i) order by h limit 700000) where x <> ''"
AT_ONCE = "select len(list(i)) from range(2000000) as r(i)"


def test_what_does_not_fit_goes_to_disk_and_nothing_stays_there(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "MEMORY", (24,))
    assert in_bounded_memory(tmp_path, lambda connection: connection.execute(SORTED).fetchone()) == (700_000,)
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_cannot_be_cut_has_more_memory_the_second_time(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "MEMORY", (16, 512))
    bounds = []

    def work(connection):
        bounds.append(connection.execute("select current_setting('memory_limit')").fetchone()[0])
        return connection.execute(AT_ONCE).fetchone()

    assert in_bounded_memory(tmp_path, work) == (2_000_000,)
    assert len(set(bounds)) == 2


def test_what_needs_more_than_all_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "MEMORY", (16,))
    with pytest.raises(CardlintError, match="needs more than 16 MB"):
        in_bounded_memory(tmp_path, lambda connection: connection.execute(AT_ONCE).fetchone())


def test_work_apart_returns_what_it_returns_whatever_it_prints(capfd):
    assert apart(partial(print, "x")) is None
    assert apart(partial(max, 3, 5)) == 5
    assert capfd.readouterr().out == ""


def test_work_apart_raises_what_it_raises():
    with pytest.raises(ZeroDivisionError):
        apart(partial(divmod, 1, 0))


def test_work_apart_that_is_killed_is_told_in_one_line():
    with pytest.raises(CardlintError, match="ended with -9"):
        apart(partial(signal.raise_signal, signal.SIGKILL))


def test_work_apart_imports_nothing_from_the_folder_it_is_called_in(tmp_path, monkeypatch):
    for name in ("json", "pickle", "subprocess", "cardlint"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert apart(os.getcwd) == str(tmp_path)


def test_what_is_around_repositories_is_read_bit_by_bit(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 5_000
    path = tmp_path / "around.parquet"
    with pq.ParquetWriter(path, pa.schema([("n", pa.int64()), ("key", pa.string())])) as writer:
        for number in range(80):
            keys = [f"owner-{number * 7919 % 25_000}/card-{number * rows + key}" for key in range(rows)]
            writer.write_table(pa.table({"n": [number] * rows, "key": keys}))
    before, most = pa.total_allocated_bytes(), 0
    for number, (n, keys) in enumerate(_around(path)):
        assert (n, len(keys)) == (number, rows)
        most = max(most, pa.total_allocated_bytes() - before)
    assert most < path.stat().st_size / 4


POOL = """
import sys
from cardlint.cli.main import main
sys.argv = ["cardlint", "audit", sys.argv[1], "--out", sys.argv[2], "--jobs", "1", "--quiet"]
try:
    main()
finally:
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)
"""


def test_an_audit_takes_memory_from_a_pool_that_gives_it_back(tmp_path):
    card = tmp_path / "mirror" / "acme" / "kestrel" / "README.md"
    card.parent.mkdir(parents=True)
    card.write_text("# Kestrel\n", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ARROW_")}
    command = [sys.executable, "-c", POOL, tmp_path / "mirror", tmp_path / "audit"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.stdout.split()[-1:] == ["system"], done.stderr
