"""The digest of the engine: the same for the same files, another for others, also where it was kept."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (HERE / "cardlint").is_dir(), reason="the source package is not beside the tests")
ASK = "from cardlint.engine.digest import engine_digest; print(engine_digest())"


@pytest.fixture
def checkout(tmp_path):
    for folder in ("cardlint", "schemas"):
        shutil.copytree(HERE / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def digest(checkout):
    env = {"XDG_CACHE_HOME": str(checkout / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=checkout, capture_output=True, text=True, check=True, env=env)
    return done.stdout


def kept_in(checkout) -> Path:
    (file,) = (checkout / "cache" / "cardlint").glob("engine-*")
    return file


def test_it_is_kept_and_another_where_a_file_is(checkout):
    first = digest(checkout)
    assert first.startswith("sha256:")
    assert first.strip() in kept_in(checkout).read_text()
    assert digest(checkout) == first
    module = checkout / "cardlint" / "lazy.py"
    code = module.read_text()
    module.write_text(code + "\n")
    changed = digest(checkout)
    assert changed not in ("", first)
    module.write_text(code)
    assert digest(checkout) == first


def test_a_cache_folder_that_cannot_be_written_changes_nothing(checkout):
    first = digest(checkout)
    shutil.rmtree(checkout / "cache")
    (checkout / "cache").write_text("a file")
    assert digest(checkout) == first


@pytest.mark.parametrize("kept", ["", "sha256:1", "sha256:1 sha256:2", "a b c", "\udcff"])
def test_what_was_kept_of_other_files_is_no_answer(checkout, kept):
    first = digest(checkout)
    kept_in(checkout).write_text(kept, errors="surrogateescape")
    assert digest(checkout) == first


def test_a_new_vocabulary_is_a_change(checkout):
    first = digest(checkout)
    (checkout / "schemas" / "vocab" / "birds.json").write_text("{}")
    assert digest(checkout) != first
