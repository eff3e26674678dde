"""What a check of one ordinary card does not load, each a good part of the time in which it starts; how the process ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLAIN = "---\nlicense: mit\ntags:\n- text-classification\n---\n# Towns\nIt sorts letters by town.\n"
CODE = "import sys; sys.argv[1:] = ['check', {card!r}]; from cardlint.cli.main import main\ntry: main()\nexcept SystemExit: pass\n"


@pytest.mark.parametrize(
    "module", ["yaml", "pydantic", "jsonschema", "duckdb", "pyarrow", "markdown_it", "difflib", "aiohttp", "jsonschema_rs", "html"]
)
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


END = "import sys, atexit; sys.argv[1:] = ['check', {card!r}]; from cardlint.__main__ import run\n{before}\nrun()\n"


def test_what_waits_for_the_end_of_the_process_still_runs(tmp_path):
    card = tmp_path / "README.md"
    card.write_text(PLAIN, encoding="utf-8")
    mark = tmp_path / "mark"
    code = END.format(card=str(card), before=f"atexit.register(open({str(mark)!r}, 'w').write, 'ended')")
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert mark.read_text(encoding="utf-8") == "ended"


def test_the_process_ends_at_once_where_nothing_waits(tmp_path):
    card = tmp_path / "README.md"
    card.write_text(PLAIN, encoding="utf-8")
    mark = tmp_path / "mark"
    before = f"class Last:\n  def __del__(self, open=open): open({str(mark)!r}, 'w').close()\nlast = Last()"
    subprocess.run([sys.executable, "-c", END.format(card=str(card), before=before)], capture_output=True, check=False)
    assert not mark.exists()


def test_a_report_larger_than_a_pipe_is_whole_when_the_process_ends(tmp_path):
    card = tmp_path / "README.md"
    card.write_text("---\nlicence: mit\nlanguage: english\n---\n# Towns\n", encoding="utf-8")
    command = [sys.executable, "-m", "cardlint", "check", "--profile", "audit", "--format", "jsonl", *[str(card)] * 200]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert len(done.stdout) > 65_536
    assert '"type":"summary"' in lines[-1].replace(" ", "")
    assert len(lines) > 200
