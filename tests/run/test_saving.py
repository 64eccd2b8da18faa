"""Pages that verdicts rest on and that no archive holds are submitted to one, where the operator gives keys."""

import asyncio
import gzip
import json
from urllib.parse import parse_qsl

import pytest
from smallweb import Site

from crawler.app import Web, opened
from crawler.cli.reading import read_document
from crawler.config import loaded
from crawler.errors import ConfigError
from crawler.saving import SUBMISSIONS
from db.words import RunState

TITLE = "Harbour board of Quillmouth counts 1040 barges"
CLAIM = "The harbour board of Quillmouth counted 1040 barges on Monday."
OTHER = "The harbour board of Quillmouth painted its lighthouse green."
STAMP, HELD_STAMP = "20260310114500", "20260309120000"
HOST = "https://gazette.example"
MORE = " ".join(f"Skipper {n} said that the tide was late in the north basin." for n in range(14))
NAMES = ("fresh", "held", "noarchive", "walled", "teaser", "unsure", "denied")
#: More live pages that no archive holds, in the order in which they are submitted.
MANY = tuple(f"page-{n:02d}" for n in range(SUBMISSIONS + 2))
ACCESS, SECRET = "AccessOfTheTest", "s3cr3tOfTheTest"


def address(name):
    return f"{HOST}/2026/03/09/{name}"


def a_page(body, *, free=True, head=""):
    article = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "datePublished": "2026-03-09T08:00:00Z",
        "isAccessibleForFree": free,
    }
    wall = "" if free else '<div class="paywall">Subscribe to read on.</div>'
    return (
        f"<!doctype html><html lang=en><head><title>{TITLE}</title>{head}"
        f'<script type="application/ld+json">{json.dumps(article)}</script></head>'
        f"<body><article><h1>{TITLE}</h1>{body}{wall}</article></body></html>"
    )


WHOLE = f"<p>{CLAIM}</p><p>{MORE}</p>"
PAGES = {
    "whole": a_page(WHOLE),
    "noarchive": a_page(WHOLE, head="<meta name=robots content=noarchive>"),
    "walled": a_page("", free=False),
    "teaser": a_page(f"<p>{CLAIM} {MORE[:400]}</p>", free=False),
}
HELD = f'[[memento]]\nurl = "{address("held")}"\nat = "{HELD_STAMP}"\nfile = "whole.html"\n'


def a_site(folder, *rows):
    """A newspaper, an archive that holds one of its pages, and what the archive makes of submissions."""
    (folder / "pages").mkdir()
    for name, text in PAGES.items():
        (folder / "pages" / f"{name}.html").write_text(text, encoding="utf-8")
    robots = "User-agent: *\\nDisallow: /2026/03/09/denied"
    scenario = [f'["gazette.example"."/robots.txt"]\ntext = "{robots}"\ntype = "text/plain"\n']
    for name in (*NAMES, *MANY):
        file = name if name in PAGES else "whole"
        path = address(name).removeprefix(HOST)
        scenario.append(f'["gazette.example"."{path}"]\nfile = "{file}.html"\n')
    saves = [
        "[[save]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in row.items())
        for row in rows
    ]
    (folder / "scenario.toml").write_text("\n".join([*scenario, HELD, *saves]), encoding="utf-8")
    outlet = 'name = "Gazette"\nhosts = ["gazette.example"]\nlanguages = ["en"]\nsource = "made up"'
    (folder / "outlets.toml").write_text(f"[[outlet]]\n{outlet}\n", encoding="utf-8")
    return Site(folder)


def a_document(folder, *names):
    rows = [
        {
            "id": name,
            "claim": OTHER if name == "unsure" else CLAIM,
            "outlet": "Gazette",
            "title": TITLE,
            "date": "2026-03-09",
            "url": address(name),
        }
        for name in names
    ]
    path = folder / "document.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_document(str(path))


class Newsroom:
    """Checks documents against a served site."""

    def __init__(self, served, folder, database):
        self.served = served
        self.folder = folder
        self.database = database

    def check(self, *names, access="", secret="", web=None):
        """The run over a document that cites pages of these names."""
        environment = {
            "CITEHOUND_FETCH_GAP_S": "0",
            "CITEHOUND_SERVICES_PACE_SCALE": "0",
            "CITEHOUND_JOBS": "1",
            "CITEHOUND_ARCHIVES_SAVE_ACCESS": access,
            "CITEHOUND_ARCHIVES_SAVE_SECRET": secret,
        }
        flags = {"db": str(self.database), "seeds": str(self.folder)}
        settings = loaded(flags=flags, environment=environment)
        document = a_document(self.folder, *names)
        self.served.exchanges.clear()
        live = Web(connect_to=self.served.connect_to)

        async def work():
            async with opened(settings, web or live) as app:
                document_id = app.ingest(document)
                run = await app.check_documents([document_id])
                return run, app.store.standing(document_id), self._saves(app.store)

        self.run, self.standing, self.saves = asyncio.run(work())
        return self.run

    @property
    def submissions(self):
        return [
            dict(parse_qsl(one.body.decode()))["url"]
            for one in self.served.exchanges
            if (one.host, one.method, one.target) == ("web.archive.org", "POST", "/save")
        ]

    @property
    def archive(self):
        return [one for one in self.served.exchanges if one.host == "web.archive.org"]

    @property
    def answers(self):
        """Name of the cited page → how its search ended, and the verdict."""
        return {
            one.citation.url.rpartition("/")[2]: (
                one.resolution.status.value,
                one.verdict.verdict.value,
                one.verdict.reason.value,
            )
            for one in self.standing
            if one.citation
        }

    def _saves(self, store):
        rows = store._rows("SELECT url, state, archive_url FROM saves ORDER BY rowid")
        return {row["url"]: (row["state"], row["archive_url"]) for row in rows}


@pytest.fixture
def newsroom(tmp_path, monkeypatch):
    """A newsroom whose archive makes this of submissions."""
    served = []

    def build(*rows):
        folder = tmp_path / "site"
        folder.mkdir()
        site = a_site(folder, *rows)
        site.__enter__()
        served.append(site)
        monkeypatch.setenv("SSL_CERT_FILE", str(site.ca_path))
        return Newsroom(site, folder, tmp_path / "saving.db")

    yield build
    for site in served:
        site.__exit__(None, None, None)


KEYS = {"access": ACCESS, "secret": SECRET}
SAVED = {"url": address("fresh"), "at": STAMP}


def test_without_keys_the_archive_is_not_asked_about_live_pages(newsroom):
    desk = newsroom(SAVED)
    run = desk.check("fresh", "held")
    assert (desk.archive, desk.saves) == ([], {})
    assert run.state is RunState.SUCCEEDED


def test_only_a_live_page_that_a_verdict_rests_on_and_no_archive_holds_is_submitted(newsroom):
    desk = newsroom(SAVED)
    run = desk.check(*NAMES, **KEYS)
    stated = ("found", "supported", "stated")
    assert desk.answers == {
        "fresh": stated,
        "held": stated,
        "noarchive": stated,
        "teaser": ("paywalled", "supported", "stated"),
        "walled": ("paywalled", "unverifiable", "paywalled"),
        "unsure": ("found", "unverifiable", "unsure"),
        "denied": ("blocked", "unverifiable", "robots_denied"),
    }
    assert desk.submissions == [address("fresh")]
    assert desk.saves == {
        address("fresh"): ("saved", f"https://web.archive.org/web/{STAMP}/{address('fresh')}"),
        address("held"): ("held", f"https://web.archive.org/web/{HELD_STAMP}/{address('held')}"),
    }
    assert {name: count for name, count in run.counts.items() if name.startswith("page_saved")} == {
        "page_saved": 2,
        "page_saved:held": 1,
        "page_saved:saved": 1,
    }


def test_the_copy_is_shown_beside_the_verdict_and_changes_none(newsroom):
    desk = newsroom(SAVED)
    desk.check("fresh", "held")
    before = desk.answers
    desk.check("fresh", "held", **KEYS)
    assert desk.answers == before
    assert {one.citation.url: one.archive_url for one in desk.standing if one.citation} == {
        url: archive_url for url, (_, archive_url) in desk.saves.items()
    }


def test_a_page_whose_copy_is_known_is_never_asked_about_again(newsroom):
    desk = newsroom(SAVED)
    desk.check("fresh", "held", **KEYS)
    desk.check("fresh", "held", **KEYS)
    assert desk.archive == []


def test_a_page_that_is_pending_is_no_failure(newsroom):
    desk = newsroom({"url": address("fresh"), "status": "pending"})
    run = desk.check("fresh", **KEYS)
    assert desk.saves == {address("fresh"): ("pending", None)}
    assert run.state is RunState.SUCCEEDED


@pytest.mark.parametrize("answer", [{"error": "error:too-many-requests"}, {"http": 401}])
def test_after_a_refusal_of_ours_nothing_more_is_submitted_in_that_run(newsroom, answer):
    desk = newsroom(*({"url": address(name), **answer} for name in MANY))
    run = desk.check(*MANY[:3], **KEYS)
    assert desk.submissions == [address(MANY[0])]
    assert desk.saves == {address(MANY[0]): ("refused", None)}
    assert run.counts["saving_ended:closed"] == 1
    assert run.state is RunState.SUCCEEDED


def test_an_archive_that_takes_nothing_is_left_alone_after_three_pages(newsroom):
    desk = newsroom(*({"url": address(name), "error": "error:blocked-url"} for name in MANY))
    run = desk.check(*MANY[:5], **KEYS)
    assert desk.submissions == [address(name) for name in MANY[:3]]
    assert run.counts["saving_ended:troubles"] == 1


def test_a_run_submits_no_more_than_its_share(newsroom):
    desk = newsroom(*({"url": address(name), "at": STAMP} for name in MANY))
    run = desk.check(*MANY, **KEYS)
    assert desk.submissions == [address(name) for name in MANY[:SUBMISSIONS]]
    assert (run.counts["page_saved:saved"], run.counts["saving_ended:spent"]) == (SUBMISSIONS, 1)


def test_an_address_with_a_token_in_it_is_not_published(newsroom):
    desk = newsroom()
    desk.check(f"{MANY[0]}?token=t", **KEYS)
    assert desk.answers == {f"{MANY[0]}?token=t": ("found", "supported", "stated")}
    assert desk.archive == []


def test_an_archive_that_is_down_fails_no_run(newsroom):
    desk = newsroom(SAVED)
    desk.served.scenario.host_faults["web.archive.org"] = "reset"
    run = desk.check("fresh", "held", **KEYS)
    assert {state for state, _ in desk.saves.values()} == {"failed"}
    assert desk.submissions == []
    assert run.state is RunState.SUCCEEDED


def test_the_keys_go_to_the_archive_alone_and_are_written_nowhere(newsroom, tmp_path):
    desk = newsroom(SAVED)
    tape = tmp_path / "saving.warc.gz"
    desk.check("fresh", **KEYS, web=Web(record=str(tape), connect_to=desk.served.connect_to))
    to_save = [one for one in desk.archive if one.target.startswith("/save")]
    assert {one.authorization for one in to_save} == {f"LOW {ACCESS}:{SECRET}"}
    others = [one for one in desk.served.exchanges if one not in to_save]
    assert {one.authorization for one in others} == {""}
    written = [gzip.decompress(tape.read_bytes())]
    written += [file.read_bytes() for file in tmp_path.glob("saving.db*")]
    for key in (ACCESS, SECRET):
        assert not any(key.encode() in text for text in written)
    assert b"Authorization: REDACTED" in written[0]


def test_a_recording_answers_for_the_archive_with_other_keys(newsroom, tmp_path):
    desk = newsroom(SAVED)
    tape = tmp_path / "saving.warc.gz"
    desk.check(
        "fresh", "held", **KEYS, web=Web(record=str(tape), connect_to=desk.served.connect_to)
    )
    saves = desk.saves
    desk.database = tmp_path / "replayed.db"
    run = desk.check("fresh", "held", access="other", secret="keys", web=Web(replay=str(tape)))
    assert (desk.saves, desk.served.exchanges) == (saves, [])
    assert run.state is RunState.SUCCEEDED


def test_a_recording_made_without_keys_is_replayed_with_them(newsroom, tmp_path):
    desk = newsroom(SAVED)
    tape = tmp_path / "unsaved.warc.gz"
    desk.check("fresh", web=Web(record=str(tape), connect_to=desk.served.connect_to))
    desk.database = tmp_path / "replayed.db"
    run = desk.check("fresh", **KEYS, web=Web(replay=str(tape)))
    assert (desk.saves, run.counts["saving_ended:not_recorded"]) == ({}, 1)
    assert run.state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("keys", "there", "missing"),
    [({"access": ACCESS}, "ACCESS", "secret"), ({"secret": SECRET}, "SECRET", "access")],
)
def test_one_key_without_the_other_is_the_operators_mistake(newsroom, keys, there, missing):
    desk = newsroom()
    with pytest.raises(
        ConfigError, match=rf"{there}: .* but archives\.save_{missing} is not"
    ) as caught:
        desk.check("fresh", **keys)
    assert "set both" in caught.value.mend
    assert not desk.database.exists()
