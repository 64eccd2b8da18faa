"""What is asked of services for papers, and how their answers are read. All exchanges are synthetic."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.scholarly import ScholarlyResolver, looks_scholarly
from crawler.resolve.scholarly_services import BY_DOI, BY_TITLE
from db.words import CapturePurpose, Coverage, FailureKind

TITLE = "Tidal currents beneath the Northport bridge and their seasons"
DOI = "10.5555/np.2026.17"
PAGE = "https://journal.example/articles/17"
SCHOLARLY = ScholarlyResolver()
HOSTS = (
    "api.crossref.org",
    "api.openalex.org",
    "api.datacite.org",
    "export.arxiv.org",
    "eutils.ncbi.nlm.nih.gov",
)


def crossref(*items, kind="work-list"):
    message = (
        {"items": list(items), "total-results": len(items)} if kind == "work-list" else items[0]
    )
    return json.dumps({"status": "ok", "message-type": kind, "message": message})


def a_work(title=TITLE, parts=((2026, 1, 30),), page=PAGE):
    return {
        "DOI": DOI,
        "title": [title] if title else [],
        "issued": {"date-parts": [list(part) for part in parts]},
        "resource": {"primary": {"URL": page}},
        "score": 99.0,
    }


BODIES = {
    "crossref": crossref(a_work()),
    "openalex": json.dumps(
        {
            "results": [
                {
                    "display_name": TITLE,
                    "doi": f"https://doi.org/{DOI}",
                    "publication_date": "2026-01-30",
                    "primary_location": {"landing_page_url": PAGE},
                }
            ]
        }
    ),
    "datacite": json.dumps(
        {
            "data": [
                {
                    "attributes": {
                        "doi": DOI,
                        "titles": [{"title": TITLE}],
                        "publicationYear": 2026,
                        "url": PAGE,
                    }
                }
            ]
        }
    ),
    "arxiv": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2601.00017v1</id>'
        f"<title>{TITLE}</title><published>2026-01-30T00:00:00Z</published></entry></feed>"
    ),
    "pubmed": json.dumps(
        {
            "result": {
                "uids": ["17"],
                "17": {
                    "title": f"{TITLE}.",
                    "pubdate": "2026 Jan 30",
                    "articleids": [{"idtype": "doi", "value": DOI}],
                },
            }
        }
    ),
}
IDS = json.dumps({"esearchresult": {"idlist": ["17"]}})
MISSES = {
    "crossref": crossref(),
    "openalex": '{"results": []}',
    "datacite": '{"data": []}',
    "arxiv": '<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    "pubmed": '{"esearchresult": {"idlist": []}}',
}


@pytest.fixture
def a_paper(a_query, an_outlet):
    def build(**changes):
        journal = an_outlet(name="Journal of Tides", kind="journal", hosts=("journal.example",))
        return a_query(**{"title": TITLE, "outlet": journal, **changes})

    return build


def web(synthetic, **bodies):
    by_host = dict(
        zip(("crossref", "openalex", "datacite", "arxiv", "esummary"), HOSTS, strict=True)
    )
    parts = {"esearch": IDS if "pubmed" in bodies else MISSES["pubmed"]}
    parts |= {"esummary": bodies["pubmed"]} if "pubmed" in bodies else {}
    for name, miss in MISSES.items():
        if name != "pubmed":
            parts[by_host[name]] = bodies.get(name, miss)
    return {part: synthetic(body) for part, body in parts.items()}


@pytest.mark.parametrize(
    ("outlet", "kind", "scholarly"),
    [
        ("Some Outlet", "journal", True),
        ("Some Outlet", "news", False),
        ("The Wall Street Journal", "news", False),
        ("Journal of Tides", None, True),
        ("Annals of Harbours", "other", True),
        ("bioRxiv", None, True),
        ("Nature Communications", None, True),
        ("Signature", None, False),
        ("Northport Press", None, False),
        ("Northport University Press", None, True),
        ("", None, False),
    ],
)
def test_a_citation_looks_scholarly_by_its_outlet(a_query, an_outlet, outlet, kind, scholarly):
    known = an_outlet(name=outlet, kind=kind or "other", hosts=()) if outlet else None
    assert looks_scholarly(a_query(outlet=known)) is scholarly


def test_news_is_not_asked_for(a_query, driven):
    done = driven(SCHOLARLY.resolve(a_query()))
    assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


def test_services_are_asked_in_order_as_services(a_paper, driven, synthetic):
    done = driven(SCHOLARLY.resolve(a_paper()), web(synthetic))
    assert [request.url.split("/")[2] for request in done.requests] == list(HOSTS)
    assert [request.service for request in done.requests] == list(MISSES)
    for request in done.requests:
        assert request.purpose is CapturePurpose.SERVICE
        assert (request.check_robots, request.follow) == (False, False)
    assert done.answer.coverage is Coverage.NOT_COVERED


@pytest.mark.parametrize("service", BODIES)
def test_the_first_service_with_the_title_ends_the_search(a_paper, driven, synthetic, service):
    done = driven(SCHOLARLY.resolve(a_paper()), web(synthetic, **{service: BODIES[service]}))
    assert done.answer.coverage is Coverage.ANSWERED
    assert done.requests[-1].service == service
    (found,) = done.answer.candidates
    assert found.via == "scholarly"
    assert found.url in {PAGE, f"https://doi.org/{DOI}", "http://arxiv.org/abs/2601.00017v1"}


def test_a_best_hit_with_another_title_is_none(a_paper, driven, synthetic):
    other = crossref(a_work(title="Harbour sediments and what they tell of storms"))
    answer = driven(SCHOLARLY.resolve(a_paper()), web(synthetic, crossref=other)).answer
    assert (answer.coverage, answer.candidates) == (Coverage.NOT_COVERED, ())


@pytest.mark.parametrize(("year", "count"), [(2024, 0), (2025, 1), (2027, 1), (2028, 0)])
def test_the_year_must_be_near(a_paper, driven, synthetic, year, count):
    body = crossref(a_work(parts=((year,),)))
    answer = driven(SCHOLARLY.resolve(a_paper()), web(synthetic, crossref=body)).answer
    assert len(answer.candidates) == count


@pytest.mark.parametrize(
    ("parts", "on"),
    [
        (((2026, 1, 30),), date(2026, 1, 30)),
        (((2026, 1),), None),
        (((2026,),), None),
        (((None,),), None),
        ((), None),
        (((2026, 2, 31),), None),
    ],
)
def test_no_day_is_made_up(parts, on):
    (work,) = BY_TITLE[0].works(crossref(a_work(parts=parts)).encode())
    assert work.published_on == on


def test_a_work_without_title_or_address_is_left_out():
    nameless, homeless = a_work(title=""), {**a_work(page="ftp://x.example"), "DOI": ""}
    assert list(BY_TITLE[0].works(crossref(nameless, homeless).encode())) == []


def test_a_doi_is_told_by_its_registry_and_the_page_left_to_doi_org(a_paper, driven, synthetic):
    bodies = {"api.crossref.org": synthetic(crossref(a_work(), kind="work"))}
    query = a_paper(doi=f"doi:{DOI}", url=PAGE)
    done = driven(SCHOLARLY.resolve(query), bodies)
    assert done.urls == ["https://api.crossref.org/works/10.5555%2Fnp.2026.17"]
    told = {one.url: (one.title, one.published_on) for one in done.answer.candidates}
    assert told == {
        PAGE: (None, None),
        f"https://doi.org/{DOI}": (TITLE, date(2026, 1, 30)),
    }


def test_a_doi_that_crossref_does_not_know_is_asked_for_at_datacite(a_paper, driven, synthetic):
    one = {"attributes": {"doi": DOI, "titles": [{"title": TITLE}], "url": PAGE}}
    bodies = {"api.datacite.org": synthetic(json.dumps({"data": one}))}
    done = driven(SCHOLARLY.resolve(a_paper(doi=DOI)), bodies)
    assert [request.service for request in done.requests] == ["crossref", "datacite"]
    assert done.answer.candidates[0].title == TITLE


def test_a_doi_that_nobody_knows_proves_nothing(a_paper, driven):
    answer = driven(SCHOLARLY.resolve(a_paper(doi=DOI))).answer
    assert (answer.coverage, answer.candidates) == (Coverage.NOT_COVERED, ())
    assert answer.detail == (
        "no registry tells of this DOI (crossref: HTTP 404; datacite: HTTP 404)"
    )


@pytest.mark.parametrize("status", [401, 402, 429])
def test_a_service_that_refuses_is_closed_and_the_next_one_asked(
    a_paper, driven, synthetic, status
):
    answers = web(synthetic, datacite=BODIES["datacite"])
    answers["api.openalex.org"] = synthetic(status=status)
    answer = driven(SCHOLARLY.resolve(a_paper()), answers).answer
    assert (answer.coverage, answer.closes) == (Coverage.ANSWERED, ("openalex",))


def test_failures_everywhere_are_told_and_prove_nothing(a_paper, driven):
    answer = driven(SCHOLARLY.resolve(a_paper()), {"": FailureKind.TIMEOUT}).answer
    assert answer.coverage is Coverage.NOT_COVERED
    assert "crossref: timeout" in answer.detail


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "message items title issued date-parts results data attributes titles result uids DOI".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=14,
)


@pytest.mark.parametrize("service", [*BY_TITLE, *BY_DOI], ids=lambda one: one.name)
def test_any_body_is_read(service):
    @given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
    def is_read(body):
        assert all(work.url and work.title for work in service.works(body))
        assert service.further is None or isinstance(service.further(body), str)

    is_read()
