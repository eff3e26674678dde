"""The official client through the gate: good uploads arrive as they were sent, bad ones are refused before any weights."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

GOOD = "---\nlicense: apache-2.0\n---\n# A model\n\nIt answers questions about ships.\n"
BAD = "---\nlicense: apache2\n---\n# A model\n\nIt answers questions about ships.\n"
TOLD = "LIC101 unknown license 'apache2'"
WEIGHTS = bytes(range(256)) * 4000


@pytest.fixture
def folder(tmp_path):
    def made(card: str | None = GOOD, many: int = 0, **files: bytes) -> str:
        place = tmp_path / "upload"
        for name, data in {"config.json": b'{"model_type": "bert"}', "model.safetensors": WEIGHTS, **files}.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        for number in range(many):
            (place / f"A{number:04}.txt").write_text(f"part {number}")
        if card is not None:
            (place / "README.md").write_text(card)
        return str(place)

    return made


def test_a_good_folder_arrives_as_it_was_sent(hub, client, folder):
    hub.repo("acme/good")
    hub.large.clear()
    place = folder()
    answer = client("upload_folder", repo_id="acme/good", folder_path=place)
    assert answer["ok"], answer["error"]
    files = hub.files("acme/good")
    assert files["README.md"] == GOOD.encode()
    assert files["config.json"] == b'{"model_type": "bert"}'
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    assert files["model.safetensors"] == ("lfs", digest, len(WEIGHTS))
    assert hub.large[digest] == WEIGHTS


@pytest.mark.parametrize("name", ["acme/old", "strict/old"])
def test_a_bad_folder_is_refused_before_any_weights(hub, client, folder, name):
    hub.repo(name, {"README.md": GOOD.encode()})
    hub.large.clear()
    answer = client("upload_folder", repo_id=name, folder_path=folder(BAD))
    assert not answer["ok"]
    assert TOLD in answer["error"]
    assert "/-/cardlint/rules/LIC101" in answer["error"]
    assert hub.lfs_bytes == 0
    assert not hub.asked("/commit/")
    assert hub.card(name) == GOOD


def test_a_bad_card_is_refused_at_the_early_check_in_a_repository_just_made(hub, client, gate):
    hub.repos.pop("acme/fresh", None)
    assert client("create_repo", repo_id="acme/fresh")["ok"]
    answer = client("upload_file", repo_id="acme/fresh", path_in_repo="README.md", text=BAD)
    assert answer["type"] == "ValueError"
    assert TOLD in answer["error"]
    assert not hub.asked("/preupload/")
    assert "this is asked of acme/fresh, which you just made" in answer["error"]
    assert gate.entries(event="validate", repo="acme/fresh")[-1]["action"] == "refuse"
    assert TOLD in client("upload_file", repo_id="acme/fresh", path_in_repo="README.md", text=BAD)["error"]
    assert hub.card("acme/fresh") is None
    assert client("upload_file", repo_id="acme/fresh", path_in_repo="README.md", text=GOOD)["ok"]


def test_a_card_for_an_old_repository_passes_though_another_was_just_made(hub, client):
    hub.repos.pop("acme/newer", None)
    hub.repo("acme/older", {"README.md": BAD.encode()})
    assert client("create_repo", repo_id="acme/newer")["ok"]
    update = {"repo_id": "acme/older", "path_in_repo": "README.md", "text": BAD + "\nAnd about harbours.\n"}
    answers = [client("upload_file", **update) for _ in range(2)]
    assert [answer["ok"] for answer in answers] == [False, True]
    assert "if the card is for another repository, send it again" in answers[0]["error"]


def test_an_old_repository_is_only_asked_not_to_become_worse(hub, client):
    hub.repo("acme/legacy", {"README.md": BAD.encode()})
    better = BAD + "\nAnd about harbours.\n"
    assert client("upload_file", repo_id="acme/legacy", path_in_repo="README.md", text=better)["ok"]
    assert hub.card("acme/legacy") == better
    worse = BAD.replace("apache2", "[apache2, gpl-33]")
    answer = client("upload_file", repo_id="acme/legacy", path_in_repo="README.md", text=worse)
    assert "unknown license 'gpl-33'" in answer["error"]
    assert hub.card("acme/legacy") == better


def test_a_strict_policy_holds_for_old_repositories_too(hub, client):
    hub.repo("strict/legacy", {"README.md": BAD.encode()})
    answer = client("upload_file", repo_id="strict/legacy", path_in_repo="README.md", text=BAD + "\nAnd about harbours.\n")
    assert TOLD in answer["error"]


def test_warnings_come_with_the_early_check(hub, client):
    hub.repo("acme/warned")
    answer = client(
        "upload_file",
        repo_id="acme/warned",
        path_in_repo="README.md",
        text=GOOD.replace("---\n#", "pipeline_tag: text-classificaton\n---\n#"),
    )
    assert answer["ok"], answer["error"]
    assert any("MET201" in each for each in answer["warnings"])
    if client.version >= "1":
        assert "MET201" in answer["stderr"]


def test_a_commit_without_the_card_is_judged_with_the_card_that_is_there(hub, client):
    hub.repo("strict/weights", {"README.md": BAD.encode()})
    answer = client("upload_file", repo_id="strict/weights", path_in_repo="notes.txt", text="notes")
    assert TOLD in answer["error"]
    hub.repo("acme/weights", {"README.md": BAD.encode()})
    assert client("upload_file", repo_id="acme/weights", path_in_repo="notes.txt", text="notes")["ok"]


@pytest.mark.parametrize(
    "operation", [{"op": "delete", "path_in_repo": "README.md"}, {"op": "delete", "path_in_repo": "README.md/", "is_folder": True}]
)
def test_the_card_cannot_be_deleted(hub, client, operation):
    hub.repo("acme/kept", {"README.md": GOOD.encode()})
    answer = client("create_commit", repo_id="acme/kept", operations=[operation], commit_message="away with it")
    assert "FM001 this change takes the card (README.md) away from acme/kept" in answer["error"]
    assert hub.card("acme/kept") == GOOD


def test_the_card_cannot_be_moved(hub, client):
    hub.repo("acme/moved", {"README.md": GOOD.encode()})
    moves = [{"op": "add", "path_in_repo": "docs/README.md", "path_or_fileobj": __file__}, {"op": "delete", "path_in_repo": "README.md"}]
    answer = client("create_commit", repo_id="acme/moved", operations=moves, commit_message="elsewhere")
    assert "FM001" in answer["error"]


def test_files_are_deleted_and_copied(hub, client):
    hub.repo("acme/tidy", {"README.md": GOOD.encode(), "old.txt": b"old", "cold/a.txt": b"a", "kept.txt": b"kept"})
    moves = [
        {"op": "delete", "path_in_repo": "old.txt"},
        {"op": "delete", "path_in_repo": "cold/"},
        {"op": "copy", "src_path_in_repo": "kept.txt", "path_in_repo": "copy.txt"},
    ]
    answer = client("create_commit", repo_id="acme/tidy", operations=moves, commit_message="tidy")
    assert answer["ok"], answer["error"]
    assert sorted(hub.files("acme/tidy")) == [".gitattributes", "README.md", "copy.txt", "kept.txt"]


def test_a_pull_request_is_judged_when_it_is_made_and_when_it_is_merged(hub, client):
    hub.repo("acme/pulled", {"README.md": GOOD.encode()})
    refused = client("upload_file", repo_id="acme/pulled", path_in_repo="README.md", text=BAD, create_pr=True)
    assert TOLD in refused["error"]
    assert hub.repos["acme/pulled"].pulls == 0
    made = client("upload_file", repo_id="acme/pulled", path_in_repo="README.md", text=GOOD + "More.\n", create_pr=True)
    assert made["ok"], made
    assert client("merge_pull_request", repo_id="acme/pulled", discussion_num=1)["ok"]
    assert hub.card("acme/pulled") == GOOD + "More.\n"
    hub.repos["acme/pulled"].put("refs/pr/2", {"README.md": BAD.encode()})
    refused = client("merge_pull_request", repo_id="acme/pulled", discussion_num=2)
    assert TOLD in refused["error"]
    assert hub.card("acme/pulled") == GOOD + "More.\n"


def test_a_commit_to_another_branch_is_judged(hub, client):
    repo = hub.repo("acme/branched", {"README.md": GOOD.encode()})
    repo.put("dev", {"README.md": GOOD.encode()})
    answer = client("upload_file", repo_id="acme/branched", path_in_repo="README.md", text=BAD, revision="dev")
    assert TOLD in answer["error"]
    assert client("upload_file", repo_id="acme/branched", path_in_repo="README.md", text=GOOD + "x\n", revision="dev")["ok"]
    assert hub.card("acme/branched", "dev") == GOOD + "x\n"


def test_cards_of_datasets_are_judged_as_such(hub, client):
    hub.repo("datasets/acme/data")
    answer = client("upload_file", repo_id="acme/data", repo_type="dataset", path_in_repo="README.md", text=BAD)
    assert TOLD in answer["error"]
    assert client("upload_file", repo_id="acme/data", repo_type="dataset", path_in_repo="README.md", text=GOOD)["ok"]
    assert hub.card("datasets/acme/data") == GOOD


def test_a_card_object_is_pushed(hub, client):
    if client.version < "2":
        pytest.skip("this client asks the public hub whatever the endpoint is")
    hub.repo("acme/object", {"README.md": GOOD.encode()})
    assert TOLD in client("push_card", content=BAD, repo_id="acme/object")["error"]
    assert client("push_card", content=GOOD + "Pushed.\n", repo_id="acme/object")["ok"]
    assert hub.card("acme/object") == GOOD + "Pushed.\n"


def test_observing_lets_pass_and_logs(hub, client, gate):
    hub.repo("watched/x")
    assert client("upload_file", repo_id="watched/x", path_in_repo="README.md", text=BAD)["ok"]
    assert hub.card("watched/x") == BAD
    entry = gate.entries(event="commit", repo="watched/x")[-1]
    assert (entry["action"], entry["verdict"], entry["mode"], entry["codes"], entry["who"]) == (
        "warn",
        "refuse",
        "observe",
        ["LIC101"],
        "alice",
    )


def test_the_command_line_tells_why_and_fails(hub, client, folder):
    hub.repo("acme/cli", {"README.md": GOOD.encode()})
    tool = Path(client.python).parent / "hf"
    if not tool.is_file():
        pytest.skip("this client has no command 'hf'")
    done = subprocess.run(
        [tool, "upload", "acme/cli", folder(BAD), "."], env=client.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert TOLD in done.stderr + done.stdout
    assert hub.card("acme/cli") == GOOD


def test_downloads_come_through(hub, client, tmp_path):
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    hub.large[digest] = WEIGHTS
    hub.repo("acme/down", {"README.md": GOOD.encode(), "model.safetensors": ("lfs", digest, len(WEIGHTS))})
    answer = client("snapshot_download", repo_id="acme/down", local_dir=str(tmp_path / "here"))
    assert answer["ok"], answer["error"]
    assert (tmp_path / "here" / "model.safetensors").read_bytes() == WEIGHTS
    assert (tmp_path / "here" / "README.md").read_text() == GOOD
