"""Addresses that take the search's filters and nothing else of it."""

from collections.abc import Callable
from typing import Any

from litestar import Request

from api.errors import BadQuestion
from api.question import FILTERS

NARROWING = (*FILTERS, "has_caption", "set_aside", "year_from", "year_to")


def refuse_all_but(*names: str) -> Callable[[Request[Any, Any, Any]], None]:
    """Words that are passed over would seem to have been looked for."""

    def refuse(request: Request[Any, Any, Any]) -> None:
        if unknown := [name for name in request.query_params if name not in names]:
            raise BadQuestion(f"`{unknown[0][:50]}` has no part in this. These have: {', '.join(names)}.")

    return refuse
