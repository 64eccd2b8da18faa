"""The built-in resolvers, in the order in which they are asked: cheapest and most certain first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.resolve.brave import BraveResolver
from crawler.resolve.cdx import CdxResolver
from crawler.resolve.direct import DirectResolver
from crawler.resolve.feeds import FeedsResolver
from crawler.resolve.gdelt import GdeltResolver
from crawler.resolve.newsfeeds import BingNewsResolver, GoogleNewsResolver
from crawler.resolve.scholarly import ScholarlyResolver
from crawler.resolve.searxng import SearxngResolver
from crawler.resolve.sitemaps import SitemapsResolver
from crawler.resolve.sitesearch import SitesearchResolver
from crawler.resolve.wikipedia import WikipediaResolver
from crawler.resolve.wordpress import WordpressResolver

if TYPE_CHECKING:
    from crawler.protocols import Resolver

__all__ = ["resolvers"]


def resolvers(
    *,
    searxng_url: str | None = None,
    brave_token: str | None = None,
    bing: bool = False,
    google: bool = False,
) -> tuple[Resolver, ...]:
    """Every built-in resolver; those that are off by default only where the operator turns them on."""
    return (
        ScholarlyResolver(),
        DirectResolver(),
        FeedsResolver(),
        WordpressResolver(),
        SitemapsResolver(),
        SitesearchResolver(),
        *((SearxngResolver(searxng_url),) if searxng_url else ()),
        *((BraveResolver(brave_token),) if brave_token else ()),
        GdeltResolver(),
        *((BingNewsResolver(),) if bing else ()),
        *((GoogleNewsResolver(),) if google else ()),
        CdxResolver(),
        WikipediaResolver(),
    )
