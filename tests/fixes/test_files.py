"""Fixed cards into files: whole or not at all, and never through a link that leads away."""

from __future__ import annotations

import os
import stat

import pytest

from cardlint.fixes.files import replace_file, writable_place


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "repo" / "README.md"
    path.parent.mkdir()
    path.write_bytes(b"before")
    return path


def beside(card):
    return [path.name for path in card.parent.iterdir()]


def test_file_is_replaced_with_its_mode_kept(card):
    card.chmod(0o604)
    replace_file(card, b"before", b"after")
    assert card.read_bytes() == b"after"
    assert stat.S_IMODE(card.stat().st_mode) == 0o604
    assert beside(card) == ["README.md"]


def test_file_that_changed_meanwhile_is_left(card):
    with pytest.raises(OSError, match="it changed") as caught:
        replace_file(card, b"what it was", b"after")
    assert caught.value.strerror == "it changed while it was judged"
    assert card.read_bytes() == b"before"


def test_link_is_not_replaced_by_a_file(card):
    link = card.with_name("link.md")
    link.symlink_to(card)
    with pytest.raises(OSError, match="it changed while it was judged"):
        replace_file(link, b"before", b"after")
    assert link.is_symlink()


def test_rename_that_fails_leaves_no_file_behind(card, monkeypatch):
    def fail(_source, target):
        left.extend(beside(card))
        raise PermissionError(13, "no", target)

    left: list[str] = []
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(PermissionError):
        replace_file(card, b"before", b"after")
    (name,) = set(left) - {"README.md"}
    assert name.startswith(".README.md.")
    assert name.endswith(".tmp")
    assert beside(card) == ["README.md"]
    assert card.read_bytes() == b"before"


def test_file_of_one_who_may_not_write_is_left(card, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not (path == card and mode == os.W_OK))
    with pytest.raises(OSError, match="read-only") as caught:
        replace_file(card, b"before", b"after")
    assert caught.value.strerror == "it is read-only"
    assert card.read_bytes() == b"before"


def test_plain_file_is_its_own_place(card):
    assert writable_place(card, None) == card


@pytest.mark.parametrize("root", ["repo", ".", None])
def test_link_inside_leads_to_its_file(card, tmp_path, root):
    link = card.with_name("link.md")
    link.symlink_to("README.md")
    assert writable_place(link, tmp_path / root if root else None) == card


@pytest.mark.parametrize(("target", "root"), [("../outside.md", "repo"), ("../outside.md", None), ("../repository/x.md", "repo")])
def test_link_that_leads_out_of_the_repository_is_refused(card, tmp_path, target, root):
    out = card.parent / target
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(b"")
    link = card.with_name("link.md")
    link.symlink_to(target)
    with pytest.raises(OSError, match="link") as caught:
        writable_place(link, tmp_path / root if root else None)
    assert caught.value.strerror == "a link that leads out of the repository is not followed"


def test_link_may_lead_anywhere_inside_the_root(card, tmp_path):
    (tmp_path / "outside.md").write_bytes(b"")
    link = card.with_name("link.md")
    link.symlink_to("../outside.md")
    assert writable_place(link, tmp_path) == tmp_path / "outside.md"


def test_link_to_nothing_is_an_error(card):
    link = card.with_name("link.md")
    link.symlink_to("nothing.md")
    with pytest.raises(FileNotFoundError):
        writable_place(link, None)
