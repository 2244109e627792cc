"""The upload's form → a `Question`: fields of the same names as the URL's parameters."""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from msgspec import Meta

from api.errors import PARAMETER_HINTS, InvalidRequest
from api.search.image_terms import ImageTerm, check_weight, parse_region
from api.search.parameters import PAGE_SIZE_RANGE, YEAR_RANGE, ParameterText
from api.search.query_text import clean_query_text
from api.search.request import DocumentType, Fusion, Hidden, Match, SearchRequest, Sort

Year = Annotated[int, Meta(ge=YEAR_RANGE[0], le=YEAR_RANGE[1])] | Literal[""]
Size = Annotated[int, Meta(ge=PAGE_SIZE_RANGE[0], le=PAGE_SIZE_RANGE[1])] | Literal[""]
Balance = Annotated[float, Meta(ge=0, le=1)] | Literal[""]


async def read_form(request: Request[Any, Any, Any]) -> list[tuple[str, Any]]:
    """The form's names and values; Litestar keeps what was read for the handler."""
    media_type = request.content_type[0]
    if media_type and media_type != RequestEncodingType.MULTI_PART:
        raise InvalidRequest(f"The form cannot be read. Send {PARAMETER_HINTS['data']}.")
    try:
        return list((await request.form()).multi_items())
    except (UnicodeError, LookupError) as error:  # text in another encoding, or in one that does not exist
        raise InvalidRequest(
            "The form cannot be read. Send its text in UTF-8, and the picture with a file name."
        ) from error


async def refuse_broken_form(request: Request[Any, Any, Any]) -> None:
    await read_form(request)


async def refuse_unknown_fields(request: Request[Any, Any, Any]) -> None:
    """The same for a form, whose fields may neither stand in the address."""
    if request.query_params:
        raise InvalidRequest("Send the parameters as fields of the form, beside the picture, not in the address.")
    names = [form_field.name for form_field in fields(UploadForm)]
    form_values = await read_form(request)
    if unknown_names := [name for name, value in form_values if isinstance(value, str) and name not in names]:
        raise InvalidRequest(f"The form has no field `{unknown_names[0][:50]}`. It has: {', '.join(names)}.")


@dataclass(kw_only=True)
class UploadForm:
    """A picture, where in it to look, what it weighs, and the rest of the question; an empty field is no field."""

    image: UploadFile | None = None
    xywh: str = ""
    """A region of it, in pixels or `pct:`, as in a media fragment."""
    weight: float | Literal[""] = ""
    q: str = ""
    like: list[ParameterText] = field(default_factory=list)
    vector: list[str] = field(default_factory=list)
    match: Match | Literal[""] = ""
    model: list[ParameterText] = field(default_factory=list)
    balance: Balance = ""
    fusion: Fusion | Literal[""] = ""
    document: list[DocumentType] = field(default_factory=list)
    group: Literal["", "book"] = ""
    sort: Sort | Literal[""] = ""
    label: list[ParameterText] = field(default_factory=list)
    publisher: list[ParameterText] = field(default_factory=list)
    place: list[ParameterText] = field(default_factory=list)
    language: list[ParameterText] = field(default_factory=list)
    author: list[ParameterText] = field(default_factory=list)
    subject: list[ParameterText] = field(default_factory=list)
    type: list[ParameterText] = field(default_factory=list)
    book: list[ParameterText] = field(default_factory=list)
    family: list[ParameterText] = field(default_factory=list)
    has_caption: bool | Literal[""] = ""
    hidden: Hidden | Literal[""] = ""
    year_from: Year = ""
    year_to: Year = ""
    size: Size = ""

    def to_search_request(self) -> SearchRequest:
        """Without the picture, on page 1."""
        names = {request_field.name for request_field in fields(SearchRequest)} & {
            each.name for each in fields(self)
        } - {"image"}
        # An empty field is "", and a year may well be 0.
        values = {name: value for name in names if (value := _drop_empty_values(getattr(self, name))) not in ("", ())}
        return SearchRequest(query_text=clean_query_text(self.q), **values)

    def image_term(self) -> ImageTerm:
        """Where in the picture to look, and what it weighs."""
        weight = 1.0 if self.weight == "" else check_weight(self.weight)
        return ImageTerm("", weight, parse_region(self.xywh) if self.xywh.strip() else None)

    async def read_image(self) -> bytes:
        """Empty where no file was chosen."""
        return await self.image.read() if self.image else b""


def _drop_empty_values(value: Any) -> Any:
    return tuple(item for item in value if item) if isinstance(value, list) else value
