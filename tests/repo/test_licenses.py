"""Licence texts: the right id or none, whatever was wrapped, cut or added."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardlint.repo import shingles
from cardlint.repo.license_text import UNKNOWN, identify
from cardlint.repo.repo import Repo

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")
_GRANT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.
"""
_NO_WARRANTY = """
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
MIT = _GRANT + _NO_WARRANTY
BSD = """Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
disclaimer in the documentation and/or other materials provided with the distribution.
3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products
derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""
TEXTS = {"mit": MIT, "bsd-3-clause": BSD, "apache-2.0": APACHE}
RIDERS = (
    "This model may not be used for any commercial purpose without written permission.",
    "For non-commercial research use only.",
    "Commercial use is prohibited.",
)
both = pytest.mark.parametrize("wanted", sorted(TEXTS))


@both
def test_standard_texts(wanted: str) -> None:
    text = TEXTS[wanted]
    for form in (
        text,
        re.sub(r"\s+", " ", text),
        text.replace("\n", "\r\n\r\n"),
        text.upper(),
        f"# The license\n\nCopyright (c) 2019-2026 Jane Doe, Acme Ltd. and contributors\n\n{text}",
        f"Copyright 2024 Example GmbH. All rights reserved.\n\n{text}",
    ):
        found = identify(form)
        assert (found.license, found.modified) == (wanted, False)


@both
def test_a_cut_text_is_right_or_unknown(wanted: str) -> None:
    text = TEXTS[wanted]
    assert {identify(text[: len(text) * part // 20]).license for part in range(20)} <= {None, wanted}


@both
@pytest.mark.parametrize("rider", RIDERS)
def test_a_rider_anywhere_is_never_the_plain_licence(wanted: str, rider: str) -> None:
    text = f"Copyright (c) 2024 Jane Doe.\n\n{TEXTS[wanted]}"
    places = [0, len(text), *(match.end() for match in re.finditer(r"[.;,]\s|\n\n", text))]
    step = max(1, len(places) // 25)
    plain = [place for place in places[::step] if identify(f"{text[:place]}{rider} {text[place:]}").license]
    assert plain == []


@both
def test_a_rider_at_the_end_names_what_it_modifies(wanted: str) -> None:
    found = identify(f"{TEXTS[wanted]}\n{RIDERS[0]}\n")
    assert (found.license, found.near, found.modified) == (None, wanted, True)


def test_two_licences_are_neither() -> None:
    found = identify(f"{MIT}\n\n{APACHE}")
    assert found.license is None
    assert found.modified


@pytest.mark.parametrize("text", ["", "MIT", "This model is under the MIT license.", "x" * 200_000, "word " * 50_000, "<" * 100_000])
def test_no_text_is_no_licence(text: str) -> None:
    assert identify(text) == UNKNOWN


def test_shingles() -> None:
    known = " ".join(f"word{number}" for number in range(100))
    runs = shingles.unpack(shingles.pack(shingles.words(known)))
    assert len(runs) == 96
    changed = shingles.words(known.replace("word50 ", "word50 not ever "))
    assert shingles.foreign(shingles.runs(changed), len(changed), runs) == ((51, 2),)


def test_the_files_of_a_repository() -> None:
    made = Repo.from_contents(
        {
            "LICENSE.md": MIT.encode(),
            "NOTICE": b"Acme",
            "USE_POLICY.md": b"Be good.",
            "license.json": b"{}",
            "docs/LICENSE": b"deep",
            "LICENSE-big.txt": b"x" * 500_000,
            "modeling_license.py": b"",
        }
    )
    found = {file.path: (file.role, file.state, file.text.license) for file in made.license_files}
    assert found == {
        "LICENSE.md": ("license", "ok", "mit"),
        "LICENSE-big.txt": ("license", "unreadable", None),
        "NOTICE": ("notice", "ok", None),
        "USE_POLICY.md": ("policy", "ok", None),
    }
