"""Uploads in parts: no refusal leaves a repository worse than it was, and none hits a good upload whose card comes later."""

from __future__ import annotations

import pytest

from tests.gate.conftest import CLIENTS, Client
from tests.gate.test_client import BAD, GOOD, TOLD
from tests.gate.test_protocol import file, post_commit, validate

MANY = 300


@pytest.fixture(scope="module", params=CLIENTS, ids=[f"client{number}" for number, _ in enumerate(CLIENTS)])
def client(request, gate, tmp_path_factory):
    """Here with Xet, for only then does the client upload in parts; no file is large, so none goes there."""
    made = Client(request.param, gate.url, tmp_path_factory.mktemp("home"))
    yield made
    made.stop()


@pytest.fixture
def folder(tmp_path):
    def made(card: str, before: int = MANY, behind: int = 0) -> str:
        for number in range(before):
            (tmp_path / f"A{number:04}.txt").write_text(f"before {number}")
        for number in range(behind):
            (tmp_path / f"z{number:04}.txt").write_text(f"behind {number}")
        (tmp_path / "README.md").write_text(card)
        return str(tmp_path)

    return made


@pytest.mark.parametrize("name", ["acme/parts", "strict/parts", "needy/parts"])
@pytest.mark.parametrize("old", [None, GOOD])
def test_a_good_upload_passes_whose_card_comes_in_a_later_part(hub, client, folder, name, old):
    hub.repo(name, {} if old is None else {"README.md": old.encode()})
    answer = client("upload_folder", repo_id=name, folder_path=folder(GOOD + "New.\n"))
    assert answer["ok"], answer["error"]
    assert hub.card(name) == GOOD + "New.\n"
    assert len(hub.files(name)) == MANY + 2
    if client.version >= "1":
        assert len(hub.commits) > 1


@pytest.mark.parametrize("name", ["acme/parts", "strict/parts", "needy/parts"])
@pytest.mark.parametrize("old", [None, GOOD])
@pytest.mark.parametrize(("before", "behind"), [(MANY, 0), (1000, 0), (3, 400)])
def test_a_bad_card_stops_the_whole_folder(hub, client, folder, name, old, before, behind):
    hub.repo(name, {} if old is None else {"README.md": old.encode()})
    answer = client("upload_folder", repo_id=name, folder_path=folder(BAD, before, behind))
    assert TOLD in answer["error"]
    assert hub.commits == []
    assert hub.card(name) == old


def test_a_bad_card_stops_the_whole_folder_of_a_repository_just_made(hub, client, folder):
    hub.repos.pop("acme/made", None)
    assert client("create_repo", repo_id="acme/made")["ok"]
    answer = client("upload_folder", repo_id="acme/made", folder_path=folder(BAD))
    assert TOLD in answer["error"]
    assert not hub.asked("/preupload/")


def test_a_bad_card_stops_the_whole_folder_also_behind_an_unchanged_good_one(hub, client, folder):
    hub.repo("acme/again", {"README.md": GOOD.encode()})
    assert client("upload_folder", repo_id="acme/again", folder_path=folder(GOOD))["ok"]
    hub.commits.clear()
    assert TOLD in client("upload_folder", repo_id="acme/again", folder_path=folder(BAD, 400))["error"]
    assert hub.commits == []


def test_the_rest_of_a_refused_folder_is_not_published_in_smaller_pieces(hub, gate):
    """The client sends a refused commit again in pieces: those without the card must not pass."""
    hub.repo("acme/pieces")
    lines = [file(f"A{number:04}.txt", "x") for number in range(30)]
    assert post_commit(gate.url, "acme/pieces", [*lines, file("README.md", BAD)], token="hf_pieces").status == 400
    for piece in (lines[:20], lines[20:]):
        answer = post_commit(gate.url, "acme/pieces", piece, token="hf_pieces")
        assert (answer.status, "card-refused" in answer.text) == (400, True)
    assert hub.commits == []
    assert post_commit(gate.url, "acme/pieces", lines, token="hf_other").status == 200


def test_files_that_are_no_part_of_a_refused_upload_pass(hub, gate):
    hub.repo("acme/others")
    assert post_commit(gate.url, "acme/others", [file("one.txt", "x"), file("README.md", BAD)], token="hf_others").status == 400
    assert post_commit(gate.url, "acme/others", [file("other.txt", "x")], token="hf_others").status == 200


def test_a_good_upload_passes_though_the_same_account_announced_a_bad_card(hub, client, gate, folder):
    hub.repo("needy/between")
    validate(gate.url, BAD + "For another repository.\n", token="hf_alice")
    assert client("upload_folder", repo_id="needy/between", folder_path=folder(GOOD))["ok"]
    assert hub.card("needy/between") == GOOD


def test_two_uploads_of_one_account_do_not_hinder_each_other(hub, client, folder):
    """A bad card that was announced for one repository does not refuse the files of another upload whose card is good."""
    hub.repo("acme/one", {"README.md": GOOD.encode()})
    hub.repo("acme/two", {"README.md": GOOD.encode()})
    assert TOLD in client("upload_file", repo_id="acme/one", path_in_repo="README.md", text=BAD)["error"]
    assert client("upload_folder", repo_id="acme/two", folder_path=folder(GOOD + "Two.\n"))["ok"]
    assert hub.card("acme/two") == GOOD + "Two.\n"
