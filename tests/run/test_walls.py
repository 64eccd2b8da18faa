"""Behind a wall: that an archive holds a copy is noted; the copy is read only where the operator says so."""

import asyncio
import json

import pytest
from smallweb import Site

from crawler.app import Web, opened
from crawler.cli.reading import read_document
from crawler.config import loaded

TITLE = "Harbour board of Quillmouth counts 1040 barges"
CLAIM = "The harbour board of Quillmouth counted 1040 barges on Monday."
STAMP = "20260310114500"
URLS = {
    "walled": "https://gazette.example/2026/03/09/walled",
    "teaser": "https://gazette.example/2026/03/09/teaser",
    "unarchived": "https://gazette.example/2026/03/09/unarchived",
}


def a_page(body, *, free):
    article = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "datePublished": "2026-03-09T08:00:00Z",
        "isAccessibleForFree": free,
    }
    wall = "" if free else '<div class="paywall">Subscribe to read on.</div>'
    return (
        f"<!doctype html><html lang=en><head><title>{TITLE}</title>"
        f'<script type="application/ld+json">{json.dumps(article)}</script></head>'
        f"<body><article><h1>{TITLE}</h1>{body}{wall}</article></body></html>"
    )


MORE = " ".join(f"Skipper {n} said that the tide was late in the north basin." for n in range(14))
PAGES = {
    "walled": a_page("", free=False),
    "teaser": a_page(f"<p>{CLAIM} {MORE[:400]}</p>", free=False),
    "whole": a_page(f"<p>{CLAIM}</p><p>{MORE}</p>", free=True),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A newspaper with a wall, and an archive that holds two of its pages whole."""
    folder = tmp_path_factory.mktemp("walls")
    (folder / "pages").mkdir()
    for name, text in PAGES.items():
        (folder / "pages" / f"{name}.html").write_text(text, encoding="utf-8")
    scenario = ['["gazette.example"."/robots.txt"]\ntext = "User-agent: *"\ntype = "text/plain"\n']
    for name, url in URLS.items():
        file = "teaser" if name == "teaser" else "walled"
        path = url.removeprefix("https://gazette.example")
        scenario.append(f'["gazette.example"."{path}"]\nfile = "{file}.html"\n')
        if name != "unarchived":
            scenario.append(
                f'[[memento]]\nurl = "{url}"\nat = "{STAMP}"\nfile = "whole.html"\n',
            )
    (folder / "scenario.toml").write_text("\n".join(scenario), encoding="utf-8")
    outlet = 'name = "Gazette"\nhosts = ["gazette.example"]\nlanguages = ["en"]\nsource = "made up"'
    (folder / "outlets.toml").write_text(f"[[outlet]]\n{outlet}\n", encoding="utf-8")
    row = {"claim": CLAIM, "outlet": "Gazette", "title": TITLE, "date": "2026-03-09"}
    for name, url in URLS.items():
        text = json.dumps({**row, "id": name, "url": url})
        (folder / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    with Site(folder) as served:
        yield served, folder


@pytest.fixture
def resolved(site, tmp_path, monkeypatch):
    """The resolution of the citation of one of the URLs, and the targets that the archive was asked for."""
    served, folder = site
    monkeypatch.setenv("SSL_CERT_FILE", str(served.ca_path))

    def run(name, read_paywalled="no"):
        environment = {
            "CITEHOUND_FETCH_GAP_S": "0",
            "CITEHOUND_SERVICES_PACE_SCALE": "0",
            "CITEHOUND_JOBS": "1",
            "CITEHOUND_ARCHIVES_READ_PAYWALLED": read_paywalled,
        }
        flags = {"db": str(tmp_path / "walls.db"), "seeds": str(folder)}
        settings = loaded(flags=flags, environment=environment)
        served.exchanges.clear()

        async def work():
            async with opened(settings, Web(connect_to=served.connect_to)) as app:
                document_id = app.ingest(read_document(str(folder / f"{name}.jsonl")))
                await app.check_documents([document_id])
                (standing,) = app.store.standing(document_id)
                return standing.resolution

        resolution = asyncio.run(work())
        archive = [one.target for one in served.exchanges if one.host == "web.archive.org"]
        return resolution, archive

    return run


@pytest.mark.parametrize("name", ["walled", "teaser"])
def test_of_a_page_behind_a_wall_the_archives_copy_is_noted_and_not_read(resolved, name):
    resolution, archive = resolved(name)
    assert (resolution.status.value, resolution.url) == ("paywalled", URLS[name])
    assert resolution.archive_url == f"https://web.archive.org/web/{STAMP}/{URLS[name]}"
    assert "known and was not read" in resolution.rule
    assert [target.partition("?")[0] for target in archive] == ["/cdx/search/cdx"]


def test_where_the_archive_has_none_nothing_is_noted(resolved):
    resolution, _ = resolved("unarchived")
    assert (resolution.status.value, resolution.archive_url) == ("paywalled", None)


def test_the_copy_is_read_where_the_operator_says_so(resolved):
    resolution, archive = resolved("walled", read_paywalled="yes")
    assert (resolution.status.value, resolution.reason) == ("found_archived", None)
    assert f"/{STAMP}id_/" in resolution.archive_url
    assert len(archive) == 2


def test_where_the_operator_says_so_and_there_is_no_copy_it_stays_behind_its_wall(resolved):
    resolution, _ = resolved("unarchived", read_paywalled="yes")
    assert (resolution.status.value, resolution.archive_url) == ("paywalled", None)
