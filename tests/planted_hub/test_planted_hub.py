"""Lineage faults planted in a mirror: an audit finds every one of them, and nothing else of hub scope."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cardlint.engine.catalogue import shipped
from tests.hub.mirrors import audit, rows, write_mirror

PLANTED = yaml.safe_load((Path(__file__).parent / "mirror.yaml").read_text(encoding="utf-8"))
REPOS = PLANTED["repos"]
HUB_RULES = sorted(rule.code for rule in shipped() if rule.scope == "hub")


def files_of(repo: dict) -> dict[str, str]:
    front = yaml.safe_dump(repo["card"], sort_keys=False)
    text = repo.get("text") or PLANTED["bodies"][repo.get("body", "towns")]
    return {"README.md": f"---\n{front}---\n{text}", **repo.get("files", {})}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    root = tmp_path_factory.mktemp("planted")
    mirror = write_mirror(root / "mirror", {name: files_of(repo) for name, repo in REPOS.items()})
    store = audit(mirror, root / "out", *HUB_RULES, complete=tuple(PLANTED["complete"]))
    by_repo: dict[str, set[str]] = {}
    for kind, name, code in rows(store, "select kind, id, code from findings"):
        by_repo.setdefault(f"datasets/{name}" if kind == "dataset" else name, set()).add(code)
    return by_repo


@pytest.mark.parametrize("name", [name for name, repo in REPOS.items() if "finds" in repo])
def test_a_planted_fault_is_found_by_its_rules_alone(name, found):
    assert found.get(name) == set(REPOS[name]["finds"])


@pytest.mark.parametrize("name", [name for name, repo in REPOS.items() if "finds" not in repo])
def test_a_clean_twin_has_no_finding(name, found):
    assert name not in found


@pytest.mark.parametrize("code", HUB_RULES)
def test_every_rule_of_hub_scope_has_a_planted_fault(code):
    assert any(code in repo.get("finds", ()) for repo in REPOS.values())
