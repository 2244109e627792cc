"""Everything that goes wrong, translated once: a sentence for the reader, the cause for the log alone.

* FrontispieceError
  - ReaderError       has a status and a sentence that may be shown
    - BadQuestion     400, the question cannot be asked like that
    - BadPicture      400, the upload is not a picture that we can read
    - TooLarge        413, the upload is larger than this service takes
    - NoSuchPicture   404
    - NoModel         503, no vision model can be asked
    - NoIndex         503, there is nothing behind the alias yet
"""

from collections.abc import Mapping
from dataclasses import dataclass
from traceback import format_exception
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Template
from litestar.types import ExceptionHandlersMap

from api.search.parameters import FACETS, PARAMETERS
from core.errors import FrontispieceError

log = structlog.get_logger()

JSON_PATH_PREFIXES = ("/api", "/iiif", "/health", "/schema", "/crops", "/static")
"""Below these paths the answer is JSON, elsewhere a page."""

UNAVAILABLE_MESSAGE = "The search engine does not answer at the moment. Please try again in a minute."
ACCESS_DENIED_MESSAGE = (
    "The search engine refuses us: its address and key in the settings are to be checked; the log says more."
)
INTERNAL_ERROR_MESSAGE = (
    "Something went wrong on our side. It has been logged; please try again, or ask something else."
)

STATUS_MESSAGES = {
    404: "There is nothing at this address. Start again from the search page.",
    405: "This address does not take that kind of request.",
    413: "That file is too large for this service. Make the picture smaller and try again.",
}

PARAMETER_HINTS = {
    **{name: parameter.expected_values for name, parameter in PARAMETERS.items()},
    "weight": "a number, such as 2 or -0.5",
    "facet": f"one of {', '.join(f'`{name}`' for name in FACETS)}",
    "data": "a form of type multipart/form-data with a picture in the field `image`",
}
"""What a parameter takes, as the second half of a sentence."""


class UserFacingError(FrontispieceError):
    """Its text is shown to the reader, with `status`."""

    status = 400


class InvalidRequest(UserFacingError):
    """The question cannot be asked like that."""


class InvalidImage(UserFacingError):
    """The upload is not a picture that we can read."""


class UploadTooLarge(UserFacingError):
    """The upload is larger than this service takes."""

    status = 413


class PictureNotFound(UserFacingError):
    """The index has no picture of that id."""

    status = 404

    def __init__(self, picture_id: str) -> None:
        super().__init__(f"There is no picture “{picture_id[:200]}” here. Its book may have been indexed anew.")


class ModelUnavailable(UserFacingError):
    """No vision model can be asked."""

    status = 503


class IndexNotFound(UserFacingError):
    """There is nothing behind the alias yet."""

    status = 503

    def __init__(self) -> None:
        super().__init__("There is no index yet: run `frontispiece index` on a folder of books first.")


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """What a program gets instead of an answer."""

    status_code: int
    detail: str
    """A sentence that says what to do."""


ERROR_RESPONSES = {
    400: ResponseSpec(
        ProblemDetails,
        generate_examples=False,
        description="A parameter or a file cannot be used; `detail` says what to do",
    ),
    404: ResponseSpec(ProblemDetails, generate_examples=False, description="There is no picture of that id"),
    413: ResponseSpec(
        ProblemDetails, generate_examples=False, description="The file is larger than this service takes"
    ),
    503: ResponseSpec(
        ProblemDetails,
        generate_examples=False,
        description="The node or the index is missing, or no vision model can be asked",
    ),
}
"""For the description of the API."""

AnyRequest = Request[Any, Any, Any]


def error_response(request: AnyRequest, status: int, detail: str) -> Response[Any]:
    """The same sentence as JSON for programs and as a page for readers."""
    if request.url.path.startswith(JSON_PATH_PREFIXES):
        return Response(ProblemDetails(status, detail), status_code=status, media_type="application/json")
    return Template("error.html.jinja", context={"status": status, "sentence": detail}, status_code=status)


def handle_user_facing_error(request: AnyRequest, error: UserFacingError) -> Response[Any]:
    return error_response(request, error.status, str(error))


def handle_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals: unknown addresses, bad parameters, too large bodies."""
    if error.status_code >= 500:
        return handle_unexpected_error(request, error)
    if isinstance(error, ValidationException):
        detail = describe_validation_error(error.extra)
    elif error.status_code == 400:
        detail = f"The form cannot be read. Send {PARAMETER_HINTS['data']}."
    else:
        detail = STATUS_MESSAGES.get(error.status_code, error.detail)
    return error_response(request, error.status_code, detail)


def describe_validation_error(extra: Any) -> str:
    """Which parameter it is, and what it takes instead."""
    for parameter_error in extra if isinstance(extra, list) else ():
        parameter_name = (
            str(parameter_error.get("key", "")).split("[")[0] if isinstance(parameter_error, Mapping) else ""
        )
        if parameter_name in PARAMETER_HINTS:
            return f"The parameter `{parameter_name}` needs {PARAMETER_HINTS[parameter_name]}."
        if parameter_name:
            return (
                f"The parameter `{parameter_name}` cannot be used: {parameter_error.get('message', 'it is not valid')}."
            )
    return f"The request cannot be read. Send {PARAMETER_HINTS['data']}."


def handle_unreadable_file(request: AnyRequest, error: Exception) -> Response[Any]:
    """A name that no file can have: with a NUL in it, or longer than the file system takes."""
    log.warning("file.unreadable", path=request.url.path[:200], error=repr(error.__cause__ or error))
    return error_response(request, 404, STATUS_MESSAGES[404])


def handle_unexpected_error(request: AnyRequest, error: Exception) -> Response[Any]:
    # Plain text: a renderer that also prints each frame's variables would write readers' files and our key to the log.
    log.error("request.failed", path=request.url.path, exception="".join(format_exception(error)))
    return error_response(request, 500, INTERNAL_ERROR_MESSAGE)


def strip_credentials(url: str) -> str:
    """A cluster's address may hold a password, which no log shall."""
    url_parts = urlsplit(url)
    return url_parts._replace(netloc=url_parts.netloc.rpartition("@")[2]).geturl()


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    UserFacingError: handle_user_facing_error,
    HTTPException: handle_http_error,
    Exception: handle_unexpected_error,
}

FILE_EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    InternalServerException: handle_unreadable_file,
    ValueError: handle_unreadable_file,
}
