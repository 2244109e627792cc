"""Middleware that chooses the language of each page: the parameter `lang`, a cookie, or what the browser asks for."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from litestar import Request
from litestar.datastructures import Cookie, Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from api.errors import JSON_PATH_PREFIXES
from api.pages.languages import PageLanguage, choose_language, find_language, use_language

LANGUAGE_PARAMETER = "lang"
LANGUAGE_COOKIE = "frontispiece_language"
COOKIE_SECONDS = 365 * 24 * 3600
VARY = "Accept-Language, Cookie"


def wrap_with_languages(app: ASGIApp, languages: Mapping[str, PageLanguage]) -> ASGIApp:
    """Wrap the application, so that each page, also one about an error, has its language; programs' paths have none."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"].startswith(JSON_PATH_PREFIXES):
            await app(scope, receive, send)
            return
        inner_scope = scope.copy()
        inner_scope["query_string"], codes = take_parameter(scope["query_string"])
        chosen_languages = [language for code in codes if (language := find_language(languages, code))]
        headers = Headers.from_scope(scope)
        preferred_codes = [*(language.code for language in chosen_languages), _cookie_value(headers)]
        language = choose_language(languages, preferred_codes, headers.get("accept-language", ""))
        is_chosen = bool(chosen_languages)
        with use_language(language, is_in_address=is_chosen):
            await app(inner_scope, receive, _send_with_language(scope, send, language, remember=is_chosen))

    return middleware


def take_parameter(query_string: bytes) -> tuple[bytes, list[str]]:
    """Return the query without the parameter `lang`, and the parameter's values."""
    pairs = query_string.split(b"&")
    own_pairs = [pair for pair in pairs if unquote(pair.partition(b"=")[0].decode("latin-1")) == LANGUAGE_PARAMETER]
    codes = [value for pair in own_pairs for _, value in parse_qsl(pair.decode("latin-1"))]
    return b"&".join(pair for pair in pairs if pair not in own_pairs), codes


def language_query(request: Request[Any, Any, Any], code: str) -> str:
    """Return a relative address, `?q=fyr&lang=nn`: the page of the request in another language."""
    own_query, _ = take_parameter(request.scope["query_string"])
    return f"?{own_query.decode('latin-1')}{'&' if own_query else ''}{LANGUAGE_PARAMETER}={code}"


def _cookie_value(headers: Headers) -> str:
    for header in headers.getall("cookie", []):
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == LANGUAGE_COOKIE:
                return value.strip('"')
    return ""


def _send_with_language(scope: HTTPScope, send: Send, language: PageLanguage, *, remember: bool) -> Send:
    async def send_response(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            headers.add("Vary", VARY)
            headers.setdefault("Content-Language", language.code)
            if remember:
                headers.add("Set-Cookie", _language_cookie(scope, language).to_header(header=""))
        await send(message)

    return send_response


def _language_cookie(scope: HTTPScope, language: PageLanguage) -> Cookie:
    return Cookie(
        LANGUAGE_COOKIE,
        value=language.code,
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=scope["scheme"] == "https",
        samesite="lax",
    )
