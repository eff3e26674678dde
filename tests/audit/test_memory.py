"""Work on all results at once: in bounded memory, and once more with a higher bound where one step needs it."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

pytest.importorskip("duckdb")

from cardlint.audit import memory
from cardlint.audit.apart import apart
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
