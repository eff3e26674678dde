"""Hub ids in prose: every id among the datasets that stands outside of links begins one of the written names."""

from __future__ import annotations

import re
import time
from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardlint.card.card import Card
from cardlint.card.claims.datapages import hub_id

ID = re.compile(r"[A-Za-z0-9][\w.-]{1,95}/[A-Za-z0-9][\w.-]{2,95}", re.ASCII)


def names(text: str) -> tuple[str, ...]:
    return tuple(each.name for each in Card.from_text(text).claims.written_names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trained on acme/birds here.", ("birds",)),
        ("Trained on `acme/birds_v2`.", ("birds_v2",)),
        ("# acme/model\n\nWords.", ()),
        ("# Words on acme/birds\n\nWords.", ("birds",)),
        ("Trained on [acme/birds](https://hub.example/acme/birds).", ()),
        ("Trained on [acme/birds]().", ("birds",)),
        ("[see](https://hub.example/x) acme/birds", ("birds",)),
        ("acme/[birds](https://hub.example/x)", ("birds",)),
        ("at the end of path/to/files there", ()),
        ("kept at `a/bb/ccc`", ()),
        ("from https://huggingface.co/datasets/acme/birds today", ("birds",)),
        ("```\nacme/birds\n```", ()),
        ("one and/or two", ()),
    ],
)
def test_written_names(text: str, expected: tuple[str, ...]) -> None:
    assert names(text) == expected


WORDS = st.sampled_from(
    [
        "trained on ",
        "fine-tuned on the ",
        "This model was trained using ",
        "acme/birds",
        "acme/birds_v2.1",
        "`acme/fish`",
        "[acme/birds](https://hub.example/acme/birds)",
        "[acme/cats](https://huggingface.co/datasets/acme/cats)",
        "[here](https://huggingface.co/datasets/acme/dogs)",
        "https://huggingface.co/datasets/acme/owls",
        "https://kaggle.com/datasets/acme/owls",
        " dataset",
        " datasets: ",
        "data: ",
        "\n\n## Training data\n\n",
        "\n\n# acme/title\n\n",
        "\n- ",
        "\n| Dataset | Size |\n|---|---|\n| acme/table | 3 |\n\n",
        ", ",
        " and ",
        "/",
        ".",
        "(",
        ")",
        " ",
        "\n",
        "Squad",
        "データ",
        "x/y/zebra",
        '<a href="https://huggingface.co/datasets/acme/html">acme/html</a>',
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(WORDS, max_size=14))
def test_every_id_among_the_datasets_begins_a_written_name(words: list[str]) -> None:
    card = Card.from_text("".join(words))
    links = card.outline.links
    for claim in card.claims.datasets:
        at = bisect_right(links, claim.start, key=lambda link: link.start) - 1
        linked = at >= 0 and claim.start < links[at].end and links[at].url
        if not linked and ID.fullmatch(claim.value):
            name = claim.value.rpartition("/")[2].rstrip(".-")
            assert any(written.name.startswith(name) for written in card.claims.written_names)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(WORDS, max_size=14))
def test_every_dataset_of_a_block_is_among_what_is_read_of_that_block_alone(words: list[str]) -> None:
    card = Card.from_text("".join(words))
    for block in card.outline.blocks:
        items = card.claims.training_data_in({block.start})
        alone = {hub_id(item.url) if item.url else item.block.text[item.start : item.end] for item in items}
        assert alone.issuperset(claim.value for claim in card.claims.datasets if block.start <= claim.start < block.end)


def test_a_block_of_nothing_but_ids_costs_little() -> None:
    card = Card.from_text("acme/birds\n" * 40_000)
    assert len(card.outline.blocks) == 1
    begin = time.process_time()
    assert {each.name for each in card.claims.written_names} == {"birds"}
    assert time.process_time() - begin < 5
