"""What a request may carry, spelled once: the URL's parameters and the upload form's fields → a `Question`."""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from msgspec import Meta

from api.errors import NEEDS, BadQuestion
from api.queries import WINDOW
from api.question import PAGE_SIZE, Question
from api.words import clean

MAX_VALUE = 1024
"""The mapping keeps no longer value of a facet (`ignore_above`)."""

YEARS = -9999, 9999
SIZES = 1, 100

Text = Annotated[str, Meta(max_length=MAX_VALUE)]
Several = list[Text]
MOST = 50
FormYear = Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])] | Literal[""]
FormSize = Annotated[int, Meta(ge=SIZES[0], le=SIZES[1])] | Literal[""]

Words = Annotated[
    str,
    QueryParameter(
        description="Words to look for in and around the pictures; the first 20 words, up to 500 characters, count",
        examples=[Example(value="fyr ved kysten")],
    ),
]
Like = Annotated[
    str,
    QueryParameter(
        max_length=MAX_VALUE,
        description="Id of a picture in the index: more like this",
        examples=[Example(value="digibok_2006082900017_0012:GE1:200,310,900,640")],
    ),
]
Vector = Annotated[str, QueryParameter(description="An uploaded picture, as `POST /api/search` gives it back")]
Page = Annotated[int, QueryParameter(ge=1, le=WINDOW, description="Page of results, from 1")]
Size = Annotated[int, QueryParameter(ge=SIZES[0], le=SIZES[1], description="Pictures per page")]


def _several(description: str, example: str) -> QueryParameter:
    examples = [Example(value=[example])]
    return QueryParameter(description=f"{description}; may be repeated", examples=examples, max_items=MOST)


def _year(description: str, example: int) -> QueryParameter:
    return QueryParameter(ge=YEARS[0], le=YEARS[1], description=description, examples=[Example(value=example)])


def provide_question(
    *,
    q: Words = "",
    like: Like = "",
    vector: Vector = "",
    model: Annotated[Several | None, _several("Vision model to ask; without it all that the index has", "sscd")] = None,
    publisher: Annotated[Several | None, _several("Only this publisher", "Aschehoug")] = None,
    place: Annotated[Several | None, _several("Only this place of publication", "Kristiania")] = None,
    language: Annotated[Several | None, _several("Only this language, as the records write it", "nob")] = None,
    label: Annotated[Several | None, _several("Only this kind of picture", "Map")] = None,
    year_from: Annotated[int | None, _year("First year of publication", 1880)] = None,
    year_to: Annotated[int | None, _year("Last year of publication", 1899)] = None,
    page: Page = 1,
    size: Size = PAGE_SIZE,
) -> Question:
    """The question of a URL."""
    return Question(
        words=clean(q),
        like=like,
        vector=vector,
        model=tuple(model or ()),
        publisher=tuple(publisher or ()),
        place=tuple(place or ()),
        language=tuple(language or ()),
        label=tuple(label or ()),
        year_from=year_from,
        year_to=year_to,
        page=page,
        size=size,
    )


NAMES = ("q", *(each.name for each in fields(Question) if each.name != "words"))


def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """A misspelt filter that is passed over would answer another question than was asked."""
    if unknown := [name for name in request.query_params if name not in NAMES]:
        raise BadQuestion(f"There is no parameter `{unknown[0][:50]}`. There are: {', '.join(NAMES)}.")


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
    """A picture, and the fields of the same names as the URL's parameters; an empty field is no field."""

    image: UploadFile | None = None
    q: str = ""
    model: list[Text] = field(default_factory=list)
    publisher: list[Text] = field(default_factory=list)
    place: list[Text] = field(default_factory=list)
    language: list[Text] = field(default_factory=list)
    label: list[Text] = field(default_factory=list)
    year_from: FormYear = ""
    year_to: FormYear = ""
    size: FormSize = ""

    def question(self) -> Question:
        """Without the picture, on page 1."""
        return Question(
            words=clean(self.q),
            model=_filled(self.model),
            publisher=_filled(self.publisher),
            place=_filled(self.place),
            language=_filled(self.language),
            label=_filled(self.label),
            # An empty field is "", and a year may well be 0.
            year_from=None if self.year_from == "" else self.year_from,
            year_to=None if self.year_to == "" else self.year_to,
            size=self.size or PAGE_SIZE,
        )

    async def picture(self) -> bytes:
        """Empty where no file was chosen."""
        return await self.image.read() if self.image else b""


def _filled(values: list[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value)
