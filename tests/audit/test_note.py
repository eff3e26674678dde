"""Notes: what is told of a process that died, by the file it left."""

from __future__ import annotations

import pytest

from cardlint.engine.note import Note


@pytest.mark.parametrize(
    ("left", "lost"),
    [
        (b"", {}),
        (b"start\n0\n1\n", {}),  # died once: maybe by chance
        (b"start\n0\n1\nstart\n0\n1\n", {1: "the process that read this card died"}),
        (b"start\n0\n1\nstart\n0\n", {}),  # over two different cards
        (b"start\n0\nCurrent thread 0x1 (most recent call first):\n  File x\n", {0: "took longer than 5 s"}),
        (b"start\n0\nThread 0x1\nstart\n1\nstart\n1\n", {0: "took longer than 5 s", 1: "the process that read this card died"}),
        (b"start\n0\n1\nmemory\n", {1: "ran out of memory"}),
        (b"start\n0\n-\n", {}),
        (b"start\n-\nThread 0x1\nstart\n0\n", {}),  # hung where all were taken together
        (b"\xff\xfe\nstart\n7", {}),
    ],
)
def test_a_note_tells_which_item_is_not_to_be_tried_again(tmp_path, left, lost):
    path = tmp_path / "1.note"
    path.write_bytes(left)
    with Note(path, 5.0) as note:
        assert note.lost == lost
    assert not path.exists()


def test_a_task_that_dies_between_its_items_is_given_up(tmp_path):
    path = tmp_path / "1.note"
    path.write_bytes(b"start\n0\n-\n" * 3)
    with pytest.raises(RuntimeError, match="died 3 times outside of any card"), Note(path, 5.0):
        pass
