"""What an editable install adds: the byte code of the package, which no other build makes."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="the source is not here")


@pytest.fixture
def project(tmp_path) -> Path:
    """A project of one module, built as this one is."""
    (tmp_path / "cardlint").mkdir()
    (tmp_path / "cardlint" / "__init__.py").write_text('"""A package."""\n\n__version__ = "1"\n', encoding="utf-8")
    (tmp_path / "tools").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "tools/compile_editable.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in ("rules", "schemas"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("build", "compiles"), [("build_editable", True), ("build_wheel", False)])
def test_the_package_is_compiled_by_an_editable_build_alone(project, build, compiles):
    script = f"from hatchling.build import {build}; {build}('.')"
    subprocess.run([sys.executable, "-c", script], cwd=project, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    compiled = cache_from_source(str(project / "cardlint" / "__init__.py"))
    assert Path(compiled).is_file() is compiles
