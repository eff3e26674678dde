"""What an id is, which names are one repository, and what is known of those that are not at hand."""

from __future__ import annotations

import pytest

from cardlint.hub.names import key, owner, repo_id
from cardlint.hub.world import World, read_known_ids
from cardlint.model import CardlintError


@pytest.mark.parametrize(
    ("value", "kind", "found"),
    [
        ("acme/letters", "model", "acme/letters"),
        ("https://huggingface.co/acme/letters", "model", "acme/letters"),
        ("https://huggingface.co/datasets/acme/mail/", "dataset", "acme/mail"),
        ("gpt2", "model", "gpt2"),
        ("squad_v2", "dataset", "squad_v2"),
        ("squad_v2", "model", None),
        ("./letters", "model", None),
        ("/home/ann/letters", "model", None),
        ("outputs/checkpoint-500", "model", None),
        ("a/b/c", "model", None),
        ("Letters of the alphabet", "model", None),
        ("", "model", None),
    ],
)
def test_an_id_is_told_from_paths_and_sentences(value, kind, found):
    assert repo_id(value, kind) == found


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("model", "gpt2", "openai-community/GPT2"),
        ("model", "Acme/Letters", "acme/letters"),
        ("dataset", "squad", "rajpurkar/squad"),
    ],
)
def test_names_of_one_repository_have_one_key(kind, one, other):
    assert key(kind, one) == key(kind, other)


def test_a_model_and_a_dataset_of_one_name_are_two():
    assert key("model", "acme/mail") != key("dataset", "acme/mail")


def test_the_owner_is_read_from_ids_and_keys():
    assert owner("Acme/letters") == owner("model:acme/letters") == "acme"
    assert owner("gpt2") == ""


def test_nothing_is_known_of_what_is_not_at_hand():
    assert World().state("model:acme/letters") == "unknown"


@pytest.mark.parametrize(("complete", "state"), [(("Acme",), "absent"), (("*",), "absent"), (("bob",), "unknown")])
def test_what_a_complete_owner_lacks_is_absent(complete, state):
    assert World(complete=complete).state("model:acme/letters") == state


def test_a_complete_owner_is_so_in_the_kinds_that_are_at_hand():
    world = World(["space:ann/page"], complete=("acme",)).within(("model",))
    assert [world.state(f"{kind}:acme/letters") for kind in ("model", "dataset", "space")] == ["absent", "unknown", "absent"]


def test_a_name_without_an_owner_may_be_a_redirect():
    assert World(complete=("*",)).state("dataset:wiki_dpr") == "unknown"


def listing(tmp_path, text):
    path = tmp_path / "ids.txt"
    path.write_text(text, encoding="utf-8")
    return World(read_known_ids(path))


def test_a_listing_tells_what_is_there_and_what_is_not(tmp_path):
    world = listing(tmp_path, '# all models\nacme/letters\n\n{"id": "bob/mail", "kind": "model"}\n')
    assert [world.state(f"model:{name}") for name in ("acme/letters", "bob/mail", "ann/towns")] == ["present", "present", "absent"]


def test_a_listing_of_models_tells_nothing_of_datasets(tmp_path):
    assert listing(tmp_path, "acme/letters\n").state("dataset:acme/mail") == "unknown"


def test_a_listing_knows_old_names_by_the_new_ones(tmp_path):
    assert listing(tmp_path, "openai-community/gpt2\n").state(key("model", "gpt2")) == "present"


@pytest.mark.parametrize("line", ["a/b/c/d", "two words", "{broken", '{"id": 3}', '{"id": "a/b", "kind": "paper"}'])
def test_a_line_that_is_no_id_is_refused_with_its_number(tmp_path, line):
    with pytest.raises(CardlintError, match=r"ids\.txt:2: "):
        listing(tmp_path, f"acme/letters\n{line}\n")


def test_a_line_of_ids_that_nests_without_end_is_refused(tmp_path):
    (tmp_path / "ids").write_text('acme/gull\n{"id": ' + "[" * 100_000, encoding="utf-8")
    with pytest.raises(CardlintError, match="ids:2: not JSON"):
        list(read_known_ids(tmp_path / "ids"))
