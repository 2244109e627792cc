"""Addresses that pages write about themselves."""

from dataclasses import replace
from typing import Any

import pytest
from litestar import Request

from api.pages.addresses import page_address, reported_address
from api.pages.identity import create_identity
from core.settings import Settings

IDENTITY = replace(create_identity(Settings()), public_url="https://pictures.example.org")


def request_of(path: str, query: str = "") -> Request[Any, Any, Any]:
    return Request(
        {  # type: ignore[arg-type]
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "server": ("inner", 80),
            "path": path,
            "root_path": "",
            "query_string": query.encode(),
            "headers": [],
        }
    )


def test_the_address_on_paper_is_the_public_one() -> None:
    request = request_of("/books/URN:NBN:no-nb_1 æ", "q=fyr&page=2")
    assert page_address(request, IDENTITY) == "https://pictures.example.org/books/URN:NBN:no-nb_1%20%C3%A6?q=fyr&page=2"


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("page=/pictures/a:b%3Fq%3Dfyr%23page", "https://pictures.example.org/pictures/a:b?q=fyr#page"),
        ("page=//evil.example", "https://pictures.example.org//evil.example"),
        ("page=https://evil.example/", ""),
        ("page=javascript:alert(1)", ""),
        ("page=/a%0Ab", ""),
        (f"page=/{'a' * 9000}", ""),
        ("", ""),
    ],
)
def test_a_report_names_a_page_of_this_service_only(query: str, address: str) -> None:
    assert reported_address(request_of("/contact", query), IDENTITY) == address
