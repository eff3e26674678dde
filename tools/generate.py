"""Everything that is generated from the rule files and the models: run it after changing them; CI runs it with --check.

python tools/generate.py [--check]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def targets() -> dict[Path, str]:
    """Every generated file with its text."""
    from cardlint.config.model import ConfigFile
    from cardlint.engine.catalogue import render
    from cardlint.report.model import Report

    return {
        ROOT / "cardlint" / "_data" / "catalogue.json": render(),
        ROOT / "schemas" / "config.schema.json": _schema(ConfigFile.model_json_schema(by_alias=True), "cardlint configuration"),
        ROOT / "schemas" / "report-v1.schema.json": _schema(Report.model_json_schema(), "cardlint report, version 1"),
    }


def _schema(schema: dict[str, object], title: str) -> str:
    return (
        json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}, indent=1, ensure_ascii=False)
        + "\n"
    )


def main() -> int:
    """Write what differs, or with ``--check`` name it and fail."""
    check = "--check" in sys.argv[1:]
    stale = [path for path, text in targets().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(targets()[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
