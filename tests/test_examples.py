"""The example mirror: nothing is said of its good repositories, and each bad one shows what its page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardlint import check_path

HUB = Path(__file__).parents[1] / "examples" / "hub"
GOOD = (
    "harbourlight/dockside-triage-en",
    "tsukimi-lab/komorebi-sentiment-ja",
    "lanternfish/minnow-base",
    "quietriver/minnow-tides",
    "quietriver/minnow-haiku-lora",
    "datasets/harbourlight/dockside-tickets",
    "datasets/tsukimi-lab/komorebi-reviews",
    "spaces/harbourlight/dockside-demo",
)
BAD = {
    "sunnyfield/triage-v2-final": {"LIC101", "MET101", "FM020", "DOC001", "DOC002", "DOC009"},
    "atelier-verne/resume-depeches-fr": {"LIC201", "DOC001"},
    "qinghe/diming-ner-zh": {"MET101", "DOC001"},
    "gravelroad/pothole-vit": {"FM010"},
    "coppertop/gauge-reader": {"LIC301"},
    "datasets/sunnyfield/scraped-messages": {"FM020", "MET601", "MET602", "LIM005"},
}


@pytest.mark.parametrize("repo", GOOD)
def test_nothing_is_said_of_a_good_repository(repo):
    (outcome,) = check_path(HUB / repo)
    assert outcome.failure is None
    assert [f"{found.code} {found.message}" for found in outcome.findings] == []


@pytest.mark.parametrize("repo", BAD)
def test_bad_repository_shows_its_faults(repo):
    (outcome,) = check_path(HUB / repo)
    assert {found.code for found in outcome.findings} >= BAD[repo]


def test_repository_without_a_card_is_found_below_the_mirror():
    missing = [outcome.repo for outcome in check_path(HUB) if any(found.code == "FM001" for found in outcome.findings)]
    assert missing == ["nightshift/minnow-ckpt-0420"]
