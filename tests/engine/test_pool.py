"""Workers that take tasks one after the other, and how long each stays."""

from __future__ import annotations

import os

import pytest

from cardlint.engine.pool import Limits, Pool


def told(_judge, task, _note):
    """The number of the process and the task."""
    return os.getpid(), task


@pytest.mark.parametrize(("life", "processes"), [(0, 1), (2, 3), (5, 1)])
def test_a_new_process_takes_the_place_of_a_worker_after_its_life(tmp_path, life, processes):
    done = list(Pool(dict, told, 1, tmp_path, Limits(), life=life).in_order(range(5), ahead=2))
    assert [task for _, task in done] == [0, 1, 2, 3, 4]
    assert len({pid for pid, _ in done}) == processes


def test_workers_that_end_by_turns_lose_no_task(tmp_path):
    done = list(Pool(dict, told, 3, tmp_path, Limits(), life=1).in_order(range(40), ahead=12))
    assert [task for _, task in done] == list(range(40))
    assert len({pid for pid, _ in done}) == 40
