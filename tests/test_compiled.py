"""Patterns kept between runs are those that ``re`` compiles, and whatever is wrong with the file, the answers are the same."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cardlint.compiled import Store
from cardlint.kept import folder

SOURCES = [
    ("(?P<key>[a-zÀ-ÿ]{2,}+):\\s*(?P<value>.*?)$", re.MULTILINE),
    ("straße|İstanbul|[^\\W\\d_]+", re.IGNORECASE),
    ("(?i:model) (?!card\\b)(\\w+)(?:-\\1)?", 0),
    ("(?x) a  # a comment\n | b", 0),
    ("", 0),
    ("[\ud800-\udfff]", 0),
]
TEXT = "License: MIT\nbase model bert-bert of STRASSE, straße İSTANBUL a\nкарта: да"


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "cardlint"


def _only(cache: Path) -> Path:
    (file,) = cache.glob("patterns-*")
    return file


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(("source", "flags"), SOURCES)
@pytest.mark.parametrize("kept", [False, True])
def test_a_pattern_is_what_re_makes_of_it(source, flags, kept):
    store = Store()
    if kept:
        store.pattern(source, flags)
        store.keep()
        store = Store()
    made, expected = store.pattern(source, flags), re.compile(source, flags)
    assert (made, made.flags, made.groups, dict(made.groupindex)) == (expected, expected.flags, expected.groups, dict(expected.groupindex))
    assert [match.groupdict() or match.groups() for match in made.finditer(TEXT)] == [
        match.groupdict() or match.groups() for match in expected.finditer(TEXT)
    ]


def test_what_was_kept_is_not_written_again(cache):
    first = Store()
    first.pattern("a+", 0)
    first.keep()
    was = _only(cache).stat()
    second = Store()
    second.pattern("a+", 0)
    second.keep()
    assert (_only(cache).stat().st_ino, _only(cache).stat().st_mtime_ns) == (was.st_ino, was.st_mtime_ns)


def test_where_there_are_too_many_the_new_ones_stay(cache, monkeypatch):
    monkeypatch.setattr("cardlint.compiled._MOST", 1)
    for source in ("a+", "b+"):
        store = Store()
        store.pattern(source, 0)
        store.keep()
    assert b'"0 a+"' not in _only(cache).read_bytes()
    assert b'"0 b+"' in _only(cache).read_bytes()


def test_runs_add_to_what_is_kept(cache):
    for source in ("a+", "b+"):
        store = Store()
        store.pattern(source, 0)
        store.keep()
    assert b'"0 a+"' in _only(cache).read_bytes()
    assert b'"0 b+"' in _only(cache).read_bytes()


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def _of_another_pattern(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"0 a+"', b'"0 b+"'))


def _of_other_code(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def _for_all_to_write(file: Path) -> None:
    file.chmod(0o666)


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no bits that say who may write")
@pytest.mark.parametrize("damage", [_cut, _of_another_pattern, _of_other_code, _for_all_to_write, _a_folder])
def test_a_file_that_is_not_sound_counts_as_absent(cache, damage):
    store = Store()
    store.pattern("a+", 0)
    store.keep()
    damage(_only(cache))
    store = Store()
    assert store.pattern("b+", 0).search("aabb").group() == "bb"
    assert store.pattern("a+", 0).search("aabb").group() == "aa"
    store.keep()


@pytest.mark.usefixtures("cache")
def test_no_pattern_is_refused_as_re_refuses_it():
    with pytest.raises(re.error):
        Store().pattern("(", 0)


def test_a_check_keeps_what_it_compiled_and_says_the_same_with_it(cardlint, tmp_path):
    card = tmp_path / "README.md"
    card.write_text("---\nlicense: mit\n---\n# A model\n\nFine-tuned from `org/base` on the Foo corpus.\n", encoding="utf-8")
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first = cardlint("check", card, "--format", "jsonl", env=env)
    assert _only(tmp_path / "cache" / "cardlint").stat().st_size > 1_000
    assert cardlint("check", card, "--format", "jsonl", env=env).stdout == first.stdout


def test_a_cache_folder_that_cannot_be_written_is_not_missed(cardlint, tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n# A model\n", encoding="utf-8")
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    done = cardlint("check", "README.md", "-q", "--exit-zero", env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_cache_folder_is_named_from_the_root(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert Path(folder()).is_absolute()
