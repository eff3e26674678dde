"""Unified diffs of cards, as ``patch`` takes them, byte for byte."""

from __future__ import annotations

import pytest

from cardlint.fixes.diff import diff

HEAD = b"--- cards/README.md\n+++ cards/README.md\n"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\n", b"@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
        (b"a\r\nb\r\n", b"a\r\nB\r\n", b"@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n"),
        (b"a\rb\n", b"a\rB\n", b"@@ -1 +1 @@\n-a\rb\n+a\rB\n"),
        (b"a\n", b"a", b"@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"),
        (b"a", b"a\n", b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
        (b"caf\xe9\n", b"\xff\xc3\xa9\n", b"@@ -1 +1 @@\n-caf\xe9\n+\xff\xc3\xa9\n"),
        (b"a\x0cb\x85c\n", b"a\x0cb\x85d\n", b"@@ -1 +1 @@\n-a\x0cb\x85c\n+a\x0cb\x85d\n"),
        (b"--- a\n", b"+++ a\n", b"@@ -1 +1 @@\n---- a\n++++ a\n"),
        (b"", b"a\n", b"@@ -0,0 +1 @@\n+a\n"),
    ],
    ids=["lf", "crlf", "cr-is-no-line", "end-lost", "end-won", "not-utf-8", "other-line-ends", "dashes", "new"],
)
def test_diff_holds_the_bytes_of_both(before, after, shown):
    assert diff(before, after, "cards/README.md") == HEAD + shown


def test_equal_contents_have_no_diff():
    assert diff(b"a\n", b"a\n", "README.md") == b""


@pytest.mark.parametrize(
    ("path", "written"),
    [("./README.md", b"README.md"), ("a/./README.md", b"a/./README.md"), ("caf\u00e9.md", b"caf\xc3\xa9.md"), ("x\udcff.md", b"x\xff.md")],
)
def test_path_is_written_as_the_file_is_called(path, written):
    assert diff(b"a\n", b"b\n", path).startswith(b"--- " + written + b"\n+++ " + written + b"\n@@")
