"""Which candidate comes first, by what features, and in plain words why each other one lost. Pure.

Candidates of one page (the same address but for scheme, `www.` and tracking) are merged. The score is the
likeness of headline or slug, lessened where the outlet, the date or the kind of page does not fit; a cited
address is believed before all. Weights are set by hand and wait for calibration. The order does not depend on
the order in which candidates come.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from crawler.headlines import DRIFTED_AT, SAME_AT, bare_headline, similarity
from crawler.outlet_names import lives_at
from crawler.resolve.direct import cited_addresses
from crawler.slugs import dated_by_url, page_shape, slug_similarity
from crawler.urls import canonical_url, host_of
from crawler.windows import TIME_ZONE_DAYS, days_outside
from db.model import DateWindow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.protocols import Query
    from db.model import Candidate

__all__ = ["certain", "page_key", "plausible", "ranked"]

#: Score below which a candidate is not worth a request.
PLAUSIBLE_AT: Final = 0.35
#: Likeness of headlines from which an undated candidate at the outlet ends the search.
UNDATED_CERTAIN_AT: Final = 0.97
#: What the cited address itself scores at least.
DIRECT_SCORE: Final = 0.9
#: What a slug's likeness is worth beside a headline's: it has lost its small words.
SLUG_WORTH: Final = 0.95

#: Factors of the score by feature; "unknown" where nothing can be said.
_OUTLET: Final = {1.0: 1.0, 0.5: 0.8, 0.0: 0.5}
_DATE: Final = {1.0: 1.0, 0.5: 0.9, 0.25: 0.75, 0.0: 0.6}
_UNKNOWN: Final = 0.5
#: Days outside the window up to which a date is only somewhat off.
_OFF_DAYS: Final = 7
_OFF: Final = 0.25
#: How much of an article a page of this shape can be.
_SHAPES: Final[Mapping[str, float]] = {"article": 1.0, "live": 0.6, "section": 0.4, "home": 0.1}
_OTHER_SHAPE: Final = 0.3

#: The order in which resolvers are believed: whose candidate names the merged one.
_VIAS: Final = (
    "direct",
    "scholarly",
    "sitemaps",
    "feeds",
    "wordpress",
    "sitesearch",
    "searxng",
    "brave",
    "gdelt",
    "bingnews",
    "cdx",
    "wikipedia",
)


def ranked(query: Query, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates merged by page, with score, features and why, best first."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(page_key(candidate.url), []).append(candidate)
    scored = [_scored(query, _merged(query, group)) for group in groups.values()]
    order = sorted(scored, key=lambda one: (-one.score, _via_rank(one.via), one.url))
    return tuple(
        dataclasses.replace(one, why=_why(query, one, order, place=place))
        for place, one in enumerate(order)
    )


def certain(candidate: Candidate, query: Query) -> bool:
    """Whether this is so surely the cited page that no further resolver need be asked."""
    features = candidate.features
    if features.get("direct"):
        return True
    if features.get("outlet") != 1.0 or features.get("page") != 1.0:
        return False
    title, dated = features.get("title", 0.0), features.get("date", _UNKNOWN)
    if query.window is None or dated == 1.0:
        return title >= SAME_AT
    return dated == _UNKNOWN and title >= UNDATED_CERTAIN_AT


def plausible(candidate: Candidate, query: Query | None = None) -> bool:
    """Whether this candidate is worth a request; a cited address always is."""
    if candidate.features.get("direct"):
        return True
    only_address = query is not None and not query.title
    return candidate.score >= PLAUSIBLE_AT and not only_address


def page_key(url: str) -> str:
    """One key for the addresses of one page: canonical, without scheme, `www.` and final slash."""
    plain = canonical_url(url).partition("://")[2] or url
    return plain.removeprefix("www.").rstrip("/")


# ------------------------------------------------------------------------------------------ merging


def _merged(query: Query, group: Sequence[Candidate]) -> Candidate:
    """One candidate of all that name one page: the believed resolver's, with the best of title and date."""
    order = sorted(group, key=_precedence)
    titles = sorted(
        {one.title for one in order if one.title},
        key=lambda title: (-similarity(query.title, title), title),
    )
    dates = [one.published_on for one in order if one.published_on]
    return dataclasses.replace(
        order[0],
        title=titles[0] if titles else None,
        published_on=dates[0] if dates else None,
    )


def _precedence(one: Candidate) -> tuple[int, bool, int, str, str, str]:
    plain_http = not one.url.startswith("https:")
    stated = one.published_on.isoformat() if one.published_on else "~"
    return _via_rank(one.via), plain_http, len(one.url), one.url, stated, one.title or ""


def _via_rank(via: str) -> int:
    return _VIAS.index(via) if via in _VIAS else len(_VIAS)


# ------------------------------------------------------------------------------------------ scoring


def _scored(query: Query, candidate: Candidate) -> Candidate:
    features = _features(query, candidate)
    text = max(features.get("title", 0.0), SLUG_WORTH * features["slug"])
    score = text * _OUTLET[features["outlet"]] * _DATE[features["date"]] * features["page"]
    if features.get("direct"):
        score = max(score, DIRECT_SCORE)
    return dataclasses.replace(candidate, score=round(min(1.0, score), 4), features=features)


def _features(query: Query, candidate: Candidate) -> dict[str, float]:
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    wanted = bare_headline(query.title, names)
    features = {
        "slug": round(slug_similarity(wanted, candidate.url), 4),
        "outlet": _outlet_feature(query, candidate.url),
        "date": _date_feature(query.window, candidate),
        "page": _SHAPES.get(page_shape(candidate.url), _OTHER_SHAPE),
    }
    if candidate.title:
        found = bare_headline(candidate.title, names)
        features["title"] = round(similarity(wanted, found), 4)
    cited = {page_key(url) for url in cited_addresses(query.citation)}
    if page_key(candidate.url) in cited:
        features["direct"] = 1.0
    return features


def _outlet_feature(query: Query, url: str) -> float:
    if query.outlet is None or not query.outlet.hosts:
        return _UNKNOWN
    if lives_at(query.outlet, host_of(url)):
        return 1.0
    return _UNKNOWN if query.outlet_is_guess else 0.0


def _date_feature(window: DateWindow | None, candidate: Candidate) -> float:
    found = _stated_days(candidate)
    if window is None or found is None:
        return _UNKNOWN
    days = min(days_outside(found.first_on, window), days_outside(window.first_on, found))
    if days <= TIME_ZONE_DAYS:
        # A month spelled by an address agrees with the cited day and does not confirm it.
        return 1.0 if found.first_on == found.last_on else _UNKNOWN
    return _OFF if days <= _OFF_DAYS else 0.0


def _stated_days(candidate: Candidate) -> DateWindow | None:
    """The days on which the candidate says it was published; else those that its address spells."""
    if candidate.published_on:
        return DateWindow(first_on=candidate.published_on, last_on=candidate.published_on)
    return dated_by_url(candidate.url)


# ---------------------------------------------------------------------------------------------- why


def _why(query: Query, one: Candidate, order: Sequence[Candidate], *, place: int) -> str:
    if place == 0:
        return f"first: {_told(query, one)}"
    reason = _lost(query, one)
    return reason or f"less alike than the first ({one.score:.2f} against {order[0].score:.2f})"


def _told(query: Query, one: Candidate) -> str:
    """What speaks for the candidate that came first, and what is against it."""
    if one.features.get("direct"):
        return "its address is cited"
    text = f"headline {one.features['title']:.2f}" if "title" in one.features else ""
    slug = "" if text else f"slug {one.features['slug']:.2f}"
    return "; ".join(part for part in (text, slug, _lost(query, one)) if part)


def _lost(query: Query, one: Candidate) -> str:
    """The plainest thing against a candidate, "" where there is none."""
    features = one.features
    text = max(features.get("title", 0.0), SLUG_WORTH * features["slug"])
    shape = page_shape(one.url)
    if shape not in {"article", "live"} and not features.get("direct"):
        return f"a {shape} page, no article"
    if text < DRIFTED_AT and not features.get("direct"):
        return f"another headline (likeness {text:.2f})"
    if features["outlet"] == 0.0 and query.outlet:
        return f"at {host_of(one.url)}, not at {query.outlet.name}"
    if features["date"] < _UNKNOWN:
        return f"dated {_days(_stated_days(one))}, cited {_days(query.window)}"
    if text < SAME_AT and not features.get("direct"):
        return f"the headline is only similar ({text:.2f})"
    return "a live page" if shape == "live" else ""


def _days(window: DateWindow | None) -> str:
    if window is None:
        return "without a date"
    if window.first_on == window.last_on:
        return window.first_on.isoformat()
    return f"{window.first_on.isoformat()} to {window.last_on.isoformat()}"
