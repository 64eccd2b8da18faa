"""Every Datasette hook of ours, and nothing else. Source: datasette 0.65, plugin hooks.

The hooks speak only where `app` configured them (`plugins: {citehound: {operator: …}}`), so that another Datasette in
the same process is left alone. Version 1.0 drops `canned_queries` and `permission_allowed`: this is
the one file to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

from db.datasette import DATABASE
from db.datasette.metadata import CANNED_QUERIES, OPERATOR_ONLY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    from datasette.app import Datasette

#: Datasette's own marker, by way of its typed maker.
hookimpl = HookimplMarker("datasette")

__all__ = ["asgi_wrapper", "canned_queries", "permission_allowed"]

#: What strangers wrote is shown as text; should a page of ours ever forget to escape it, nothing runs. Datasette's
#: own files are allowed, its inline scripts (closing menus, the SQL editor's colours) are not missed.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, dict[str, str]] | None:
    """Questions that everybody may ask."""
    if _config(datasette) is None or database != DATABASE:
        return None
    return {name: dict(query) for name, query in CANNED_QUERIES.items()}


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: Mapping[str, Any] | None, action: str, resource: Any
) -> bool | None:
    """Whole page text and arbitrary SQL are for the operator and for root; the rest is Datasette's."""
    config = _config(datasette)
    if config is None:
        return None
    is_operator = config.get("operator") is True or (actor or {}).get("id") == "root"
    if action == "execute-sql":
        return is_operator
    if action == "view-table" and resource[0] == DATABASE and resource[1] in OPERATOR_ONLY:
        return is_operator
    return None


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[_App], _App]:
    """Headers that keep a browser from running or sniffing what strangers wrote."""
    return _guarded if _config(datasette) is not None else lambda application: application


def _config(datasette: Datasette) -> Mapping[str, Any] | None:
    config: Mapping[str, Any] | None = datasette.plugin_config("citehound")
    return config


def _guarded(application: _App) -> _App:
    async def guarded(scope: _Message, receive: _Receive, send: _Send) -> None:
        async def send_guarded(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        await application(scope, receive, send_guarded)

    return guarded


if TYPE_CHECKING:
    _Message = MutableMapping[str, Any]
    _Receive = Callable[[], Awaitable[_Message]]
    _Send = Callable[[_Message], Awaitable[None]]
    _App = Callable[[_Message, _Receive, _Send], Awaitable[None]]
