"""Which reader a document gets."""

import pytest

from crawler.ingest import media_type_of


@pytest.mark.parametrize(
    ("name", "text", "declared", "expected"),
    [
        ("a.md", "x", None, "text/markdown"),
        ("A.HTML", "x", None, "text/html"),
        ("a.wiki", "x", None, "text/x-wiki"),
        ("a.jsonl", "x", None, "application/jsonl"),
        ("https://example.com/a.md?x=1", "x", "text/plain; charset=utf-8", "text/markdown"),
        ("https://example.com/a", "x", "text/html; charset=utf-8", "text/html"),
        ("https://example.com/a.md", "x", "text/html", "text/html"),
        ("http://[broken", "x", None, "text/plain"),
        ("-", "<!DOCTYPE html><p>x", None, "text/html"),
        ("-", "Text<ref>x</ref>", None, "text/x-wiki"),
        ("-", '{"id": 1, "claim": "x"}', None, "application/jsonl"),
        ("-", "# Title\n\nText", None, "text/markdown"),
        ("-", "It rained [[1]].", None, "text/markdown"),
        ("a.txt", "It rained [1].", None, "text/plain"),
        ("a.bin", "x", "application/octet-stream", "text/plain"),
    ],
)
def test_declaration_then_name_then_look_decide(name, text, declared, expected):
    assert media_type_of(name, text, declared) == expected
