"""Scrapy's fetch alone, for `bench/fetch.py`; run by a Python that has Scrapy. Job and answer as in `fetch_clients`.

Nothing but the download: no robots.txt, no items, no cookies, no retries, no statistics of memory, no log.
"""

from __future__ import annotations

import json
import resource
import sys
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import signals
from scrapy.crawler import CrawlerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

JOB = json.load(sys.stdin)

SETTINGS: dict[str, Any] = {
    "CONCURRENT_REQUESTS": 16,  # of 8, 16 and 48 the best
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,  # to Scrapy, all ports of a host are one domain
    "COOKIES_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "LOG_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
    "RETRY_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
}


class Pages(scrapy.Spider):
    """Asks every page and counts what comes."""

    name = "pages"
    pages = size = 0
    wall = cpu = 0.0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The requests; the clock starts here, when everything is imported and built."""
        type(self).wall, type(self).cpu = perf_counter(), process_time()
        ports = JOB["ports"]
        for number in range(JOB["first"], JOB["first"] + JOB["pages"]):
            url = f"http://127.0.0.1:{ports[number % len(ports)]}/page/{number}"
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: scrapy.http.Response) -> None:
        """Count the page."""
        type(self).pages += 1
        type(self).size += len(response.body)


def measured(*_: object, **__: object) -> None:
    """Print what was done, when the spider has nothing left to do."""
    row = {
        "pages": Pages.pages,
        "bytes": Pages.size,
        "wall_s": perf_counter() - Pages.wall,
        "cpu_s": process_time() - Pages.cpu,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000,
    }
    print(json.dumps(row))


process = CrawlerProcess(SETTINGS)
crawler = process.create_crawler(Pages)
crawler.signals.connect(measured, signal=signals.spider_closed)
process.crawl(crawler)
process.start()
