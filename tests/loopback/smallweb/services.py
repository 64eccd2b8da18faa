"""The services that Citehound asks, played from a scenario at their real host names.

GDELT DOC 2.0 (`/api/v2/doc/doc`), the Wayback CDX server (`/cdx/search/cdx`), Wayback replay (`/web/...`, RFC 7089),
Save Page Now (`/save`, by POST, and `/save/status/...`) and Wikipedia's search without a hit, in the shapes that their
public clients and documentation show: CDX values are all strings, row 0 is the header, no captures is `[]`; GDELT
without hits is `{}`.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from smallweb.scenario import Answer, Memento, Save, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["SERVICES", "folded_url"]

_CDX_FIELDS: Final = (
    "urlkey",
    "timestamp",
    "original",
    "mimetype",
    "statuscode",
    "digest",
    "length",
)
_ARCHIVE: Final = "https://web.archive.org"
_REPLAY: Final = re.compile(r"/web/(\d{1,14})(?:id_|js_|cs_|im_|if_)?/(.+)", re.DOTALL)
_OK: Final = 200
_NEVER_ARCHIVED: Final = Answer(
    status=404, body=b"<h1>Not archived</h1>", type="text/html; charset=utf-8"
)


def folded_url(url: str) -> str:
    """The URL as the archive's index folds it: scheme, `www.`, case, port and last slash do not count."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query.lower()}" if parts.query else ""
    return f"{host}{parts.path.lower().rstrip('/')}{query}"


def gdelt(scenario: Scenario, target: str, _: bytes) -> Answer:
    """The articles of the rows whose domain and word the query names."""
    query = dict(parse_qsl(urlsplit(target).query)).get("query", "").lower()
    articles = [
        {"url_mobile": "", "socialimage": "", "sourcecountry": "", "language": "English"}
        | {"domain": row.domain}
        | article
        for row in scenario.gdelt
        if row.domain in query
        and (not row.words or any(word.lower() in query for word in row.words))
        for article in row.articles
    ]
    return _json({"articles": articles} if articles else {})


def cdx(scenario: Scenario, target: str, _: bytes) -> Answer:
    """The captures that the query selects, in the order of the index: by key, then by time."""
    pairs = parse_qsl(urlsplit(target).query, keep_blank_values=True)
    asked = dict(pairs)
    filters = [value for key, value in pairs if key == "filter"]
    rows = sorted(_rows(scenario, asked), key=lambda row: (row["urlkey"], row["timestamp"]))
    rows = [row for row in rows if all(_passes(row, one) for one in filters)]
    rows = _cut(_collapsed(rows, asked.get("collapse")), asked.get("limit"))
    columns = asked["fl"].split(",") if asked.get("fl") else list(_CDX_FIELDS)
    table = [[row[column] for column in columns] for row in rows]
    if asked.get("output") != "json":
        text = "".join(" ".join(row) + "\n" for row in table)
        return Answer(body=text.encode(), type="text/plain; charset=utf-8")
    return _json([columns, *table] if table else [])


def replay(scenario: Scenario, target: str, _: bytes) -> Answer:
    """The memento itself, a redirect to the nearest one, or a 404 that says it was never archived."""
    match = _REPLAY.fullmatch(target)
    if match is None:
        return _NEVER_ARCHIVED
    at, url = match[1], match[2]
    copies = sorted(_copies(scenario, url), key=lambda one: one.at)
    if not copies:
        return _NEVER_ARCHIVED
    nearest = min(copies, key=lambda one: abs(int(one.at) - int(at.ljust(14, "0"))))
    if nearest.at != at:
        return Answer(
            status=302, headers={"Location": f"{_ARCHIVE}/web/{nearest.at}id_/{nearest.url}"}
        )
    return Answer(
        body=nearest.body,
        status=nearest.status,
        type=nearest.type,
        headers={
            "Memento-Datetime": format_datetime(_instant(nearest.at), usegmt=True),
            "Link": _relations(nearest, copies),
            "X-Archive-Orig-Content-Type": nearest.type,
        },
    )


def save(scenario: Scenario, target: str, body: bytes) -> Answer:
    """The job of the submitted URL, how a job went, or an error."""
    if target.startswith("/save/status/"):
        job = target.removeprefix("/save/status/")
        one = next((each for each in scenario.saves if _job(each) == job), None)
        return _json(_progress(one) if one else _error("error:not-found"))
    url = dict(parse_qsl(body.decode())).get("url", "")
    one = next((each for each in scenario.saves if each.url == url), None)
    if one is None or one.error:
        return _json(_error(one.error if one else "error:blocked-url"))
    if one.http != _OK:
        return Answer(status=one.http, body=b"{}", type="application/json")
    return _json({"url": url, "job_id": _job(one)})


def wikipedia(_: Scenario, __: str, ___: bytes) -> Answer:
    """No article cites anything of a small web."""
    return _json({"batchcomplete": True})


#: Host and leading path of each service, and what plays it, given the target and the body of the request.
SERVICES: Final[Mapping[tuple[str, str], Callable[[Scenario, str, bytes], Answer]]] = {
    ("api.gdeltproject.org", "/api/v2/doc/doc"): gdelt,
    **{(f"{edition}.wikipedia.org", "/w/api.php"): wikipedia for edition in ("en", "de", "uk")},
    ("web.archive.org", "/cdx/search/cdx"): cdx,
    ("web.archive.org", "/web/"): replay,
    ("web.archive.org", "/save"): save,
}


def _job(one: Save) -> str:
    return f"spn2-{hashlib.sha1(one.url.encode()).hexdigest()}"


def _progress(one: Save) -> dict[str, str]:
    told = {"status": one.status, "job_id": _job(one)}
    if one.status == "success":
        told |= {"timestamp": one.at, "original_url": one.url}
    return told


def _error(kind: str) -> dict[str, str]:
    return {"status": "error", "status_ext": kind, "message": "This is made up for tests."}


def _rows(scenario: Scenario, asked: Mapping[str, str]) -> Iterable[dict[str, str]]:
    chosen = _scope(asked.get("url", ""), asked.get("matchType"))
    first = asked.get("from", "").ljust(14, "0")
    last = asked.get("to", "").ljust(14, "9")
    for one in scenario.mementos:
        key = folded_url(one.url)
        if chosen(key) and first <= one.at <= last:
            yield {
                "urlkey": _surt(key),
                "timestamp": one.at,
                "original": one.url,
                "mimetype": one.type.split(";")[0],
                "statuscode": str(one.status),
                "digest": base64.b32encode(hashlib.sha1(one.body).digest()).decode(),
                "length": str(len(one.body)),
            }


def _scope(url: str, match_type: str | None) -> Callable[[str], bool]:
    if url.endswith("*"):
        match_type, url = "prefix", url[:-1]
    if url.startswith("*."):
        match_type, url = "domain", url[2:]
    key = folded_url(url)
    if match_type == "prefix":
        return lambda one: one.startswith(key)
    if match_type in {"host", "domain"}:
        return lambda one: one.split("/")[0].endswith(key.split("/")[0])
    return lambda one: one == key


def _surt(key: str) -> str:
    host, slash, path = key.partition("/")
    return ",".join(reversed(host.split("."))) + ")" + slash + path


def _passes(row: Mapping[str, str], rule: str) -> bool:
    name, _, pattern = rule.lstrip("!").partition(":")
    return (re.fullmatch(pattern, row[name]) is None) == rule.startswith("!")


def _collapsed(rows: list[dict[str, str]], rule: str | None) -> list[dict[str, str]]:
    """Adjacent duplicates only, as the server does it."""
    if not rule:
        return rows
    name, _, width = rule.partition(":")
    keys = [row[name][: int(width) if width else None] for row in rows]
    return [row for index, row in enumerate(rows) if index == 0 or keys[index] != keys[index - 1]]


def _cut(rows: list[dict[str, str]], limit: str | None) -> list[dict[str, str]]:
    if not limit:
        return rows
    return rows[: int(limit)] if int(limit) >= 0 else rows[int(limit) :]


def _copies(scenario: Scenario, url: str) -> list[Memento]:
    keys = {folded_url(url), folded_url(unquote(url))}
    return [one for one in scenario.mementos if folded_url(one.url) in keys]


def _relations(one: Memento, copies: list[Memento]) -> str:
    first, last = copies[0], copies[-1]
    related = [(one.url, 'rel="original"'), (f"{_ARCHIVE}/web/{one.url}", 'rel="timegate"')]
    related += [
        (f"{_ARCHIVE}/web/{copy.at}/{copy.url}", f'rel="{rel}"; datetime="{_http_date(copy.at)}"')
        for rel, copy in (("first memento", first), ("memento", one), ("last memento", last))
    ]
    return ", ".join(f"<{url}>; {rest}" for url, rest in related)


def _http_date(at: str) -> str:
    return format_datetime(_instant(at), usegmt=True)


def _instant(at: str) -> dt.datetime:
    return dt.datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)


def _json(value: object) -> Answer:
    text = json.dumps(value, ensure_ascii=False)
    return Answer(body=text.encode(), type="application/json; charset=utf-8")
