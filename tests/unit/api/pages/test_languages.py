"""Which language a page gets, and how that language writes numbers, dates and names."""

from collections.abc import Iterable
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from api.pages.formats import format_date, format_list, format_number, format_percent, language_name
from api.pages.language_middleware import take_parameter, wrap_with_languages
from api.pages.languages import accepted_codes, choose_language, page_language, read_page_languages, use_language
from api.resources import TRANSLATIONS_FOLDER

LANGUAGES = read_page_languages(TRANSLATIONS_FOLDER)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("nn-NO,nn;q=0.9,nb;q=0.8,en;q=0.6", "nn"),
        ("no", "nb"),
        ("NB-no", "nb"),
        ("en-GB,nb;q=0.9", "en"),
        ("de,nb;q=0.5", "nb"),
        ("nb;q=0.3, nn;q=0.7", "nn"),
        ("nb;q=0, nn;q=0.1", "nn"),
        ("de, fr;q=0.8, *;q=0.1", "en"),
        ("", "en"),
        (";;q=,,nb;q=x", "nb"),
    ],
)
def test_the_browser_chooses_among_the_languages_that_are_there(header: str, code: str) -> None:
    assert choose_language(LANGUAGES, [], header).code == code


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert choose_language(LANGUAGES, [], header).code in LANGUAGES
    assert all(accepted_codes(header))


@pytest.mark.parametrize(
    ("query_string", "rest", "codes"),
    [
        (b"q=fyr&lang=nn&page=2", b"q=fyr&page=2", ["nn"]),
        (b"lang=nb", b"", ["nb"]),
        (b"language=nb&q=lang", b"language=nb&q=lang", []),
        (b"l%61ng=nn&q=%E5", b"q=%E5", ["nn"]),
        (b"", b"", []),
    ],
)
def test_the_parameter_is_taken_out_of_the_query(query_string: bytes, rest: bytes, codes: list[str]) -> None:
    assert take_parameter(query_string) == (rest, codes)


def answer(path: str, query: bytes = b"", headers: Iterable[tuple[bytes, bytes]] = ()) -> tuple[str, dict[str, str]]:
    """Return query and language that the application sees, and the headers of its response."""
    sent_messages: list[Any] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        body = f"{scope['query_string'].decode()} in {page_language()}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"vary", b"HX-Request")]})
        await send({"type": "http.response.body", "body": body})

    async def send(message: Any) -> None:
        sent_messages.append(message)

    scope: Any = {"type": "http", "scheme": "https", "path": path, "query_string": query, "headers": list(headers)}
    with start_blocking_portal() as portal:
        portal.call(wrap_with_languages(app, LANGUAGES), scope, None, send)
    start, content = sent_messages
    response_headers: dict[str, str] = {}
    for name, value in start["headers"]:
        key = name.decode().lower()
        response_headers[key] = ", ".join(filter(None, (response_headers.get(key), value.decode())))
    return content["body"].decode(), response_headers


def test_a_link_chooses_the_language_and_a_cookie_keeps_it() -> None:
    body, headers = answer("/pictures/7", b"q=fyr&lang=nn", [(b"accept-language", b"nb")])
    assert body == "q=fyr in nn"
    assert headers["content-language"] == "nn"
    assert headers["vary"] == "HX-Request, Accept-Language, Cookie"
    cookie = headers["set-cookie"]
    assert "frontispiece_language=nn;" in f"{cookie};"
    for attribute in ("Max-Age=31536000", "SameSite=lax", "HttpOnly", "Secure", "Path=/"):
        assert attribute.lower() in cookie.lower()


def test_the_cookie_comes_before_the_browser_and_is_not_set_again() -> None:
    cookies = [(b"cookie", b"a=b; frontispiece_language=nn"), (b"accept-language", b"nb")]
    body, headers = answer("/", b"q=fyr", cookies)
    assert body == "q=fyr in nn"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("code", [b"de", b"%00", b"", b"nn%0d%0aSet-Cookie:x=y"])
def test_a_language_that_is_not_there_changes_nothing(code: bytes) -> None:
    body, headers = answer("/", b"lang=" + code, [(b"accept-language", b"nb")])
    assert body == " in nb"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", ["/api/search", "/iiif/books/a/manifest", "/health", "/crops/a.jpg", "/static/x.css"])
def test_paths_of_programs_have_no_language(path: str) -> None:
    body, headers = answer(path, b"lang=nn", [(b"accept-language", b"nb"), (b"cookie", b"frontispiece_language=nn")])
    assert body == "lang=nn in en"
    assert headers == {"vary": "HX-Request"}


@pytest.mark.parametrize(
    ("code", "number", "share", "date", "names"),
    [
        ("en", "12,345", "95%", "3 May 1998", "one, two and three"),
        ("nb", "12\u00a0345", "95\u00a0%", "3. mai 1998", "one, two og three"),
        ("nn", "12\u00a0345", "95\u00a0%", "3. mai 1998", "one, two og three"),
    ],
)
def test_numbers_dates_and_lists_are_written_as_in_the_language(
    code: str, number: str, share: str, date: str, names: str
) -> None:
    with use_language(LANGUAGES[code]):
        assert format_number(12345) == number
        assert format_percent(0.953) == share
        assert format_date("1998-05-03T10:00:00Z") == date
        assert format_date("[1867?]") == "[1867?]"
        assert format_list(["one", "two", "three"]) == names


def test_a_list_of_html_and_text_escapes_the_text() -> None:
    assert format_list([Markup("<b>a</b>"), "<i>"]) == "<b>a</b> and &lt;i&gt;"


def test_languages_are_called_in_the_language_of_the_page() -> None:
    with use_language(LANGUAGES["nb"]):
        assert (language_name("de"), language_name("xyzzy")) == ("tysk", "xyzzy")
    assert language_name("de") == "German"
