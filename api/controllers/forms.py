"""The upload form: a picture, and fields of the same names as the URL's parameters."""

from dataclasses import dataclass, field, fields, make_dataclass, replace
from typing import Any, Literal, TypeVar

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType

from api.controllers.parameters import value_type
from api.errors import FORM_MESSAGE, InvalidRequest
from api.search.choices import View
from api.search.image_terms import ImageTerm, check_weight, parse_region
from api.search.parameter import MAX_VALUE_LENGTH, Parameter
from api.search.parameters import PARAMETERS
from api.search.request import SearchRequest
from api.sentences import Sentence

FormType = TypeVar("FormType")


async def read_form(request: Request[Any, Any, Any]) -> list[tuple[str, Any]]:
    """Return the form's names and values. Litestar keeps them for the handler.

    Raises InvalidRequest if the form is of another type or cannot be decoded.
    """
    media_type = request.content_type[0]
    if media_type and media_type != RequestEncodingType.MULTI_PART:
        raise InvalidRequest(FORM_MESSAGE)
    try:
        return list((await request.form()).multi_items())
    except (UnicodeError, LookupError) as error:  # text in another encoding, or in one that does not exist
        raise InvalidRequest(
            Sentence("The form cannot be read. Send its text in UTF-8, and the picture with a file name.")
        ) from error


async def refuse_broken_form(request: Request[Any, Any, Any]) -> None:
    """Refuse a form that cannot be read."""
    await read_form(request)


async def refuse_unknown_fields(request: Request[Any, Any, Any]) -> None:
    """Refuse a form with a misspelt field, and parameters in the URL beside a form."""
    if request.query_params:
        raise InvalidRequest("Send the parameters as form fields together with the picture, not in the URL.")
    names = [form_field.name for form_field in fields(UploadForm)]
    form_values = await read_form(request)
    if unknown_names := [name for name, value in form_values if isinstance(value, str) and name not in names]:
        raise InvalidRequest(f"The form has no field `{unknown_names[0][:50]}`. It has: {', '.join(names)}.")


def _add_parameter_fields(form: type[FormType]) -> type[FormType]:
    """Return the form's class with one more field per parameter; an empty field leaves it at its default."""
    parameter_fields = [
        (name, list[value_type(parameter)], field(default_factory=list))  # type: ignore[misc]
        if parameter.repeated
        else (name, _optional_type(parameter), field(default=""))
        for name, parameter in PARAMETERS.items()
        if parameter.in_form
    ]
    namespace = {"__module__": form.__module__, "__doc__": form.__doc__}
    return make_dataclass(form.__name__, parameter_fields, bases=(form,), namespace=namespace, kw_only=True)


def _optional_type(parameter: Parameter) -> Any:
    """Return the type of a field that may be empty."""
    field_type = value_type(parameter)
    return field_type if parameter.type is str or "" in parameter.choices else field_type | Literal[""]


@_add_parameter_fields
@dataclass(kw_only=True)
class UploadForm:
    """A picture, its region and weight, and the other parameters of a search; an empty field means its default."""

    image: UploadFile | None = None
    xywh: str = ""
    """A region of the picture in pixels or `pct:`, as in a media fragment."""
    weight: float | Literal[""] = ""

    def to_search_request(self) -> SearchRequest:
        """Return the request without the picture, on page 1."""
        values = {name: getattr(self, name) for name, parameter in PARAMETERS.items() if parameter.in_form}
        return SearchRequest.from_parameters({name: _drop_empty_items(value) for name, value in values.items()})

    def image_term(self) -> ImageTerm:
        """Return the region to look at and the weight of the picture."""
        weight = 1.0 if self.weight == "" else check_weight(self.weight)
        return ImageTerm("", weight, parse_region(self.xywh) if self.xywh.strip() else None)

    async def read_image(self) -> bytes:
        """Return the file's content; empty if no file was chosen."""
        return await self.image.read() if self.image else b""


@dataclass(kw_only=True)
class PictureForm(UploadForm):
    """The form of the pages, which also takes the address of a picture and keeps the view of the results."""

    address: str = ""
    view: View = ""

    def to_search_request(self) -> SearchRequest:
        """Return the request without the picture, on page 1, in the same view."""
        return replace(super().to_search_request(), view=self.view)

    def address_value(self) -> str:
        """Return the address as a value of the parameter `image`; empty if none was typed or a file was chosen."""
        address = self.address.strip()
        if not address or (self.image and self.image.filename):
            return ""
        value = str(replace(self.image_term(), value=address))
        if len(value) > MAX_VALUE_LENGTH:
            sentence = Sentence("The address of a picture has at most %(num)s characters.", num=MAX_VALUE_LENGTH)
            raise InvalidRequest(sentence)
        return value


def _drop_empty_items(value: Any) -> Any:
    return [item for item in value if item] if isinstance(value, list) else value
