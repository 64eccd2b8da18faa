"""The small web behaves as its scenario says, at the wire."""

from __future__ import annotations

import json
import ssl

import httpcore
import httpx
import pytest
from smallweb import Site

_SCENARIO = """
["news.example"."/story"]
text = "a story"
["news.example"."/coded"]
text = "a coded story"
gzip = true
["news.example"."/moved"]
redirect = "https://news.example/story"
["news.example"."/wall"]
text = "no"
status = 403
headers = { "cf-mitigated" = "challenge" }
["news.example"."/cut"]
fault = "reset"
["news.example"."/half"]
text = "this text ends before its length"
fault = "truncate"
["www.news.example"]
alias_of = "news.example"
["alert.example"]
fault = "tls"

[[memento]]
url = "https://news.example/gone"
at = "20260309114500"
text = "an archived story"
[[memento]]
url = "https://news.example/gone"
at = "20260209114500"
text = "not found"
status = 404

[[save]]
url = "https://news.example/story"
at = "20260310114500"

[[gdelt]]
domain = "news.example"
words = ["story"]
articles = [{ url = "https://news.example/story", title = "A story" }]
"""
_CDX = "https://web.archive.org/cdx/search/cdx?output=json&"
_REPLAY = "https://web.archive.org/web/"
_GDELT = "https://api.gdeltproject.org/api/v2/doc/doc?query="


class _ToLoopback(httpcore.SyncBackend):
    def __init__(self, site):
        self._ports = {443: site.https_port, 80: site.http_port}

    def connect_tcp(self, host, port, *args, **kwargs):
        return super().connect_tcp("127.0.0.1", self._ports[port], *args, **kwargs)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "scenario.toml").write_text(_SCENARIO, encoding="utf-8")
    with Site(folder) as served:
        yield served


@pytest.fixture(scope="module")
def client(site):
    trust = ssl.create_default_context(cafile=site.ca_path)
    transport = httpx.HTTPTransport(verify=trust)
    transport._pool._network_backend = _ToLoopback(site)
    with httpx.Client(transport=transport, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def get(client):
    return client.get


def test_a_page_is_served_under_a_certificate_for_its_host(get):
    assert get("https://news.example/story").text == "a story"


def test_an_unknown_path_is_a_404(get):
    assert get("https://news.example/nothing").status_code == 404


@pytest.mark.parametrize(
    "url", ["https://stranger.example/", "http://stranger.example/", "https://news.example/cut"]
)
def test_a_reset_is_a_broken_connection(get, url):
    # Python's ssl tells a reset after the handshake as an end of file.
    with pytest.raises(httpx.TransportError, match=r"reset|disconnected without sending"):
        get(url)


def test_a_refused_handshake_is_an_alert(get):
    with pytest.raises(httpx.ConnectError, match="alert"):
        get("https://alert.example/")


def test_plain_http_sends_clients_to_tls(get):
    assert get("http://news.example/story").headers["location"] == "https://news.example/story"


def test_an_alias_redirects_every_path(get):
    assert get("https://www.news.example/a?b").headers["location"] == "https://news.example/a?b"


def test_a_redirect_is_permanent_unless_told_otherwise(get):
    assert get("https://news.example/moved").status_code == 301


def test_a_wall_carries_its_status_and_headers(get):
    answer = get("https://news.example/wall")
    assert (answer.status_code, answer.headers["cf-mitigated"]) == (403, "challenge")


def test_a_body_is_coded_where_the_client_accepts_it(get):
    plain = get("https://news.example/coded", headers={"Accept-Encoding": "identity"})
    coded = get("https://news.example/coded", headers={"Accept-Encoding": "gzip"})
    assert [one.headers.get("content-encoding") for one in (plain, coded)] == [None, "gzip"]
    assert plain.text == coded.text


def test_a_truncated_body_ends_before_its_length(get):
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        get("https://news.example/half")


def test_gdelt_answers_a_query_that_names_domain_and_word(get):
    answer = get(_GDELT + "one%20story%20domainis:news.example")
    assert answer.json()["articles"][0]["url"] == "https://news.example/story"


def test_gdelt_without_hits_has_no_articles_key(get):
    assert get(_GDELT + "other%20domainis:news.example").json() == {}


def test_cdx_lists_by_prefix_within_the_window(get):
    rows = get(_CDX + "url=news.example/*&from=20260301&to=20260331&fl=timestamp,original").json()
    assert rows == [["timestamp", "original"], ["20260309114500", "https://news.example/gone"]]


def test_cdx_filters_match_whole_fields(get):
    rows = get(
        _CDX + "url=https://www.news.example/gone&filter=statuscode:200&fl=statuscode"
    ).json()
    assert rows == [["statuscode"], ["200"]]


def test_cdx_without_captures_is_an_empty_list(get):
    assert get(_CDX + "url=news.example/never").json() == []


def test_cdx_keeps_the_last_rows_for_a_negative_limit(get):
    rows = get(_CDX + "url=news.example/gone&limit=-1&fl=timestamp").json()
    assert rows == [["timestamp"], ["20260309114500"]]


def test_replay_gives_the_copy_with_its_date_and_original(get):
    answer = get(_REPLAY + "20260309114500id_/https://news.example/gone")
    assert (answer.text, answer.headers["memento-datetime"]) == (
        "an archived story",
        "Mon, 09 Mar 2026 11:45:00 GMT",
    )
    assert answer.links["original"]["url"] == "https://news.example/gone"


def test_replay_of_an_archived_error_keeps_its_status(get):
    answer = get(_REPLAY + "20260209114500id_/https://news.example/gone")
    assert (answer.status_code, "memento-datetime" in answer.headers) == (404, True)


def test_replay_of_another_instant_redirects_to_the_nearest(get):
    answer = get(_REPLAY + "20260401id_/https://news.example/gone")
    assert answer.headers["location"] == _REPLAY + "20260309114500id_/https://news.example/gone"


def test_replay_of_what_was_never_archived_is_a_404_without_a_date(get):
    answer = get(_REPLAY + "2026id_/https://news.example/never")
    assert (answer.status_code, "memento-datetime" in answer.headers) == (404, False)


def test_a_submitted_page_becomes_a_job_that_ends(client):
    url = "https://news.example/story"
    job = client.post("https://web.archive.org/save", data={"url": url}).json()["job_id"]
    told = client.get(f"https://web.archive.org/save/status/{job}").json()
    assert (told["status"], told["timestamp"]) == ("success", "20260310114500")


def test_a_page_without_a_row_is_refused_under_200(client):
    answer = client.post("https://web.archive.org/save", data={"url": "https://news.example/x"})
    assert (answer.status_code, answer.json()["status"]) == (200, "error")


def test_every_exchange_is_noted(site, get):
    before = len(site.exchanges)
    get("https://news.example/story")
    assert [(one.host, one.target, one.status) for one in site.exchanges[before:]] == [
        ("news.example", "/story", 200)
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('["a.example"]\nfault = "boom"', "host fault: boom"),
        ('["a.example"]\nrobots = "x"', "field of a.example: robots"),
        ('["a.example"."/"]\nstatsu = 1', "field of a path: statsu"),
    ],
)
def test_a_field_without_meaning_is_refused(tmp_path, text, what):
    (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=what):
        Site(tmp_path)


def test_the_state_folder_can_be_named(tmp_path):
    (tmp_path / "scenario.toml").write_text("", encoding="utf-8")
    with Site(tmp_path, state=tmp_path / "state") as served:
        assert json.dumps(str(served.ca_path)) == json.dumps(str(tmp_path / "state" / "ca.pem"))
