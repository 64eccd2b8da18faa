import asyncio
import dataclasses
import gzip
import hashlib
from itertools import pairwise

import brotli
import pytest

from crawler.urls import origin_of
from db.ids import body_sha256, digest
from db.model import Capture, FetchFailure
from db.words import CapturePurpose, FailureKind

URL = "https://pages.example/a"
HTML = (("Content-Type", "text/html; charset=windows-1251"),)


class World:
    """A fetcher over a scripted wire: what each URL answers, in turn; the last answer stays."""

    def __init__(self, kit, clock=None, memory=None, **fields):
        self.kit = kit
        self.clock = clock or kit.VirtualClock()
        self.memory = memory or kit.MemoryInRam()
        self.answers = {}
        self.wire = kit.ScriptedWire(self.clock, self._answer)
        self.fetcher = kit.a_fetcher(self.wire, clock=self.clock, memory=self.memory, **fields)

    def says(self, url, *answers):
        self.answers[url] = list(answers)

    def fetch(self, url=URL, **fields):
        return self.fetch_all(self.kit.a_request(url, **fields))[0]

    def fetch_all(self, *requests):
        async def run():
            outcomes = await self.clock.run(asyncio.gather(*map(self.fetcher.fetch, requests)))
            await self.fetcher.aclose()
            return outcomes

        return asyncio.run(run())

    def response(self, status=200, headers=HTML, body=b""):
        return self.kit.response(self.clock, status, headers, body)

    def failure(self, kind):
        return self.kit.failure(self.clock, kind)

    def asked(self):
        return [url for url in self.wire.urls() if not url.endswith("/robots.txt")]

    def _answer(self, request):
        script = self.answers.get(request.url)
        if script is None:
            status = 200 if request.url.endswith("/robots.txt") else 404
            return self.response(status)
        return script.pop(0) if len(script) > 1 else script[0]


@pytest.fixture
def world(kit):
    return World(kit)


# ------------------------------------------------------------------------------------- captures


def test_a_capture_tells_all_of_the_exchange(world):
    wire = gzip.compress(b"<p>text")
    headers = (*HTML, ("Content-Encoding", "gzip"), ("ETag", '"1"'))
    world.says(URL, world.response(200, headers, wire))
    request = world.kit.a_request(URL + "#part")
    found = world.fetch_all(request)[0]
    assert isinstance(found, Capture)
    assert found.request_key == request.key
    assert found.id == digest("capture", request.key, found.captured_at.isoformat())
    assert (found.requested_url, found.url, found.status) == (URL + "#part", URL, 200)
    assert (found.media_type, found.charset) == ("text/html", "windows-1251")
    assert (found.body, found.body_sha256, found.body_bytes) == (
        b"<p>text",
        body_sha256(b"<p>text"),
        7,
    )
    assert (found.wire_sha256, found.wire_bytes) == (hashlib.sha256(wire).hexdigest(), len(wire))
    assert found.headers == headers
    assert not found.truncated


@pytest.mark.parametrize("status", [200, 204, 401, 403, 404, 410, 418, 451, 500, 503])
def test_every_status_is_a_capture(world, status):
    world.says(URL, world.response(status, body=b"<p>said"))
    found = world.fetch()
    assert (found.status, found.body) == (status, b"<p>said")


def test_every_request_says_who_asks(world):
    world.fetch()
    for request, _ in world.wire.asked:
        assert dict(request.headers)["User-Agent"] == "citehound/0"
        assert dict(request.headers)["Accept-Encoding"] == "gzip, deflate, br, zstd"


def test_a_requests_own_headers_replace_the_usual_ones(world):
    world.fetch(headers=(("accept", "application/json"), ("X-Subscription-Token", "s")))
    sent = [name for name, _ in world.wire.asked[-1][0].headers]
    assert sent == ["User-Agent", "Accept-Encoding", "accept", "X-Subscription-Token"]


def test_a_body_of_a_type_that_nobody_reads_is_not_kept(world):
    world.says(URL, world.response(200, (("Content-Type", "image/png"),), b"pixels"))
    found = world.fetch()
    assert (found.media_type, found.body, found.body_sha256) == ("image/png", b"", None)


def test_a_pdf_may_be_larger_than_a_page(world):
    body = b"%PDF" + bytes(11 << 20)
    world.says(URL, world.response(200, (("Content-Type", "application/pdf"),), body))
    world.says(URL + "2", world.response(200, HTML, body))
    document, page = world.fetch_all(*map(world.kit.a_request, (URL, URL + "2")))
    assert document.body_bytes == len(body)
    assert page.kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize(
    ("coding", "body", "kind"),
    [
        ("br", brotli.compress(bytes(64 << 20)), FailureKind.RATIO),
        ("gzip, gzip", b"x", FailureKind.PROTOCOL),
        ("rot13", b"x", FailureKind.PROTOCOL),
        ("gzip", b"<p>not gzip", FailureKind.PROTOCOL),
    ],
)
def test_what_cannot_be_decoded_is_a_failure_with_its_status(world, coding, body, kind):
    world.says(URL, world.response(200, (*HTML, ("Content-Encoding", coding)), body))
    found = world.fetch()
    assert isinstance(found, FetchFailure)
    assert (found.kind, found.status) == (kind, 200)


# ------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    "kind", [FailureKind.DNS, FailureKind.TLS, FailureKind.PROTOCOL, FailureKind.TOO_LARGE]
)
def test_what_will_not_heal_is_asked_once(world, kind):
    world.says(URL, world.failure(kind))
    found = world.fetch()
    assert found.kind is kind
    assert found.id == digest("failure", found.request_key, found.failed_at.isoformat())
    assert world.asked() == [URL]


@pytest.mark.parametrize("kind", [FailureKind.CONNECT, FailureKind.TIMEOUT])
def test_what_may_heal_is_asked_once_more(world, kind):
    world.says(URL, world.failure(kind), world.response(200))
    assert world.fetch().status == 200
    assert world.asked() == [URL, URL]


@pytest.mark.parametrize("status", [500, 502, 504, 421])
def test_a_servers_own_trouble_is_asked_once_more(world, status):
    world.says(URL, world.response(status))
    assert world.fetch().status == status
    assert world.asked() == [URL, URL]


def test_a_post_is_not_repeated_after_trouble_on_the_way(world):
    world.says(URL, world.failure(FailureKind.TIMEOUT))
    assert world.fetch(method="POST", body=b"q=1").kind is FailureKind.TIMEOUT
    assert world.asked() == [URL]


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://pages.example/", "https://[::1", "", "https://a b.example/"],
)
def test_what_is_no_web_address_is_not_asked(world, url):
    assert world.fetch(url).kind is FailureKind.BAD_SCHEME
    assert world.wire.urls() == []


# ------------------------------------------------------------------------------------ redirects


def leads(world, *pairs, status=302):
    for url, location in pairs:
        world.says(url, world.response(status, (("Location", location),)))


def test_redirects_are_followed_one_by_one_and_kept(world):
    leads(world, (URL, "/b"), ("https://pages.example/b", "http://other.example/c"))
    world.says("http://other.example/c", world.response(200, body=b"<p>x"))
    found = world.fetch()
    assert (found.url, found.status) == ("http://other.example/c", 200)
    assert [(hop.url, hop.status, hop.location) for hop in found.hops] == [
        (URL, 302, "/b"),
        ("https://pages.example/b", 302, "http://other.example/c"),
    ]


def test_a_redirect_that_is_not_to_be_followed_is_the_capture(world):
    leads(world, (URL, "/b"))
    found = world.fetch(follow=False)
    assert (found.status, found.url, found.hops) == (302, URL, ())


def test_a_location_in_utf8_is_understood(world):
    leads(world, (URL, "/й".encode().decode("latin-1")))
    assert world.fetch().url == "https://pages.example/%D0%B9"


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("/a", FailureKind.REDIRECT_LOOP),
        ("https://PAGES.example:443/a#x", FailureKind.REDIRECT_LOOP),
        ("file:///etc/passwd", FailureKind.BAD_SCHEME),
        ("javascript:alert(1)", FailureKind.BAD_SCHEME),
        ("http://[::1", FailureKind.BAD_SCHEME),
    ],
)
def test_a_redirect_that_leads_nowhere_is_a_failure(world, location, kind):
    leads(world, (URL, location))
    found = world.fetch()
    assert found.kind is kind
    assert len(found.hops) == 1


def test_eleven_redirects_are_too_many(world):
    leads(world, *((f"{URL}{n or ''}", f"{URL}{n + 1}") for n in range(20)))
    found = world.fetch()
    assert found.kind is FailureKind.REDIRECT_LOOP
    assert len(found.hops) == 11


def test_each_hop_is_asked_for_its_robots(world):
    leads(world, (URL, "https://other.example/b"))
    world.says(
        "https://other.example/robots.txt", world.response(200, HTML, b"User-agent: *\nDisallow: /")
    )
    found = world.fetch()
    assert (found.kind, found.url) == (FailureKind.ROBOTS_DENIED, "https://other.example/b")
    assert world.asked() == [URL]


def test_credentials_never_travel_to_another_origin(world):
    leads(world, (URL, "https://other.example/b"))
    world.fetch(headers=(("X-Subscription-Token", "secret"),))
    sent = [
        request
        for request, _ in world.wire.asked
        if origin_of(request.url) == "https://other.example"
    ]
    assert len(sent) == 2
    assert not any("secret" in value for request in sent for _, value in request.headers)


# --------------------------------------------------------------------------------------- robots


def test_robots_are_asked_once_for_all_who_want_them(world):
    requests = [world.kit.a_request(f"{URL}{n}") for n in range(5)]
    world.fetch_all(*requests)
    assert world.wire.urls().count("https://pages.example/robots.txt") == 1


def test_robots_are_remembered_for_a_day(kit):
    memory, clock = kit.MemoryInRam(), kit.VirtualClock()
    World(kit, clock, memory).fetch()
    second = World(kit, clock, memory)
    second.fetch()
    assert second.wire.urls() == [URL]
    tomorrow = World(kit, kit.VirtualClock(clock.now().replace(day=2, hour=13)), memory)
    tomorrow.fetch()
    assert "https://pages.example/robots.txt" in tomorrow.wire.urls()


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_that_cannot_be_had_forbid_the_page(world, status):
    world.says("https://pages.example/robots.txt", world.response(status))
    found = world.fetch()
    assert (found.kind, found.status) == (FailureKind.ROBOTS_UNREACHABLE, status)
    assert world.asked() == []


@pytest.mark.parametrize(
    "kind", [FailureKind.DNS, FailureKind.CONNECT, FailureKind.TLS, FailureKind.TIMEOUT]
)
def test_a_host_that_does_not_answer_for_its_robots_is_unreachable(world, kind):
    world.says("https://pages.example/robots.txt", world.failure(kind))
    found = world.fetch()
    assert found.kind is FailureKind.ROBOTS_UNREACHABLE
    assert kind.value in found.detail


def test_a_refused_address_is_told_as_such_and_is_no_robots_answer(world):
    world.says("https://pages.example/robots.txt", world.failure(FailureKind.PRIVATE_ADDRESS))
    assert world.fetch().kind is FailureKind.PRIVATE_ADDRESS
    assert world.memory.rows == {}


def test_five_redirects_are_followed_to_the_robots_and_hold_for_the_first_host(world):
    start = "https://pages.example/robots.txt"
    ways = [start, *(f"https://h{n}.example/robots.txt" for n in range(5))]
    leads(world, *pairwise(ways))
    world.says(ways[-1], world.response(200, HTML, b"User-agent: *\nDisallow: /a"))
    assert world.fetch().kind is FailureKind.ROBOTS_DENIED


def test_six_redirects_make_the_robots_unavailable(world):
    ways = [
        "https://pages.example/robots.txt",
        *(f"https://h{n}.example/robots.txt" for n in range(8)),
    ]
    leads(world, *pairwise(ways))
    assert world.fetch().status == 404
    assert world.asked() == [URL]


def test_a_request_for_robots_is_answered_from_memory(world):
    text = b"User-agent: *\nSitemap: https://pages.example/map.xml\n"
    world.says("https://pages.example/robots.txt", world.response(200, HTML, text))
    request = world.kit.a_request("https://pages.example/robots.txt", purpose=CapturePurpose.ROBOTS)
    first, page, second = (
        *world.fetch_all(request, world.kit.a_request(URL)),
        world.fetch_all(request)[0],
    )
    assert first == second
    assert (first.status, first.body, first.media_type) == (200, text, "text/plain")
    assert page.status == 404
    assert world.wire.urls().count("https://pages.example/robots.txt") == 1


def test_a_request_for_robots_that_cannot_be_had_is_a_failure(world):
    world.says("https://pages.example/robots.txt", world.response(503))
    found = world.fetch("https://pages.example/robots.txt", purpose=CapturePurpose.ROBOTS)
    assert (found.kind, found.status) == (FailureKind.ROBOTS_UNREACHABLE, 503)


def test_a_service_is_not_asked_for_robots_when_told_so(world):
    world.fetch(
        "https://api.example/q", purpose=CapturePurpose.SERVICE, service="gdelt", check_robots=False
    )
    assert world.wire.urls() == ["https://api.example/q"]


# ------------------------------------------------------------------- how long we stay away


def seconds(world):
    times = [at for request, at in world.wire.asked if request.url == URL]
    return [(later - first).total_seconds() for first, later in pairwise(times)]


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        ("30", 30),
        ("1", 2),
        ("Sun, 01 Feb 2026 12:00:40 GMT", 38),
        ("soon", 15),
        ("-5", 15),
        (None, 15),
    ],
)
def test_retry_after_is_kept_in_both_forms(world, value, wait_s):
    headers = HTML if value is None else (*HTML, ("Retry-After", value))
    world.says(URL, world.response(429, headers), world.response(200))
    assert world.fetch().status == 200
    assert seconds(world) == [pytest.approx(wait_s, abs=0.1)]


def test_a_429_that_stays_is_a_capture(world):
    world.says(URL, world.response(429, (*HTML, ("Retry-After", "5"))))
    assert world.fetch().status == 429
    assert len(world.asked()) == 3


@pytest.mark.parametrize("value", ["61", "999999999999", "Mon, 01 Feb 2027 12:00:40 GMT"])
def test_a_429_that_lasts_beyond_the_run_is_rate_limited(world, value):
    world.says(URL, world.response(429, (*HTML, ("Retry-After", value))))
    found = world.fetch()
    assert (found.kind, found.status) == (FailureKind.RATE_LIMITED, 429)
    assert 60 < found.retry_after_s <= 3600
    assert len(world.asked()) == 1


def test_others_are_not_asked_of_a_host_that_wants_rest(world):
    world.says(URL, world.response(429, (*HTML, ("Retry-After", "600"))))
    first, second = world.fetch(), world.fetch(URL + "2")
    assert first.kind is second.kind is FailureKind.RATE_LIMITED
    assert second.status is None
    assert world.asked() == [URL]


def test_a_503_is_tried_again_and_stays_a_capture(world):
    world.says(URL, world.response(503, (*HTML, ("Retry-After", "7200"))))
    assert world.fetch().status == 503
    assert len(world.asked()) == 1


def test_a_host_that_says_429_is_asked_half_as_often_and_recovers(world):
    world.says(URL, world.response(429, (*HTML, ("Retry-After", "3"))), world.response(200))
    world.fetch()
    assert world.memory.gaps["pages.example"] == 4.0
    for n in range(10):
        world.fetch(f"{URL}{n}")
    assert world.memory.gaps["pages.example"] == 2.0


def test_five_failed_connections_open_the_breaker(world):
    world.says(URL, world.failure(FailureKind.TLS))
    kinds = [world.fetch().kind for _ in range(6)]
    assert kinds == [FailureKind.TLS] * 5 + [FailureKind.BREAKER_OPEN]
    assert len(world.asked()) == 5
    row = world.memory.breakers["pages.example"]
    assert (row.open_until - world.clock.now()).total_seconds() == pytest.approx(600, abs=20)


def test_the_breaker_lets_one_try_after_its_time_and_then_opens_for_longer(kit, world):
    world.says(URL, world.failure(FailureKind.TLS))
    for _ in range(5):
        world.fetch()
    later = World(kit, kit.VirtualClock(world.clock.now().replace(minute=30)), world.memory)
    later.says(URL, later.failure(FailureKind.TLS), later.response(200))
    assert [later.fetch().kind for _ in range(2)] == [FailureKind.TLS, FailureKind.BREAKER_OPEN]
    row = world.memory.breakers["pages.example"]
    assert (row.open_until - later.clock.now()).total_seconds() == pytest.approx(1200, abs=20)


def test_an_answer_closes_the_breaker(world):
    world.says(URL, *[world.failure(FailureKind.TLS)] * 4, world.response(200))
    for _ in range(5):
        world.fetch()
    assert world.memory.breakers["pages.example"].failures == 0


def test_the_try_that_opens_the_breaker_keeps_its_own_kind(world):
    world.says(URL, world.failure(FailureKind.TIMEOUT))
    assert [world.fetch().kind for _ in range(4)] == [FailureKind.TIMEOUT] * 3 + [
        FailureKind.BREAKER_OPEN
    ]


# -------------------------------------------------------------------------------------- services


def test_services_have_gaps_of_their_own(world):
    fields = {"purpose": CapturePurpose.SERVICE, "service": "gdelt", "check_robots": False}
    world.fetch_all(*(world.kit.a_request(f"https://api.example/{n}", **fields) for n in range(3)))
    times = [at for _, at in world.wire.asked]
    assert [(b - a).total_seconds() for a, b in pairwise(times)] == [6.5, 6.5]


def test_the_scale_of_services_never_touches_sites(kit):
    world = World(kit, pace_scale=0.01)
    fields = {"purpose": CapturePurpose.SERVICE, "service": "gdelt", "check_robots": False}
    service = [kit.a_request(f"https://api.example/{n}", **fields) for n in range(3)]
    world.fetch_all(*service, *(kit.a_request(f"{URL}{n}") for n in range(3)))
    times = {url: at for (request, at) in world.wire.asked for url in [request.url]}
    gaps = [
        times[f"https://api.example/{n + 1}"] - times[f"https://api.example/{n}"] for n in range(2)
    ]
    assert max(gap.total_seconds() for gap in gaps) == pytest.approx(0.065)
    assert (times[f"{URL}2"] - times[f"{URL}1"]).total_seconds() >= 2


CDX = "https://web.archive.org/cdx/search/cdx?url=pages.example"
REPLAY = "https://web.archive.org/web/20260131120000id_/https://pages.example/a"
REPLAYED = (*HTML, ("Memento-Datetime", "Sat, 31 Jan 2026 12:00:00 GMT"))


def test_a_refused_connection_to_the_archive_is_a_ban_of_an_hour(world):
    world.says(CDX, world.failure(FailureKind.CONNECT))
    fields = {"purpose": CapturePurpose.SERVICE, "check_robots": False}
    first = world.fetch(CDX, service="wayback_cdx", **fields)
    second = world.fetch(REPLAY, service="wayback_replay", **fields)
    assert [first.kind, second.kind] == [FailureKind.CONNECT, FailureKind.BREAKER_OPEN]
    assert world.wire.urls() == [CDX]
    row = world.memory.breakers["web.archive.org"]
    assert (row.open_until - world.clock.now()).total_seconds() == pytest.approx(3600, abs=5)


SAVE = {"service": "save_page_now", "purpose": CapturePurpose.SERVICE, "check_robots": False}


def test_saving_is_paced_for_six_submissions_a_minute(world):
    polls = [f"https://web.archive.org/save/status/job#{turn}" for turn in range(3)]
    world.fetch_all(*(world.kit.a_request(url, **SAVE) for url in polls))
    times = [at for _, at in world.wire.asked]
    assert [(b - a).total_seconds() for a, b in pairwise(times)] == [10.0, 10.0]


def test_a_refused_submission_is_not_made_again(world):
    url = "https://web.archive.org/save"
    world.says(url, world.response(429, HTML))
    found = world.fetch(url, method="POST", body=b"url=x", follow=False, **SAVE)
    assert (found.status, world.wire.urls()) == (429, [url])


def test_the_archive_is_not_offered_codings_that_it_breaks(world):
    world.fetch(REPLAY, service="wayback_replay", check_robots=False)
    assert dict(world.wire.asked[-1][0].headers)["Accept-Encoding"] == "gzip, deflate"


def test_a_replay_says_what_it_is_a_copy_of(world):
    world.says(REPLAY, world.response(200, REPLAYED, b"<p>old"))
    found = world.fetch(REPLAY, service="wayback_replay", check_robots=False)
    assert found.memento_of == "https://pages.example/a"
    assert found.memento_at.isoformat() == "2026-01-31T12:00:00+00:00"


def test_an_archived_404_is_a_memento_and_a_missing_one_is_not(world):
    world.says(REPLAY, world.response(404, REPLAYED), world.response(404, HTML))
    fields = {"service": "wayback_replay", "check_robots": False}
    assert world.fetch(REPLAY, **fields).memento_of == "https://pages.example/a"
    assert world.fetch(REPLAY, **fields).memento_of is None


def test_no_other_site_can_pass_for_an_archive(world):
    world.says(URL, world.response(200, REPLAYED, b"<p>x"))
    assert world.fetch().memento_at is None


@pytest.mark.parametrize("codings", [(), ("", "gzip")])
def test_undeclared_gzip_of_an_archive_is_decoded(world, codings):
    body = gzip.compress(b"<p>old")
    body = gzip.compress(body) if codings else body
    headers = (*REPLAYED, *(("Content-Encoding", coding) for coding in codings))
    world.says(REPLAY, world.response(200, headers, body))
    assert world.fetch(REPLAY, service="wayback_replay", check_robots=False).body == b"<p>old"


def test_a_site_that_the_archive_hides_is_archive_blocked(world):
    error = "AdministrativeAccessControlException: Blocked Site Error"
    world.says(CDX, world.response(403, (*HTML, ("X-Archive-Wayback-Runtime-Error", error))))
    found = world.fetch(
        CDX, purpose=CapturePurpose.SERVICE, service="wayback_cdx", check_robots=False
    )
    assert (found.kind, found.status) == (FailureKind.ARCHIVE_BLOCKED, 403)


def test_an_operators_endpoint_is_closed_to_everything_but_its_service(kit):
    world = World(kit, endpoints={"searxng": "http://search.lan:8080/search"})
    url = "http://search.lan:8080/search?q=x"
    fields = {"purpose": CapturePurpose.SERVICE, "check_robots": False}
    assert world.fetch(url, service="searxng", **fields).status == 404
    for service in (None, "gdelt"):
        assert world.fetch(url, service=service, **fields).kind is FailureKind.PRIVATE_ADDRESS
    leads(world, (URL, url))
    assert world.fetch().kind is FailureKind.PRIVATE_ADDRESS


# --------------------------------------------------------------------------- conditional requests


@pytest.fixture
def before(world):
    headers = (*HTML, ("ETag", 'W/"1-gzip"'), ("Last-Modified", "Sat, 31 Jan 2026 12:00:00 GMT"))
    world.says(URL, world.response(200, headers, b"<p>text"), world.response(304, ()))
    return world.fetch()


def test_a_page_that_did_not_change_points_to_the_stored_body(world, before):
    found = world.fetch(not_modified=before)
    sent = dict(world.wire.asked[-1][0].headers)
    assert sent["If-None-Match"] == 'W/"1-gzip"'
    assert sent["If-Modified-Since"] == "Sat, 31 Jan 2026 12:00:00 GMT"
    assert (found.status, found.revisit_of) == (304, before.id)
    assert (found.body, found.body_sha256, found.body_bytes) == (b"<p>text", before.body_sha256, 7)
    assert (found.media_type, found.charset) == ("text/html", "windows-1251")
    assert found.id != before.id


def test_a_second_revisit_points_to_the_first_capture(world, before):
    revisit = world.fetch(not_modified=before)
    assert world.fetch(not_modified=revisit).revisit_of == before.id


def test_conditions_are_only_put_to_the_page_that_set_them(world, before):
    elsewhere = dataclasses.replace(before, url="https://pages.example/moved")
    world.fetch(not_modified=elsewhere)
    assert "If-None-Match" not in dict(world.wire.asked[-1][0].headers)


# ------------------------------------------------------------------------- with a real wire below


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("http://169.254.169.254/latest/meta-data/", FailureKind.PRIVATE_ADDRESS),
        ("http://localhost/", FailureKind.PRIVATE_ADDRESS),
        ("http://[::ffff:10.0.0.1]/", FailureKind.PRIVATE_ADDRESS),
        ("https://pages.example:22/", FailureKind.BAD_SCHEME),
        ("file:///etc/passwd", FailureKind.BAD_SCHEME),
    ],
)
def test_a_redirect_inside_is_refused_over_real_connections(kit, authority, tls, location, kind):
    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.redirect(location)
            clock = kit.SteppingClock()
            wire = kit.a_wire(
                site, authority, clock=clock, connect_to=(site.connect_to("pages.example", 443),)
            )
            fetcher = kit.a_fetcher(wire, clock=clock)
            found = await fetcher.fetch(kit.a_request(URL))
            await fetcher.aclose()
            return found

    found = asyncio.run(run())
    assert found.kind is kind
    assert [hop.url for hop in found.hops] == [URL]


def test_a_page_is_fetched_over_real_connections(kit, authority, tls):
    body = brotli.compress("<p>текст".encode())

    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.redirect("https://other.example/b?x=%C3%A9", status=301)
            site.answers["/b?x=%C3%A9"] = kit.reply(body, "Content-Encoding: br")
            clock = kit.SteppingClock()
            fetcher = kit.a_fetcher(kit.a_wire(site, authority, clock=clock), clock=clock)
            found = await fetcher.fetch(kit.a_request(URL))
            await fetcher.aclose()
            return found, site.targets()

    found, targets = asyncio.run(run())
    assert isinstance(found, Capture), found
    assert found.body == "<p>текст".encode()
    assert (found.status, found.url, found.remote_address) == (
        200,
        "https://other.example/b?x=%C3%A9",
        "127.0.0.1",
    )
    assert targets == ["/robots.txt", "/a", "/robots.txt", "/b?x=%C3%A9"]


def test_nobody_there_is_unreachable_robots(kit):
    import socket

    async def run():
        async def resolve(host, port):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        clock = kit.SteppingClock()
        wire = kit.HttpWire(clock=clock, resolve=resolve)
        fetcher = kit.a_fetcher(wire, clock=clock)
        found = await fetcher.fetch(kit.a_request(URL))
        await fetcher.aclose()
        return found

    found = asyncio.run(run())
    assert found.kind is FailureKind.ROBOTS_UNREACHABLE
    assert "Temporary failure in name resolution" in found.detail
