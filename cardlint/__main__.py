"""``python -m cardlint``. The folder it is called in is no place to import from: it may be a stranger's repository."""

import os
import sys

_here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # before any other import
sys.path[:] = [place for place in sys.path if os.path.abspath(place) != os.getcwd() or os.path.abspath(place) == _here]  # noqa: PTH100, PTH109

if __name__ == "__main__":
    from cardlint.cli.main import main

    main()
