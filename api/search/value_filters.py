"""The filters by the values of a field, as entries of the table of parameters."""

from api.search.parameter import value_filter
from core.languages import language_codes
from core.picture_classes import display_labels, label_alternatives

FILTERS_BY_VALUE = (
    value_filter(
        "label",
        field="label.name",
        heading="Kind of picture",
        description="Only this kind of picture, in any spelling: `Map`, `map`, `map_plan`",
        example="Map",
        parse_values=display_labels,
        alternatives=label_alternatives,
    ),
    value_filter(
        "publisher",
        field="publisher_names",
        facet_field="publisher_normalised",
        heading="Publisher",
        description="Only this publisher, in normalised form or as printed",
        example="Aschehoug",
    ),
    value_filter(
        "place",
        field="place_names",
        facet_field="place_normalised",
        heading="Place",
        description="Only this place of publication, by any of its names: `Oslo`, `Kristiania`",
        example="Kristiania",
    ),
    value_filter(
        "language",
        field="language",
        heading="Language",
        description="Only this language, by its code or name: `nb`, `nob` or `Norwegian Bokmål`",
        example="nb",
        parse_values=language_codes,
    ),
    value_filter(
        "author", field="authors.exact", heading="Author", description="Only this author", example="Collett, Camilla"
    ),
    value_filter(
        "subject", field="subjects.exact", heading="Subject", description="Only this subject", example="Fyrtårn"
    ),
    value_filter(
        "type", field="type_of_work", heading="Type of work", description="Only this type of work", example="book"
    ),
    value_filter(
        "book",
        field="book_id",
        heading="Book",
        description="Only this book, by its id",
        example="digibok_2006082900017",
        has_facet=False,
    ),
    value_filter(
        "family",
        field="family.id",
        heading="Copies of one print",
        description="Only this family of copies, by its id",
        example="f1",
        has_facet=False,
    ),
)
"""In the order of a URL."""
