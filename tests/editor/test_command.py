"""``cardlint lsp`` on the command line."""

from __future__ import annotations

import subprocess
import sys

WITHOUT = "import sys; sys.modules[{name!r}] = None; sys.argv[1:] = ['lsp']; from cardlint.cli.main import main; main()"


def test_a_missing_extra_is_named():
    for name in ("pygls", "lsprotocol"):
        done = subprocess.run([sys.executable, "-c", WITHOUT.format(name=name)], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        assert done.stderr == "cardlint: the language server needs pygls: pip install 'cardlint[lsp]'\n"
        assert done.stdout == ""
