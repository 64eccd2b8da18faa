"""Bytes to text: encodings, and what is refused."""

import codecs

import pytest

from crawler.errors import InputError
from crawler.ingest import MAX_DOCUMENT_BYTES, decoded

TEXT = "Zürich – “quoted” ça"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (TEXT.encode(), None),
        (codecs.BOM_UTF8 + TEXT.encode(), None),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-32"), None),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), None),
        (TEXT.encode("cp1252"), None),
        (TEXT.encode("cp1252"), "iso-8859-1"),
        (TEXT.encode(), "iso-8859-1"),
        (TEXT.encode("utf-16-le"), "utf-16le"),
        (TEXT.encode("cp1252"), "no-such-label"),
        (TEXT.encode("cp1252"), "utf-8"),
    ],
)
def test_text_is_read_in_its_encoding(body, charset):
    assert decoded(body, name="a.txt", charset=charset) == TEXT


def test_declared_encoding_is_used_where_the_text_is_not_utf8():
    assert decoded("Москва".encode("cp1251"), name="a", charset="windows-1251") == "Москва"


def test_meta_charset_of_a_page_is_used():
    page = '<meta charset="windows-1251"><p>Москва'
    assert decoded(page.encode("cp1251"), name="a.html") == page


def test_encoding_hidden_in_ascii_is_believed():
    assert decoded("東京".encode("iso-2022-jp"), name="a", charset="ISO-2022-JP") == "東京"


def test_broken_utf8_keeps_its_sound_characters():
    assert decoded("ÄÖÜ ßäöü".encode() + b"\xff.", name="a") == "ÄÖÜ ßäöü\ufffd."


def test_empty_file_is_refused():
    with pytest.raises(InputError) as caught:
        decoded(b" \n\n", name="a.md")
    assert str(caught.value) == "a.md: the file is empty; name a document with text in it"


def test_too_large_file_is_refused_with_its_size():
    with pytest.raises(InputError) as caught:
        decoded(b"a" * (MAX_DOCUMENT_BYTES + 1), name="a.md")
    assert str(caught.value) == (
        "a.md: it has 10,485,761 bytes or more, and a document may have 10,485,760 (10 MiB); "
        "split it into parts and name each"
    )


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"%PDF-1.7 x", "it is a PDF file"),
        (b"PK\x03\x04x", "it is a ZIP archive or an office document (DOCX, ODT, EPUB)"),
        (b"\x1f\x8bx", "it is a gzip file"),
        (b"\x89PNG\r\n", "it is a PNG image"),
        (b"text\x00text", "it holds NUL bytes"),
    ],
)
def test_binary_file_is_refused_by_its_kind(body, what):
    with pytest.raises(InputError) as caught:
        decoded(body, name="a.md")
    assert str(caught.value) == (
        f"a.md: not a text document ({what}); save it as Markdown, plain text, HTML or wikitext"
    )
