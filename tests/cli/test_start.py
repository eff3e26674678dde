"""What a check of one ordinary card does not load: each of these takes a tenth of the time in which the program starts, or more."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLAIN = "---\nlicense: mit\ntags:\n- text-classification\n---\n# Towns\nIt sorts letters by town.\n"
CODE = "import sys; sys.argv[1:] = ['check', {card!r}]; from cardlint.cli.main import main\ntry: main()\nexcept SystemExit: pass\n"


@pytest.mark.parametrize("module", ["yaml", "pydantic", "jsonschema", "duckdb", "pyarrow", "markdown_it", "difflib", "aiohttp"])
def test_an_ordinary_card_is_checked_without(module, tmp_path):
    card = tmp_path / "README.md"
    card.write_text(PLAIN, encoding="utf-8")
    code = CODE.format(card=str(card)) + f"sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_flow_front_matter_is_read_with_the_parser(tmp_path):
    card = tmp_path / "README.md"
    card.write_text(PLAIN.replace("mit", "{a: b}"), encoding="utf-8")
    code = CODE.format(card=str(card)) + "sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 1
