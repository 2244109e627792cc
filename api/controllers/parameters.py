"""The parameters of a URL as Litestar reads, validates and describes them, made from the table of parameters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from api.errors import AnyRequest, InvalidRequest
from api.iiif.urls import IIIFUrls
from api.search.own_addresses import replace_own_addresses
from api.search.parameter import MAX_REPETITIONS, Parameter
from api.search.parameters import API_PARAMETERS, FILTERS, PARAMETERS
from api.search.request import SearchRequest, parameter_default
from api.sentences import Sentence

PICTURE_PARAMETERS = tuple(name for name in API_PARAMETERS if name not in ("document", "group", "collapse"))
"""Parameters of a search for pictures alone, one by one: IIIF."""

EXPORT_PARAMETERS = tuple(name for name in PICTURE_PARAMETERS if name not in ("page", "size"))
"""Parameters of an export, which is the first pictures of a search in one file."""

BOOK_PARAMETERS = (*(name for name in FILTERS if name != "book"), "page", "size")
"""Parameters of a list of one book's pictures."""

OTHER_ADDRESSES: Mapping[str, str] = {
    **dict.fromkeys(("facet", "prefix", "order"), "/api/facets"),
    "seed": "/api/pictures/random",
    "id": "/api/list",
    "motivation": "/iiif/books/{book_id}/search",
    "view": "/",
}
"""Parameter that `/api/search` does not take → the address that does."""


def build_parameters_struct(names: Iterable[str]) -> type[msgspec.Struct]:
    """Return a struct with a field per parameter; Litestar reads from it which parameters a URL may have."""
    fields = [(name, _query_type(PARAMETERS[name]), _query_default(PARAMETERS[name])) for name in names]
    return msgspec.defstruct("SearchParameters", fields, kw_only=True)


def accept_parameters(*names: str) -> dict[str, Provide]:
    """Return the dependency that limits the parameters of a handler's `search_request` to these."""
    return {"search_parameters": Provide(build_parameters_struct(names), sync_to_thread=False)}


def provide_search_request(
    request: AnyRequest, urls: NamedDependency[IIIFUrls], search_parameters: NamedDependency[Any]
) -> SearchRequest:
    """Return the search request of a URL; `search_parameters` is a struct that `accept_parameters` made."""
    search_request = SearchRequest.from_parameters(msgspec.structs.asdict(search_parameters))
    return replace_own_addresses(search_request, (request.url.netloc, urls.host))


def value_type(parameter: Parameter) -> Any:
    """Return the type of one value of a parameter, with its limits."""
    if parameter.minimum is not None or parameter.maximum is not None:
        return Annotated[parameter.type, msgspec.Meta(ge=parameter.minimum, le=parameter.maximum)]
    if parameter.max_length is not None:
        return Annotated[parameter.type, msgspec.Meta(max_length=parameter.max_length)]
    return parameter.type


def _query_type(parameter: Parameter) -> Any:
    example = [parameter.example] if parameter.repeated and isinstance(parameter.example, str) else parameter.example
    definition = QueryParameter(
        description=parameter.full_description,
        examples=[Example(value=example)],
        ge=parameter.minimum,
        le=parameter.maximum,
        max_items=MAX_REPETITIONS if parameter.repeated else None,
    )
    if parameter.repeated:
        return Annotated[list[value_type(parameter)] | None, definition]  # type: ignore[misc]
    optional = _query_default(parameter) is None
    return Annotated[parameter.type | None if optional else parameter.type, definition]


def _query_default(parameter: Parameter) -> Any:
    return None if parameter.repeated else parameter_default(parameter.name)


def refuse_unknown_parameters(request: AnyRequest) -> None:
    """Refuse a misspelt parameter, which would otherwise be ignored and give the results of another search."""
    if unknown_names := [name for name in request.query_params if name not in API_PARAMETERS]:
        raise InvalidRequest(
            f"There is no parameter `{unknown_names[0][:50]}`{_address_hint(unknown_names[0])}. "
            f"There are: {', '.join(API_PARAMETERS)}."
        )
    _refuse_several_values(request)


def refuse_all_but(*names: str) -> Callable[[AnyRequest], None]:
    """Return a check that refuses parameters other than these."""

    def refuse(request: AnyRequest) -> None:
        if unknown_names := [name for name in request.query_params if name not in names]:
            raise InvalidRequest(_refusal(unknown_names[0], names))
        _refuse_several_values(request)

    return refuse


def refuse_search_parameters_but(*names: str) -> Callable[[AnyRequest], None]:
    """Return a check of a page's URL; parameters of no search are ignored, as mail and social media add their own."""

    def refuse(request: AnyRequest) -> None:
        if refused_names := [name for name in request.query_params if name in PARAMETERS and name not in names]:
            raise InvalidRequest(_refusal(refused_names[0], names))
        _refuse_several_values(request)

    return refuse


def _refuse_several_values(request: AnyRequest) -> None:
    """Refuse different values of a parameter that takes one, of which all but the last would be ignored."""
    for name in request.query_params:
        values = {value for value in request.query_params.getall(name) if value}
        if len(values) > 1 and name in PARAMETERS and not PARAMETERS[name].repeated:
            raise InvalidRequest(
                Sentence(
                    "The parameter `%(name)s` takes one value, and this URL has %(num)s.", name=name, num=len(values)
                )
            )


def _refusal(name: str, accepted_names: Sequence[str]) -> str:
    hint = _address_hint(name)
    if not accepted_names:
        return Sentence(
            "This address does not take the parameter `%(name)s`%(hint)s. It takes no parameters.",
            name=name[:50],
            hint=hint,
        )
    return Sentence(
        "This address does not take the parameter `%(name)s`%(hint)s. It takes: %(accepted)s.",
        name=name[:50],
        hint=hint,
        accepted=", ".join(accepted_names),
    )


def _address_hint(name: str) -> str:
    """Return which address honours a parameter, as the end of a clause; empty if none does."""
    address = "/api/search" if name in API_PARAMETERS else OTHER_ADDRESSES.get(name)
    return Sentence("; `%(address)s` does", address=address) if address else ""
