"""Errors of the API and the responses that they become: the client gets a sentence, the log gets the cause.

* FrontispieceError
  - UserFacingError      has an HTTP status; its message is shown to the client
    - InvalidRequest     400, a parameter or a combination of parameters is not valid
    - InvalidImage       400, the file or URL is not an image that can be read
    - UploadTooLarge     413, the upload is larger than the service accepts
    - PictureNotFound    404, the index has no picture with this id
    - BookNotFound       404, the index has no book with this id
    - ModelUnavailable   503, no vision model is loaded that could encode a picture
    - IndexNotFound      503, the alias has no index yet

Errors of the Elasticsearch client are handled in `api.elasticsearch.errors`; those of the service of images are in
`api.image_service.errors`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Template
from litestar.types import ExceptionHandlersMap

from api.monitoring.exceptions import describe_exception
from api.monitoring.requests import current_request_id, route_of
from api.search.parameters import FACETS, PARAMETERS
from api.sentences import Sentence
from core.errors import FrontispieceError

log = structlog.get_logger()

JSON_PATH_PREFIXES = ("/api", "/iiif", "/health", "/metrics", "/schema", "/crops", "/static")
"""Errors below these paths are JSON, all others are pages."""

UNAVAILABLE_MESSAGE = Sentence("The search engine does not answer at the moment. Please try again in a minute.")
INTERNAL_ERROR_MESSAGE = Sentence(
    "Something went wrong in the service. The error has been logged. Please try again or change your search."
)

STATUS_MESSAGES = {
    401: Sentence("This address needs the token of the setting FRONTISPIECE_STATUS_TOKEN."),
    404: Sentence("There is no page at this address. Check the address, or start again from the search page."),
    405: Sentence("This address does not support this HTTP method. See /docs for the methods that it supports."),
    413: Sentence("The file is too large for this service. Send a smaller picture."),
}

_MISSING_PARAMETER = re.compile(r"^Missing required query parameter '(\w+)'")

PARAMETER_HINTS = {
    **{name: parameter.expected_values for name, parameter in PARAMETERS.items()},
    "weight": Sentence("a number, such as 2 or -0.5"),
    "n": Sentence("the place of a picture in the results, from 1"),
    "a": Sentence("the id of a picture"),
    "b": Sentence("the id of a picture"),
    "facet": Sentence("one of %(values)s", values=", ".join(f"`{name}`" for name in FACETS)),
    "id": Sentence("the ids of 1 to 100 pictures, as a search returns them; it is repeated"),
    "name": Sentence("a title of at most 200 characters"),
    "data": Sentence("a form of type multipart/form-data with a picture in the field `image`"),
}
"""Parameter or form field → the values that it takes, as the second half of a sentence."""


class UserFacingError(FrontispieceError):
    """An error whose message is shown to the client, with the HTTP status `status`."""

    status = 400
    headers: ClassVar[Mapping[str, str]] = {}

    @property
    def sentence(self) -> str:
        """The message, which is a `Sentence` if pages can say it in other languages."""
        return str(self) if not self.args or not isinstance(self.args[0], Sentence) else self.args[0]


class InvalidRequest(UserFacingError):
    """A parameter or a combination of parameters is not valid."""


class InvalidImage(UserFacingError):
    """The file or URL is not an image that can be read."""


class UploadTooLarge(UserFacingError):
    """The upload is larger than the service accepts."""

    status = 413


class PictureNotFound(UserFacingError):
    """The index has no picture with this id."""

    status = 404

    def __init__(self, picture_id: str) -> None:
        super().__init__(
            Sentence(
                "There is no picture “%(picture)s” here. "
                "Its id may have changed when its book was indexed again; search for the picture.",
                picture=picture_id[:200],
            )
        )


class BookNotFound(UserFacingError):
    """The index has no book with this id."""

    status = 404

    def __init__(self, book_id: str) -> None:
        super().__init__(
            Sentence(
                "There is no book “%(book)s” here. It may not be indexed, or it was removed; search for its title.",
                book=book_id[:200],
            )
        )


class ModelUnavailable(UserFacingError):
    """No vision model is loaded that could encode a picture."""

    status = 503


class IndexNotFound(UserFacingError):
    """The alias has no index yet."""

    status = 503

    def __init__(self) -> None:
        super().__init__(Sentence("There is no index yet: run `frontispiece index` on a folder of books first."))


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """The JSON body of an error response."""

    status_code: int
    detail: str
    """A sentence that says what is wrong and what to do."""
    request_id: str = ""
    """What to quote to the operator, whose log has it too."""


ERROR_RESPONSES = {
    400: ResponseSpec(
        ProblemDetails,
        generate_examples=False,
        description="A parameter or a file is not valid; `detail` says what to do",
    ),
    404: ResponseSpec(ProblemDetails, generate_examples=False, description="There is no picture or book with this id"),
    413: ResponseSpec(
        ProblemDetails, generate_examples=False, description="The file is larger than the service accepts"
    ),
    503: ResponseSpec(
        ProblemDetails,
        generate_examples=False,
        description="Elasticsearch or the index is missing, or no vision model is available",
    ),
}
"""HTTP status → description for OpenAPI."""

LOOKUP_ERROR_RESPONSES = {status: ERROR_RESPONSES[status] for status in (400, 404, 503)}
"""Responses of an address that reads from the index by an id or a search."""

FORM_MESSAGE = Sentence("The form cannot be read. Send %(expected)s.", expected=PARAMETER_HINTS["data"])

AnyRequest = Request[Any, Any, Any]


def error_response(request: AnyRequest, status: int, detail: str) -> Response[Any]:
    """Return the sentence as JSON below `JSON_PATH_PREFIXES` and as a page elsewhere."""
    if request.scope["path"].startswith(JSON_PATH_PREFIXES):
        return Response(
            ProblemDetails(status, str(detail), current_request_id()), status_code=status, media_type="application/json"
        )
    return Template("error.html.jinja", context={"status": status, "sentence": detail}, status_code=status)


def handle_user_facing_error(request: AnyRequest, error: UserFacingError) -> Response[Any]:
    """Return the message of the error with its status."""
    response = error_response(request, error.status, error.sentence)
    response.headers.update(error.headers)
    return response


def handle_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Return a sentence for Litestar's errors: unknown addresses, invalid parameters, too large bodies."""
    if error.status_code >= 500:
        return handle_unexpected_error(request, error)
    if isinstance(error, ValidationException):
        detail = describe_validation_error(_missing_parameters(error) or error.extra)
    elif error.status_code == 400:
        detail = FORM_MESSAGE
    else:
        detail = STATUS_MESSAGES.get(error.status_code, error.detail)
    response = error_response(request, error.status_code, detail)
    response.headers.update(error.headers or {})
    return response


def _missing_parameters(error: ValidationException) -> list[dict[str, str]]:
    """Return required parameters that are missing as Litestar describes invalid ones; it names them in text only."""
    return [{"key": name} for name in _MISSING_PARAMETER.findall(error.detail)]


def describe_validation_error(extra: Any) -> str:
    """Return a sentence that names the invalid parameter and the values that it takes."""
    for parameter_error in extra if isinstance(extra, list) else ():
        parameter_name = (
            str(parameter_error.get("key", "")).split("[")[0] if isinstance(parameter_error, Mapping) else ""
        )
        if parameter_name in PARAMETER_HINTS:
            expected = PARAMETER_HINTS[parameter_name]
            return Sentence("The parameter `%(name)s` needs %(expected)s.", name=parameter_name, expected=expected)
        if parameter_name:
            return f"The parameter `{parameter_name}` is not valid: {parameter_error.get('message', 'see /docs')}."
    return Sentence("The request cannot be read. Send %(expected)s.", expected=PARAMETER_HINTS["data"])


def handle_unreadable_file(request: AnyRequest, error: Exception) -> Response[Any]:
    """Return 404 for a name that no file can have: one with a NUL in it, or one too long for the file system."""
    log.warning("file.unreadable", route=route_of(request.scope), error=type(error.__cause__ or error).__name__)
    return error_response(request, 404, STATUS_MESSAGES[404])


def handle_unexpected_error(request: AnyRequest, error: Exception) -> Response[Any]:
    """Return 500; the traceback goes to the log only."""
    log.error("request.failed", route=route_of(request.scope), exception=describe_exception(error))
    return error_response(request, 500, INTERNAL_ERROR_MESSAGE)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    UserFacingError: handle_user_facing_error,
    HTTPException: handle_http_error,
    Exception: handle_unexpected_error,
}

FILE_EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    InternalServerException: handle_unreadable_file,
    ValueError: handle_unreadable_file,
}
