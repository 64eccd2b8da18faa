"""Builders that show only what matters, and a store in a file of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from db.ids import body_sha256, digest, folded
from db.model import (
    Attempt,
    Candidate,
    Capture,
    Citation,
    CitationMark,
    Claim,
    ClaimMark,
    Comparison,
    DocumentVersion,
    Evidence,
    Facet,
    FetchFailure,
    Finding,
    Identity,
    Ingested,
    Page,
    Resolution,
    ResolverReport,
    Run,
    Unparsed,
    Verdict,
)
from db.rows import instant_text
from db.store import Store
from db.words import (
    Access,
    CapturePurpose,
    Coverage,
    FacetKind,
    FacetOutcome,
    FailureKind,
    IdentityKind,
    PageState,
    Reason,
    ResolveStatus,
    RunKind,
    RunState,
    VerdictKind,
)

NOW = datetime(2026, 11, 23, 2, 17, tzinfo=UTC)
TEXT = "The bridge opened on Monday.\n\nIt cost 40 million crowns, the town said."


class Builders:
    """One method a record; keywords replace what the test is about."""

    now = NOW
    page_text = TEXT

    def at(self, seconds=0):
        return NOW + timedelta(seconds=seconds)

    def run(self, id_="run-1", **fields):
        run = Run(
            id=id_,
            kind=RunKind.NIGHTLY,
            state=RunState.RUNNING,
            started_at=NOW,
            heartbeat_at=NOW,
            plugins=("verifier quotation 1",),
        )
        return replace(run, **fields)

    def ingested(self, *claims, name="report.md", text=None, references=2, **version):
        """Each claim is (sentence, number, number, …), the numbers being 1-based references."""
        document_id = digest("document", name)
        text = text if text is not None else "\n".join(sentence for sentence, *_ in claims)
        citations = tuple(
            self.citation(document_id=document_id, title=f"Title {n}")
            for n in range(1, references + 1)
        )
        made = [
            Claim(
                id=digest("claim", document_id, folded(sentence), 0),
                document_id=document_id,
                text=sentence,
                occurrence=0,
                language="en",
            )
            for sentence, *_ in claims
        ]
        return Ingested(
            version=DocumentVersion(
                document_id=document_id,
                name=name,
                sha256=body_sha256(text.encode()),
                text=text,
                media_type=version.get("media_type", "text/markdown"),
                language=version.get("language", "en"),
            ),
            claims=tuple(made),
            claim_marks=tuple(
                ClaimMark(
                    claim_id=claim.id,
                    start=index * 10,
                    end=index * 10 + 9,
                    heading="Findings",
                    context=claim.text,
                    citation_ids=tuple(citations[n - 1].id for n in numbers),
                )
                for index, (claim, (_, *numbers)) in enumerate(zip(made, claims, strict=True))
            ),
            citations=citations,
            citation_marks=tuple(
                CitationMark(citation_id=each.id, n=str(n), start=n, end=n + 1, raw=each.title)
                for n, each in enumerate(citations, start=1)
            ),
            unparsed=version.get("unparsed", ()),
        )

    def unparsed(self, n="9"):
        return Unparsed(
            n=n, start=0, end=1, raw="?", reason="no_outlet_or_title", detail="Nothing."
        )

    def citation(self, *, document_id, outlet="Harbour Post", title="Title", **fields):
        id_ = digest("citation", document_id, folded(outlet), folded(title), "", "", "")
        citation = Citation(
            id=id_, document_id=document_id, outlet=outlet, title=title, date="Jan 30, 2026"
        )
        return replace(citation, **fields)

    def capture(self, url="https://post.example/a", body=b"<p>A body</p>", seconds=0, **fields):
        key = digest("GET", url, body_sha256(b""))
        captured_at = NOW + timedelta(seconds=seconds)
        capture = Capture(
            id=digest("capture", key, instant_text(captured_at)),
            request_key=key,
            requested_url=url,
            url=url,
            method="GET",
            purpose=CapturePurpose.SOURCE,
            captured_at=captured_at,
            duration_s=0.25,
            status=200,
            http_version="1.1",
            headers=(("Content-Type", "text/html"), ("X-Twice", "1"), ("X-Twice", "2")),
            media_type="text/html",
            body=body,
            body_sha256=body_sha256(body),
            body_bytes=len(body),
        )
        return replace(capture, **fields)

    def failure(self, url="https://post.example/a", seconds=0, **fields):
        key = digest("GET", url, body_sha256(b""))
        failed_at = NOW + timedelta(seconds=seconds)
        failure = FetchFailure(
            id=digest("failure", key, instant_text(failed_at)),
            request_key=key,
            requested_url=url,
            url=url,
            method="GET",
            purpose=CapturePurpose.SOURCE,
            kind=FailureKind.DNS,
            detail="The name does not resolve.",
            failed_at=failed_at,
            duration_s=0.1,
        )
        return replace(failure, **fields)

    def page(self, capture, **fields):
        page = Page(
            id=digest("page", capture.body_sha256, capture.url, "html", "1"),
            capture_id=capture.id,
            url=capture.url,
            body_sha256=capture.body_sha256,
            extractor="html",
            extractor_version="1",
            state=PageState.LIVE,
            state_why="status 200, an article",
            access=Access.OPEN,
            text=TEXT,
            title="A bridge",
            titles=("A bridge", "The bridge"),
            published_at=NOW,
            published_on=date(2026, 1, 30),
            outlet="Harbour Post",
        )
        return replace(page, **fields)

    def evidence(self, page, quote="40 million crowns"):
        start = TEXT.index(quote)
        return Evidence(page_id=page.id, start=start, end=start + len(quote), quote=quote)

    def resolution(self, citation, run_id="run-1", page=None, seconds=0, **fields):
        comparison = Comparison(kind=IdentityKind.SAME, cited="a", found=None)
        resolution = Resolution(
            id=digest("resolution", citation.id, run_id),
            citation_id=citation.id,
            run_id=run_id,
            resolved_at=NOW + timedelta(seconds=seconds),
            status=ResolveStatus.FOUND if page else ResolveStatus.UNREACHABLE,
            reason=None if page else Reason.UNREACHABLE,
            url=page.url if page else None,
            archive_url=None,
            via="direct",
            rule="outlet and headline agree",
            score=0.9,
            identity=Identity(outlet=comparison, title=comparison, date=comparison),
            page_id=page.id if page else None,
            candidates=(
                Candidate(
                    url="https://post.example/a",
                    title="A bridge",
                    published_on=date(2026, 1, 30),
                    via="direct",
                    score=0.9,
                    features={"title": 1.0, "date": 0.5},
                    why="won",
                ),
                Candidate(url="https://post.example/b", title=None, published_on=None, via="feed"),
            ),
            reports=(ResolverReport(resolver="direct", coverage=Coverage.ANSWERED),),
        )
        return replace(resolution, **fields)

    def finding(self, claim, page, **fields):
        evidence = self.evidence(page)
        finding = Finding(
            id=digest("finding", claim.id, page.id, "figures", "1", "c"),
            claim_id=claim.id,
            page_id=page.id,
            verifier="figures",
            version="1",
            config_digest="c",
            verdict=VerdictKind.CONTRADICTED,
            reason=Reason.FIGURE_CONFLICT,
            score=0.1,
            detail="the page has 40",
            facets=(
                Facet(
                    kind=FacetKind.FIGURE,
                    text="50",
                    start=0,
                    end=2,
                    outcome=FacetOutcome.CONFLICTING,
                    detail="40",
                    evidence=(evidence,),
                ),
                Facet(
                    kind=FacetKind.NAME, text="Town", start=3, end=7, outcome=FacetOutcome.SILENT
                ),
            ),
            evidence=(evidence, self.evidence(page, "The bridge")),
        )
        return replace(finding, **fields)

    def verdict(self, claim, citation, resolution, run_id="run-1", findings=(), **fields):
        citation_id = citation.id if citation else None
        verdict = Verdict(
            id=digest("verdict", claim.id, citation_id, run_id),
            claim_id=claim.id,
            citation_id=citation_id,
            run_id=run_id,
            decided_at=NOW,
            verdict=findings[0].verdict if findings else VerdictKind.UNVERIFIABLE,
            reason=findings[0].reason if findings else Reason.UNREACHABLE,
            detail="",
            score=None,
            confidence=None,
            retry_on=date(2026, 11, 24),
            page_id=resolution.page_id,
            resolution_id=resolution.id,
            finding_ids=tuple(finding.id for finding in findings),
            evidence=findings[0].evidence if findings else (),
        )
        return replace(verdict, **fields)

    def attempt(self, verdict, resolution, **fields):
        attempt = Attempt(
            run_id=resolution.run_id,
            claim_id=verdict.claim_id,
            citation_id=verdict.citation_id,
            attempted_at=resolution.resolved_at,
            resolution_id=resolution.id,
            verdict_id=verdict.id,
            retry_on=verdict.retry_on,
        )
        return replace(attempt, **fields)

    def answered(self, store, ingested, *, number=1, claim=0, **page_fields):
        """A contradicted verdict for claim × reference in run-1, stored; returns its parts by name."""
        capture = self.capture()
        page = self.page(capture, **page_fields)
        citation = ingested.citations[number - 1]
        resolution = self.resolution(citation, page=page)
        finding = self.finding(ingested.claims[claim], page)
        verdict = self.verdict(ingested.claims[claim], citation, resolution, findings=(finding,))
        store.add_outcomes([(capture, "run-1")])
        store.add_answer(
            resolution=resolution,
            pages=[page],
            findings=[finding],
            verdicts=[verdict],
            attempts=[self.attempt(verdict, resolution)],
        )
        return {
            "capture": capture,
            "page": page,
            "citation": citation,
            "resolution": resolution,
            "finding": finding,
            "verdict": verdict,
        }

    def unreachable(self, store, ingested, *, number=1, claim=0, run_id="run-1", **fields):
        """An unverifiable verdict for claim × reference, stored."""
        citation = ingested.citations[number - 1]
        resolution = self.resolution(citation, run_id)
        verdict = self.verdict(ingested.claims[claim], citation, resolution, run_id, **fields)
        attempt = self.attempt(verdict, resolution)
        store.add_answer(resolution=resolution, verdicts=[verdict], attempts=[attempt])
        return verdict


@pytest.fixture(scope="session")
def a():
    return Builders()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "citehound.db"


@pytest.fixture
def store(path):
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def running(store, a):
    """A store in which run-1 is under way."""
    store.start_run(a.run())
    return store
