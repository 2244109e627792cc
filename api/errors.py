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

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import format_exception
from typing import Any
from urllib.parse import urlsplit

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Template
from litestar.types import ExceptionHandlersMap

from core.errors import FrontispieceError

log = structlog.get_logger()

PROGRAMS = ("/api", "/iiif", "/health", "/schema", "/crops", "/static")
"""Below these paths the answer is JSON, elsewhere a page."""

AWAY = "The search engine does not answer at the moment. Please try again in a minute."
REFUSED = "The search engine refuses us: its address and key in the settings are to be checked; the log says more."
BROKEN = "Something went wrong on our side. It has been logged; please try again, or ask something else."

SENTENCES = {
    404: "There is nothing at this address. Start again from the search page.",
    405: "This address does not take that kind of request.",
    413: "That file is too large for this service. Make the picture smaller and try again.",
}

SEVERAL = "at most 50 values of at most 1,024 characters each"
NEEDS = {
    "year_from": "a year, such as 1890",
    "year_to": "a year, such as 1910",
    "page": "a whole number, from 1",
    "size": "a whole number from 1 to 100",
    "model": SEVERAL,
    "publisher": SEVERAL,
    "place": SEVERAL,
    "language": SEVERAL,
    "label": SEVERAL,
    "author": SEVERAL,
    "subject": SEVERAL,
    "type": SEVERAL,
    "book": SEVERAL,
    "family": SEVERAL,
    "like": "the id of a picture, as a search gives it, at most 1,024 characters; it may be repeated",
    "vector": "what an upload gave back; it may be repeated",
    "image": "a URL, at most 1,024 characters; in an upload's form, a picture file and only one",
    "match": "`any`, `most` or `all`",
    "balance": "a number from 0 (words) to 1 (pictures)",
    "fusion": "`sum`, `convex` or `rrf`",
    "document": "`picture`, `page` or `book`; it may be repeated",
    "group": "`book`, or nothing",
    "sort": "`relevance`, `year`, `-year` or `title`",
    "has_caption": "`true` or `false`",
    "set_aside": "`hide`, `show` or `only`",
    "weight": "a number, such as 2 or -0.5",
    "data": "a form of type multipart/form-data with a picture in the field `image`",
}
"""What a parameter takes, as the second half of a sentence."""


class ReaderError(FrontispieceError):
    """Its text is shown to the reader, with `status`."""

    status = 400


class BadQuestion(ReaderError):
    """The question cannot be asked like that."""


class BadPicture(ReaderError):
    """The upload is not a picture that we can read."""


class TooLarge(ReaderError):
    """The upload is larger than this service takes."""

    status = 413


class NoSuchPicture(ReaderError):
    """The index has no picture of that id."""

    status = 404

    def __init__(self, picture_id: str) -> None:
        super().__init__(f"There is no picture “{picture_id[:200]}” here. Its book may have been indexed anew.")


class NoModel(ReaderError):
    """No vision model can be asked."""

    status = 503


class NoIndex(ReaderError):
    """There is nothing behind the alias yet."""

    status = 503

    def __init__(self) -> None:
        super().__init__("There is no index yet: run `frontispiece index` on a folder of books first.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a program gets instead of an answer."""

    status_code: int
    detail: str
    """A sentence that says what to do."""


PROBLEMS = {
    400: ResponseSpec(
        Problem, generate_examples=False, description="A parameter or a file cannot be used; `detail` says what to do"
    ),
    404: ResponseSpec(Problem, generate_examples=False, description="There is no picture of that id"),
    413: ResponseSpec(Problem, generate_examples=False, description="The file is larger than this service takes"),
    503: ResponseSpec(
        Problem,
        generate_examples=False,
        description="The node or the index is missing, or no vision model can be asked",
    ),
}
"""For the description of the API."""

AnyRequest = Request[Any, Any, Any]


def answer(request: AnyRequest, status: int, sentence: str) -> Response[Any]:
    """The same sentence as JSON for programs and as a page for readers."""
    if request.url.path.startswith(PROGRAMS):
        return Response(Problem(status, sentence), status_code=status, media_type="application/json")
    return Template("error.html.jinja", context={"status": status, "sentence": sentence}, status_code=status)


def answer_reader_error(request: AnyRequest, error: ReaderError) -> Response[Any]:
    return answer(request, error.status, str(error))


def answer_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals: unknown addresses, bad parameters, too large bodies."""
    if error.status_code >= 500:
        return answer_any_error(request, error)
    if isinstance(error, ValidationException):
        sentence = validation_sentence(error.extra)
    elif error.status_code == 400:
        sentence = f"The form cannot be read. Send {NEEDS['data']}."
    else:
        sentence = SENTENCES.get(error.status_code, error.detail)
    return answer(request, error.status_code, sentence)


def validation_sentence(extra: Any) -> str:
    """Which parameter it is, and what it takes instead."""
    for each in extra if isinstance(extra, list) else ():
        key = str(each.get("key", "")).split("[")[0] if isinstance(each, Mapping) else ""
        if key in NEEDS:
            return f"The parameter `{key}` needs {NEEDS[key]}."
        if key:
            return f"The parameter `{key}` cannot be used: {each.get('message', 'it is not valid')}."
    return f"The request cannot be read. Send {NEEDS['data']}."


def answer_transport_error(request: AnyRequest, error: TransportError) -> Response[Any]:
    """The node was never reached, or fell silent."""
    log.error("elasticsearch.away", error=str(error))
    return answer(request, 503, AWAY)


def answer_api_error(request: AnyRequest, error: ApiError) -> Response[Any]:
    """The node answered, and refused."""
    log.error("elasticsearch.refused", status=error.status_code, error=str(error), body=error.body)
    if error.status_code in (429, 502, 503, 504):
        return answer(request, 503, AWAY)
    return answer(request, 500, BROKEN)


def answer_unreadable_file(request: AnyRequest, error: Exception) -> Response[Any]:
    """A name that no file can have: with a NUL in it, or longer than the file system takes."""
    log.warning("file.unreadable", path=request.url.path[:200], error=repr(error.__cause__ or error))
    return answer(request, 404, SENTENCES[404])


def answer_any_error(request: AnyRequest, error: Exception) -> Response[Any]:
    # Plain text: a renderer that also prints each frame's variables would write readers' files and our key to the log.
    log.error("request.failed", path=request.url.path, exception="".join(format_exception(error)))
    return answer(request, 500, BROKEN)


def without_login(url: str) -> str:
    """A cluster's address may hold a password, which no log shall."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


@contextmanager
def missing_index_named() -> Iterator[None]:
    """Elasticsearch's 404 for an index, which is no failure of the service's, as `NoIndex`."""
    try:
        yield
    except NotFoundError as error:
        raise NoIndex from error


HANDLERS: ExceptionHandlersMap = {
    ReaderError: answer_reader_error,
    HTTPException: answer_http_error,
    TransportError: answer_transport_error,
    ApiError: answer_api_error,
    Exception: answer_any_error,
}

FILE_HANDLERS: ExceptionHandlersMap = {
    InternalServerException: answer_unreadable_file,
    ValueError: answer_unreadable_file,
}
