"""Files that are no tapes, or not whole: what the operator is told."""

from __future__ import annotations

import gzip

import pytest

from crawler.errors import ConfigError, TapeMissError
from crawler.fetch.tapes import TapePlayer

PAGE = b"<p>Placeholder prose.</p>" * 200


@pytest.fixture(params=["tape.warc.gz", "tape.warc"])
def whole(request, tapes, tmp_path):
    """A tape with two exchanges, compressed or not."""
    path = tmp_path / request.param
    exchanges = [
        (tapes.a_request(f"https://paper.example/{n}"), tapes.a_response(PAGE)) for n in range(2)
    ]
    tapes.record(path, *exchanges)
    return path


def opening_error(path):
    with pytest.raises(ConfigError) as caught:
        TapePlayer.open(path)
    return str(caught.value)


def test_missing_file_is_named(tmp_path):
    path = tmp_path / "no.warc.gz"
    assert opening_error(path) == f"{path}: No such file or directory; name a WARC file"


def test_folder_is_named(tmp_path):
    assert opening_error(tmp_path) == f"{tmp_path}: Is a directory; name a WARC file"


@pytest.mark.parametrize(
    "content",
    [b"", b"WAR", b"<html>", b"\x00" * 100, b"PK\x03\x04", gzip.compress(b"<html>" * 99)],
    ids=["empty", "three bytes", "html", "zeros", "zip", "gzip of something else"],
)
def test_what_is_no_warc_is_named(tmp_path, content):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    assert opening_error(path) == (
        f"{path}: not a WARC file; name one made by --record or by an archiving tool"
    )


def test_cut_tape_is_read_up_to_its_last_whole_record(tapes, whole):
    data = whole.read_bytes()
    requests = [tapes.a_request(f"https://paper.example/{n}") for n in range(2)]
    whole.write_bytes(data[: int(len(data) * 0.6)])
    first, second = tapes.replay(whole, *requests)
    assert first.body == PAGE
    assert isinstance(second, TapeMissError)
    assert "cut short at byte" in str(second)


def test_tape_cut_anywhere_is_read_or_refused_in_words(tapes, whole):
    data = whole.read_bytes()
    for length in {*range(0, 600, 7), *range(600, len(data), 211)}:
        whole.write_bytes(data[:length])
        try:
            (first,) = tapes.replay(whole, tapes.a_request("https://paper.example/0"))
        except ConfigError as error:
            first = error
        assert isinstance(first, ConfigError) or first.body == PAGE


def test_tape_without_a_whole_record_is_refused(whole):
    whole.write_bytes(whole.read_bytes()[:60])
    assert opening_error(whole) == f"{whole}: the recording holds no whole record; record it again"


def test_damage_in_the_middle_is_told_with_its_place(tapes, tmp_path):
    path = tmp_path / "tape.warc.gz"
    tapes.record(path, *[(tapes.a_request(), tapes.a_response(PAGE))] * 3)
    data = bytearray(path.read_bytes())
    members = [n for n in range(len(data)) if data[n : n + 3] == b"\x1f\x8b\x08"]
    data[members[2] + 40] ^= 0xFF
    path.write_bytes(data)
    message = opening_error(path)
    assert f"damaged at byte {members[2]} " in message
    assert "warcio recompress" in message


def test_one_gzip_member_round_all_records_is_told(tapes, tmp_path):
    path = tmp_path / "tape.warc"
    tapes.record(path, (tapes.a_request(), tapes.a_response()))
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(path.read_bytes()))
    assert "several records in one gzip member" in opening_error(whole)


def test_endless_fields_are_refused(tmp_path):
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(
        gzip.compress(b"WARC/1.1\r\nContent-Length: 0\r\n" + b"X-Long: x\r\n" * 999_999)
    )
    assert "damaged at byte 0 (the fields of a record have no end)" in opening_error(path)


def test_empty_recording_misses_every_request(tapes, tape):
    tapes.record(tape)
    (error,) = tapes.replay(tape, tapes.a_request())
    assert isinstance(error, TapeMissError)
