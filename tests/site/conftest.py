"""A small mirror with hostile cards, its audit and its site, made once; a browser where there is one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

HOSTILE = """---
license: "<script>window.ran=1</script>"
language: "<img src=x onerror=window.ran=2>"
pipeline_tag: "<svg onload=window.ran=3>"
library_name: "javascript:window.ran=4"
datasets: ["javascript:window.ran=5", "]]><script>window.ran=6</script>", "__proto__"]
base_model: ["\\u202egnp.exe", "<iframe srcdoc='<script>top.ran=7</script>'>", "acme/gull", "constructor"]
thumbnail: "javascript:window.ran=8"
---
# <script>window.ran=9</script> Gulls \u202etxt.exe

## Intended use <img src=x onerror="window.ran=10">

[run](javascript:window.ran=11) <a href="javascript:window.ran=12">x</a> <svg onload=window.ran=13></svg> ]]>

TODO <script>window.ran=14</script> [More Information Needed]
"""
GOOD = """---
license: apache-2.0
language: en
pipeline_tag: image-classification
datasets: [acme/birds]
---
# Gull counter

## Intended use

It counts gulls in photographs of harbours that were taken from above, for the yearly census of the port authority.

## Limitations

It miscounts flocks of more than forty birds and takes terns for gulls where the light is low.
"""
CARDS = {
    "acme/gull": GOOD,
    "acme/gull-small": GOOD.replace("license: apache-2.0", "license: mit\nbase_model: acme/gull"),
    "acme/gull-tiny": GOOD.replace("license: apache-2.0", "license: mit\nbase_model: acme/gull-small"),
    "acme/empty": "# A model\n",
    "acme/gull-shop": GOOD.replace("license: apache-2.0", "license: mit\nbase_model: sea/tern"),
    "sea/tern": GOOD.replace("license: apache-2.0", "license: cc-by-nc-4.0"),
    "datasets/acme/birds": "---\nlicense: cc-by-nc-4.0\n---\n# Birds\n\nPhotographs of birds over three harbours, taken in 2021.\n",
    "harbour/far": GOOD.replace("license: apache-2.0", "license: apache2\nbase_model: elsewhere/gone"),
    "mallory/card": HOSTILE,
    "mallory/<img src=x onerror=window.ran=15>": HOSTILE,
    "mallory/\u202egnp": GOOD,
    "=1+1/model": HOSTILE,
    **{f"many/model-{number:03}": GOOD.replace("Gull counter", f"Gull counter {number}") for number in range(104)},
}


def audit(cards: dict[str, str], folder: Path) -> Path:
    """Audit a mirror of these cards; the results' folder."""
    for key, text in cards.items():
        card = folder / "mirror" / key / "README.md"
        card.parent.mkdir(parents=True, exist_ok=True)
        card.write_text(text, encoding="utf-8")
    out = folder / "audit"
    if "acme/gull" in cards:
        (folder / "mirror/acme/gull/config.json").write_text('{"model_type": "vit", "architectures": ["ViTForImageClassification"]}')
    done = cardlint("audit", str(folder / "mirror"), "--out", str(out), "--jobs", "1", "--preview", "--standard", "mitchell-2019")
    assert done.returncode == 0, done.stderr
    return out


def cardlint(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cardlint", *args], capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of `CARDS`."""
    pytest.importorskip("duckdb")
    pytest.importorskip("cardlint.site.charts", reason="pictures need pygal")
    return audit(CARDS, tmp_path_factory.mktemp("now"))


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit from before acme wrote its cards."""
    cards = {key: text for key, text in CARDS.items() if not key.startswith("many/")}
    cards |= {"acme/gull": "# Gull counter\n", "acme/gull-small": "# A model\n"}
    return audit(cards, tmp_path_factory.mktemp("earlier"))


@pytest.fixture(scope="session")
def site(audited: Path, earlier: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the audit."""
    from cardlint.site.static import write_site

    out = tmp_path_factory.mktemp("site") / "pages"
    write_site(audited, out, [earlier])
    return out


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with api.sync_playwright() as driver:
        try:
            running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        except api.Error as error:
            pytest.skip(f"{CHROMIUM} does not start: {error.message.splitlines()[0]}")
        yield running
        running.close()
