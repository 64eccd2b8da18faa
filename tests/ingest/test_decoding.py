"""Bytes to text: encodings, and what is refused."""

import codecs

import pytest

from crawler.errors import InputError
from crawler.ingest import MAX_DOCUMENT_BYTES, decoded, ingested

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


@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1", "windows-1252", "windows-1251"])
@pytest.mark.parametrize("bad", [b"\xff", b"\x92", b"\x80", b"\xfe"])
def test_two_bad_bytes_do_not_turn_utf8_into_other_letters(bad, charset):
    body = "Café ".encode() + bad + b" and " + bad + b" so on"
    assert decoded(body, name="a", charset=charset) == "Café \ufffd and \ufffd so on"


def test_utf8_sequences_cut_short_are_broken_characters():
    body = "Café Müller Zoë ".encode() + b"\xc3 and \xe2\x80 so on"
    assert decoded(body, name="a") == "Café Müller Zoë \ufffd and \ufffd so on"


def test_declared_encoding_of_a_page_does_not_overrule_what_is_mostly_utf8():
    page = '<meta charset="windows-1252"><p>Café, Zoë'
    assert decoded(page.encode() + b" \xff", name="a.html") == f"{page} \ufffd"


def test_broken_characters_of_a_file_are_counted():
    text = decoded("The café of Zoë Müller was closed on Friday".encode() + b"\xff\xff.", name="a")
    rows = ingested(text, name="a", media_type="text/plain").unparsed
    assert [(row.reason, row.detail[:12]) for row in rows] == [("broken_encoding", "2 characters")]


@pytest.mark.parametrize(
    "text",
    [
        "«\xa0Le café\xa0» a ouvert.",
        "“CAFÉ” – ouvert",
        "It’s open",
        "Müller, Zoë: “Ça va?”",
    ],
)
def test_windows_1252_is_not_taken_for_broken_utf8(text):
    assert decoded(text.encode("cp1252"), name="a") == text


@pytest.mark.parametrize("charset", ["gbk", "big5", "euc-kr", "shift_jis", "euc-jp"])
def test_declared_encoding_of_several_bytes_is_believed_where_it_can_be_read(charset):
    text = "学 東京 中文 学"
    body = text.encode(charset, "ignore") + "。".encode(charset)
    assert decoded(body, name="a", charset=charset) == body.decode(charset)


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
