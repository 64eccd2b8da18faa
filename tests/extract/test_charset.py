import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.charset import clean_text, decoded


def test_byte_order_mark_goes_before_the_header():
    assert decoded("\ufeffé".encode("utf-16-le"), http_charset="windows-1251") == "é"
    assert decoded(b"\xef\xbb\xbf\xc3\xa9", http_charset="windows-1251") == "é"


def test_header_goes_before_what_the_page_says():
    body = b'<meta charset="utf-8">' + "Привет".encode("cp1251")
    assert decoded(body, http_charset="windows-1251").endswith("Привет")


@pytest.mark.parametrize("label", ["windows-1251", "iso-8859-1", "shift_jis"])
def test_bytes_that_are_utf_8_are_read_so_whatever_the_server_says(label):
    body = "<p>Der Bürgermeister sagte „nein“ – schon wieder.".encode()
    assert decoded(body, http_charset=label) == body.decode()


def test_escapes_of_iso_2022_jp_are_ascii_and_no_utf_8():
    assert decoded("市長".encode("iso2022_jp"), http_charset="iso-2022-jp") == "市長"


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "ascii", "ISO-8859-1 "])
def test_latin_labels_mean_windows_1252(label):
    assert decoded(b"\x93x\x94", http_charset=label) == "“x”"


def test_valid_utf8_goes_before_the_page_s_own_label():
    body = '<meta charset="iso-8859-1">“é”'.encode()
    assert decoded(body).endswith("“é”")


@pytest.mark.parametrize(
    ("declaration", "codec", "text"),
    [
        ('<meta charset="windows-1251">', "cp1251", "Мир"),
        ("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "gb18030", "你好"),
        ('<?xml version="1.0" encoding="Shift_JIS"?>', "cp932", "日本"),
        ('<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">', "cp1251", "Мир"),
        ('<meta charset="x-user-defined">', "cp1252", "“x”"),
        ('<meta charset="utf-16">', "cp1252", "é"),
        ("", "cp1252", "é"),
    ],
)
def test_declaration_decides_what_is_not_utf8(declaration, codec, text):
    assert decoded(declaration.encode() + text.encode(codec)) == declaration + text


def test_page_that_wrongly_claims_utf8_is_windows_1252():
    body = b'<meta charset="utf-8">' + "déjà vu été".encode("cp1252")
    assert decoded(body, http_charset="utf-8").endswith("déjà vu été")


def test_stray_byte_in_utf8_is_read_as_windows_1252():
    assert decoded(("é" * 20).encode() + b"\x92s") == "é" * 20 + "’s"


def test_truncated_utf8_keeps_all_that_came_whole():
    assert decoded(("é" * 20).encode()[:-1]).startswith("é" * 19)


def test_nul_bytes_are_dropped():
    assert decoded(b"a\0b") == "ab"


def test_unknown_label_is_no_label():
    assert decoded("é".encode(), http_charset="no-such-charset") == "é"


def test_clean_text_folds_white_space_and_drops_controls():
    assert clean_text(" a\u00a0\n b\x07c\u200b\ufeff d\ud800 \x93e\x94 ") == "a b c d “e”"


@given(
    st.binary(max_size=300),
    st.none() | st.sampled_from(["utf-8", "gbk", "big5", "utf-16", "iso-2022-jp", "x"]),
)
def test_any_bytes_become_text_that_can_be_stored(body, charset):
    text = clean_text(decoded(body, http_charset=charset))
    assert text.encode("utf-8").decode("utf-8") == text
    assert not any(ord(each) < 32 or 0x7F <= ord(each) < 0xA0 for each in text)


@given(st.text(max_size=200))
def test_clean_text_is_idempotent(text):
    assert clean_text(clean_text(text)) == clean_text(text)
