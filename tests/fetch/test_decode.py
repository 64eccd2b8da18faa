import gzip
import subprocess
import sys
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.decode import Decoded, Undecodable, decoded, gunzipped
from db.words import FailureKind

LIMIT = 10 << 20


def raw_deflate(body):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


def zstd_stream(body):
    """Without a content size in its head, as servers stream it."""
    compressor = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    return compressor.compress(body) + compressor.flush()


CODINGS = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("Deflate", raw_deflate),
    "br": ("br", lambda body: brotli.compress(body, quality=4)),
    "zstd": ("zstd", zstandard.compress),
    "streamed zstd": ("zstd", zstd_stream),
}
every_coding = pytest.mark.parametrize(("coding", "encode"), CODINGS.values(), ids=CODINGS)


def decode(wire, *codings, limit_bytes=LIMIT):
    headers = tuple(("Content-Encoding", coding) for coding in codings)
    return decoded(wire, headers, limit_bytes=limit_bytes)


@every_coding
@given(body=st.binary(max_size=5000), repeat=st.integers(1, 40))
def test_every_coding_gives_back_what_was_encoded(coding, encode, body, repeat):
    assert decode(encode(body * repeat), coding) == Decoded(body=body * repeat)


@every_coding
def test_incompressible_bodies_come_back_too(coding, encode):
    body = b"".join(
        zlib.crc32(bytes([n % 256, n // 256 % 256])).to_bytes(4, "big") for n in range(60000)
    )
    assert decode(encode(body), coding) == Decoded(body=body)


@every_coding
@given(wire=st.binary(max_size=3000))
def test_no_bytes_raise(coding, encode, wire):
    assert isinstance(decode(wire, coding), Decoded | Undecodable)


@every_coding
def test_a_stream_that_ends_early_is_flagged(coding, encode):
    body = bytes(range(256)) * 400
    result = decode(encode(body)[:-3], coding)
    assert isinstance(result, Decoded)
    assert result.truncated
    assert body.startswith(result.body)


@every_coding
def test_a_bomb_is_refused(coding, encode):
    result = decode(encode(bytes(64 << 20)), coding)
    assert isinstance(result, Undecodable)
    assert result.kind in {FailureKind.RATIO, FailureKind.TOO_LARGE}


@every_coding
def test_a_body_above_its_limit_is_too_large(coding, encode):
    body = b"".join(n.to_bytes(4, "big") for n in range(50_000))
    assert decode(encode(body), coding, limit_bytes=100_000).kind is FailureKind.TOO_LARGE


def test_a_high_ratio_is_harmless_below_a_mebibyte():
    assert decode(brotli.compress(bytes(1 << 19)), "br") == Decoded(body=bytes(1 << 19))


def test_the_limit_holds_without_a_coding():
    assert decode(b"x" * 11, limit_bytes=10).kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize("codings", [("gzip, gzip",), ("gzip", "br"), ("GZIP,gzip",)])
def test_stacked_codings_are_refused(codings):
    result = decode(gzip.compress(gzip.compress(b"x")), *codings)
    assert result == Undecodable(kind=FailureKind.PROTOCOL, detail="more than one content coding")


def test_an_unknown_coding_is_refused():
    result = decode(b"x", "rot13")
    assert result == Undecodable(kind=FailureKind.PROTOCOL, detail="unknown content coding 'rot13'")


def test_a_body_that_is_not_what_its_coding_says_is_refused():
    assert decode(b"<html>plain after all", "gzip").kind is FailureKind.PROTOCOL


@pytest.mark.parametrize("codings", [(), ("",), ("identity",), ("", "identity")])
def test_no_coding_leaves_the_body_as_it_is(codings):
    assert decode(b"plain", *codings) == Decoded(body=b"plain")


def test_an_empty_field_beside_the_real_one_is_ignored():
    assert decode(gzip.compress(b"x"), "", "gzip") == Decoded(body=b"x")


def test_all_members_of_gzip_are_read_and_what_follows_is_ignored():
    wire = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0"
    assert decode(wire, "gzip") == Decoded(body=b"one two")


def test_a_flood_of_gzip_members_is_refused():
    assert decode(gzip.compress(b"") * 5000, "gzip").kind is FailureKind.PROTOCOL


def test_all_frames_of_zstd_are_read():
    wire = zstandard.compress(b"one ") + zstd_stream(b"two")
    assert decode(wire, "zstd") == Decoded(body=b"one two")


def test_a_zstd_window_beyond_the_standard_is_refused():
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    wire = compressor.compress(bytes(range(256)) * 1000) + compressor.flush()
    assert decode(wire, "zstd").kind is FailureKind.PROTOCOL


def test_undeclared_gzip_is_bounded_as_well():
    assert gunzipped(gzip.compress(b"x"), limit_bytes=LIMIT) == Decoded(body=b"x")
    assert gunzipped(gzip.compress(bytes(64 << 20)), limit_bytes=LIMIT).kind is FailureKind.RATIO


BOMB_IN_A_PROCESS = """
import gzip, sys, zlib, brotli, zstandard
from crawler.fetch.decode import decoded
encode = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.compress,
          "br": lambda body: brotli.compress(body, quality=1, lgwin=24)}
coding = sys.argv[1]
limit = 10 << 20
piece = bytes(range(256)) * 4096
wire = encode[coding](piece * 4)
decoded(wire, (("Content-Encoding", coding),), limit_bytes=limit)  # warm
bomb = encode[coding](bytes(150 << 20))
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # forget the peak so far
def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(name))
before = status("VmRSS")
decoded(bomb, (("Content-Encoding", coding),), limit_bytes=limit)
print(status("VmHWM") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_costs_at_most_four_times_its_cap_in_memory(coding):
    done = subprocess.run(
        [sys.executable, "-c", BOMB_IN_A_PROCESS, coding],
        capture_output=True,
        text=True,
        check=False,
    )
    if "Permission" in done.stderr:
        pytest.skip("the peak cannot be reset here")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= 4 * LIMIT
