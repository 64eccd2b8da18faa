"""Where a page cannot be had from its host, the archive's copy is read, unless we were forbidden to read it."""

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
HOST = "https://gazette.example"
PAGE = (
    f'<!doctype html><html lang=en><head><title>{TITLE}</title><script type="application/ld+json">'
    + json.dumps({"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-09"})
    + f"</script></head><body><article><h1>{TITLE}</h1><p>{CLAIM}</p>"
    + "<p>Skippers said that the tide was late in the north basin, as it had been all week.</p>" * 9
    + "</article></body></html>"
)
CONSENT = (
    '<title>Before you continue</title><div id="sp_message_container">We value your privacy.</div>'
)

#: What stands at each path, and how the search for a page cited there ends.
PLACES = {
    "/circle": (f'redirect = "{HOST}/circle"\n', "found_archived"),
    "/inside": ('redirect = "http://169.254.169.254/latest"\n', "found_archived"),
    "/broken": ('status = 500\ntext = "<p>Error</p>"\ntype = "text/html"\n', "found_archived"),
    "/reset": ('fault = "reset"\ntext = ""\ntype = "text/html"\n', "found_archived"),
    "/consent": (f"text = '{CONSENT}'\ntype = \"text/html\"\n", "found_archived"),
    "/denied": ('text = "never asked"\ntype = "text/html"\n', "blocked"),
}


@pytest.fixture(scope="module")
def statuses(tmp_path_factory):
    """Path → how the search for the page cited there ended."""
    folder = tmp_path_factory.mktemp("archived")
    (folder / "pages").mkdir()
    (folder / "pages" / "copy.html").write_text(PAGE, encoding="utf-8")
    robots = "User-agent: *\\nDisallow: /denied"
    scenario = [f'["gazette.example"."/robots.txt"]\ntext = "{robots}"\ntype = "text/plain"\n']
    outlet = 'name = "Gazette"\nhosts = ["gazette.example"]\nlanguages = ["en"]\nsource = "made up"'
    (folder / "outlets.toml").write_text(f"[[outlet]]\n{outlet}\n", encoding="utf-8")
    rows = []
    for path, (answer, _) in PLACES.items():
        scenario.append(f'["gazette.example"."{path}"]\n{answer}')
        scenario.append(f'[[memento]]\nurl = "{HOST}{path}"\nat = "{STAMP}"\nfile = "copy.html"\n')
        rows.append(
            {"id": path, "claim": f"{CLAIM} {path}", "outlet": "Gazette", "title": TITLE}
            | {"date": "2026-03-09", "url": f"{HOST}{path}"}
        )
    (folder / "scenario.toml").write_text("\n".join(scenario), encoding="utf-8")
    document = folder / "cited.jsonl"
    document.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    environment = {
        "CITEHOUND_FETCH_GAP_S": "0",
        "CITEHOUND_SERVICES_PACE_SCALE": "0",
        "CITEHOUND_JOBS": "1",
    }
    flags = {"db": str(folder / "archived.db"), "seeds": str(folder)}
    settings = loaded(flags=flags, environment=environment)

    async def work(connect_to):
        async with opened(settings, Web(connect_to=connect_to)) as app:
            document_id = app.ingest(read_document(str(document)))
            await app.check_documents([document_id])
            return {
                one.citation.url.removeprefix(HOST): one.resolution.status.value
                for one in app.store.standing(document_id)
            }

    with Site(folder) as served, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(served.ca_path))
        return asyncio.run(work(served.connect_to))


@pytest.mark.parametrize("path", PLACES)
def test_the_copy_stands_in_where_the_host_gives_no_page_and_nobody_forbids_it(statuses, path):
    assert statuses[path] == PLACES[path][1]
