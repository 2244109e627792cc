"""Addresses that take the search's filters and little else of it."""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

from litestar import Request
from litestar.di import Provide

from api.errors import BadQuestion
from api.search.parameters import provide_question
from api.search.request import FILTERS, Question

NARROWING = (*FILTERS, "has_caption", "set_aside", "year_from", "year_to")


def refuse_all_but(*names: str) -> Callable[[Request[Any, Any, Any]], None]:
    """Words that are passed over would seem to have been looked for."""

    def refuse(request: Request[Any, Any, Any]) -> None:
        if unknown := [name for name in request.query_params if name not in names]:
            raise BadQuestion(f"`{unknown[0][:50]}` has no part in this. These have: {', '.join(names)}.")

    return refuse


def question_of(*names: str) -> Provide:
    """The question of an address that takes these parameters alone, and is described so: the others are as usual."""

    def provide(**given: Any) -> Question:
        return provide_question(**given)

    # Litestar reads the parameters, their limits and examples from the signature.
    taken = [each for each in signature(provide_question).parameters.values() if _name(each) in names]
    provide.__signature__ = signature(provide_question).replace(parameters=taken)  # type: ignore[attr-defined]
    provide.__annotations__ = {each.name: each.annotation for each in taken} | {"return": Question}
    return Provide(provide, sync_to_thread=False)


def _name(parameter: Parameter) -> str:
    """`type` is a word of Python's."""
    return parameter.name.rstrip("_")
