"""A live hub as other repositories, asked by the official client; a small hub of the tests answers."""

from __future__ import annotations

import pytest

pytest.importorskip("aiohttp")
pytest.importorskip("huggingface_hub")

from aiohttp import web  # after the skips

from cardlint.engine.batch import Judge
from cardlint.hub.hub import HubSource
from cardlint.sources.entry import Entry
from tests.gate.hub import Hub
from tests.hub.mirrors import card, plan


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    hub = Hub()
    hub.repo("acme/letters", {"README.md": card("Letters", license="cc-by-nc-4.0").encode()})
    hub.repo("bob/mail", {"README.md": card("Mail", license="mit", base_model="acme/letters").encode()})
    hub.repo("datasets/acme/post", {"README.md": card("Post", license="mit").encode()})
    yield hub
    hub.stop()


def judged(hub, **metadata):
    judge = Judge(plan()._replace(later=False, hub=HubSource(hub.url)))
    return judge(Entry("README.md", None, id="ann/towns", kind="model", text=card("Towns", **metadata).encode()))


def test_lineage_is_asked_for_hop_by_hop(live):
    outcome = judged(live, license="apache-2.0", base_model="bob/mail")
    assert [each.message for each in outcome.findings if each.code == "LIC402"] == [
        "cc-by-nc-4.0 forbids commercial use, apache-2.0 grants it: 'acme/letters', 2 hops up by way of 'bob/mail' (mit)"
    ]


def test_an_answer_that_there_is_none_is_absent(live):
    outcome = judged(live, license="mit", base_model="acme/lettres", datasets="[acme/post]")
    assert [(each.code, each.message) for each in outcome.findings if each.severity == "error"] == [
        ("LIN101", "base model 'acme/lettres' is not on the hub")
    ]


def test_what_the_hub_hides_is_unknown(live):
    async def hidden(request):
        return web.json_response({"error": "hidden"}, status=401) if "acme/secret" in request.raw_path else None

    live.fault = hidden
    outcome = judged(live, license="mit", base_model="acme/secret")
    assert "LIN101" in outcome.not_checked["'acme/secret' lies outside this mirror"]


def test_a_repository_is_asked_for_once(live):
    judge = Judge(plan()._replace(later=False, hub=HubSource(live.url)))
    for _ in range(3):
        judge(Entry("README.md", None, id="ann/towns", kind="model", text=card("T", license="mit", base_model="acme/letters").encode()))
    assert len(live.asked("/api/models/acme/letters")) == 1
