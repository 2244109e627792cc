"""The upload's form → a `Question`: fields of the same names as the URL's parameters."""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from msgspec import Meta

from api.errors import NEEDS, BadQuestion
from api.search.image_terms import Term, checked, region
from api.search.parameters import SIZES, YEARS, Text
from api.search.query_text import clean
from api.search.request import Document, Fusion, Match, Question, SetAside, Sort

Year = Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])] | Literal[""]
Size = Annotated[int, Meta(ge=SIZES[0], le=SIZES[1])] | Literal[""]
Balance = Annotated[float, Meta(ge=0, le=1)] | Literal[""]


async def read_form(request: Request[Any, Any, Any]) -> list[tuple[str, Any]]:
    """The form's names and values; Litestar keeps what was read for the handler."""
    kind = request.content_type[0]
    if kind and kind != RequestEncodingType.MULTI_PART:
        raise BadQuestion(f"The form cannot be read. Send {NEEDS['data']}.")
    try:
        return list((await request.form()).multi_items())
    except (UnicodeError, LookupError) as error:  # text in another encoding, or in one that does not exist
        raise BadQuestion(
            "The form cannot be read. Send its text in UTF-8, and the picture with a file name."
        ) from error


async def refuse_broken_form(request: Request[Any, Any, Any]) -> None:
    await read_form(request)


async def refuse_unknown_fields(request: Request[Any, Any, Any]) -> None:
    """The same for a form, whose fields may neither stand in the address."""
    if request.query_params:
        raise BadQuestion("Send the parameters as fields of the form, beside the picture, not in the address.")
    names = [each.name for each in fields(UploadForm)]
    given = await read_form(request)
    if unknown := [name for name, value in given if isinstance(value, str) and name not in names]:
        raise BadQuestion(f"The form has no field `{unknown[0][:50]}`. It has: {', '.join(names)}.")


@dataclass(kw_only=True)
class UploadForm:
    """A picture, where in it to look, what it weighs, and the rest of the question; an empty field is no field."""

    image: UploadFile | None = None
    xywh: str = ""
    """A region of it, in pixels or `pct:`, as in a media fragment."""
    weight: float | Literal[""] = ""
    q: str = ""
    like: list[Text] = field(default_factory=list)
    vector: list[str] = field(default_factory=list)
    match: Match | Literal[""] = ""
    model: list[Text] = field(default_factory=list)
    balance: Balance = ""
    fusion: Fusion | Literal[""] = ""
    document: list[Document] = field(default_factory=list)
    group: Literal["", "book"] = ""
    sort: Sort | Literal[""] = ""
    label: list[Text] = field(default_factory=list)
    publisher: list[Text] = field(default_factory=list)
    place: list[Text] = field(default_factory=list)
    language: list[Text] = field(default_factory=list)
    author: list[Text] = field(default_factory=list)
    subject: list[Text] = field(default_factory=list)
    type: list[Text] = field(default_factory=list)
    book: list[Text] = field(default_factory=list)
    family: list[Text] = field(default_factory=list)
    has_caption: bool | Literal[""] = ""
    set_aside: SetAside | Literal[""] = ""
    year_from: Year = ""
    year_to: Year = ""
    size: Size = ""

    def question(self) -> Question:
        """Without the picture, on page 1."""
        names = {each.name for each in fields(Question)} & {each.name for each in fields(self)} - {"image"}
        # An empty field is "", and a year may well be 0.
        given = {name: value for name in names if (value := _filled(getattr(self, name))) not in ("", ())}
        return Question(words=clean(self.q), **given)

    def term(self) -> Term:
        """Where in the picture to look, and what it weighs."""
        weight = 1.0 if self.weight == "" else checked(self.weight)
        return Term("", weight, region(self.xywh) if self.xywh.strip() else None)

    async def picture(self) -> bytes:
        """Empty where no file was chosen."""
        return await self.image.read() if self.image else b""


def _filled(value: Any) -> Any:
    return tuple(each for each in value if each) if isinstance(value, list) else value
