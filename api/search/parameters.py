"""The table of all parameters of a search.

URL parsing, the upload form, OpenAPI, error sentences, filter clauses, facets, pages, URLs and the table in
`docs/programs.md` are made from it: another filter is another `value_filter(…)` in `value_filters`. Any other
parameter of a search is an entry here and a field of `SearchRequest`.
"""

from collections.abc import Mapping

from api.search.choices import Collapse, DocumentType, Grouping, Inclusion, Sort, View
from api.search.collapse import PICTURES_PER_BOOK, WINDOW
from api.search.parameter import MAX_VALUE_LENGTH, Parameter, clean_values
from api.search.ranking_parameters import RANKING_PARAMETERS
from api.search.value_filters import FILTERS_BY_VALUE
from api.sentences import Sentence

PAGE_SIZE = 24
MAX_PAGE_SIZE = 100
MAX_RESULT_WINDOW = 10_000
"""How many results can be paged to: Elasticsearch's `index.max_result_window`."""

MAX_PAGE = 1_000_000_000
"""The largest number of a page, far beyond the last page of any search."""

MIN_YEAR, MAX_YEAR = -9999, 9999

_PARAMETERS = (
    Parameter(
        name="q",
        attribute="query_text",
        description="Words to search for in and around the pictures; the first 20 words and 2,000 characters are used",
        details="Operators are explained in [searching](searching.md#3-words)",
        example="fyr ved kysten",
    ),
    Parameter(
        name="like",
        repeated=True,
        max_length=MAX_VALUE_LENGTH,
        description=(
            "Id of a picture in the index: find pictures like it. May end in a region, `#xywh=10,20,300,400` in pixels "
            "or `#xywh=pct:10,20,30,40`, and in a weight, `^0.5`; a negative weight finds pictures unlike it"
        ),
        details="The picture itself is not among the results",
        example="digibok_2006082900017_0012:GE1:200,310,900,640",
        parse_values=clean_values,
        expected=Sentence("the id of a picture, as a search returns it, at most 1024 characters; it may be repeated"),
    ),
    Parameter(
        name="image",
        repeated=True,
        max_length=MAX_VALUE_LENGTH,
        description=(
            "URL of a picture or IIIF image service on a host that is allowed here; region and weight as in `like`"
        ),
        details=(
            "The operator [allows the hosts](operators.md#pictures-at-other-addresses). The address of a picture of "
            "this service, `/pictures/…` or `/iiif/…`, always works and is the same as `like`"
        ),
        example="https://example.org/iiif/page-12/full/512,/0/default.jpg#xywh=pct:10,10,50,50",
        expected=Sentence("a URL, at most 1024 characters; in an upload’s form, a picture file and only one"),
        in_form=False,
    ),
    Parameter(
        name="vector",
        repeated=True,
        description="An uploaded picture, as `POST /api/search` returns it; may end in a weight",
        example="sscd.kH8h3gEC_AX5^0.5",
        expected=Sentence("what an upload returned; it may be repeated"),
    ),
    *RANKING_PARAMETERS,
    Parameter(
        name="document",
        type=DocumentType,
        repeated=True,
        description="Type of document to search for; by default only pictures",
        example=["picture", "page"],
    ),
    Parameter(
        name="group",
        type=Grouping,
        description="One result per book, with its best hits",
        details="Only the books of the best 200 results",
        example="book",
    ),
    Parameter(
        name="collapse",
        type=Collapse,
        description=(
            "Whether, in a search by words, reprints of one print are one result and at most "
            f"{PICTURES_PER_BOOK} pictures of a book come before those of other books"
        ),
        details=f"Among the best {WINDOW} results, sorted by relevance, without a filter by `book` or `family`",
        example="none",
    ),
    Parameter(
        name="sort",
        type=Sort,
        description="Order of the results; `-year` is newest first",
        details="The first year of a range counts; results without a year come last",
        example="-year",
    ),
    *FILTERS_BY_VALUE,
    Parameter(
        name="has_caption",
        type=bool,
        description="Only pictures with a printed caption, or only those without",
        example=True,
        is_filter=True,
    ),
    Parameter(
        name="hidden",
        type=Inclusion,
        description="Whether to search hidden pictures: blank pages, segmentation errors and what librarians hid",
        example="include",
        is_filter=True,
    ),
    Parameter(
        name="decoration",
        type=Inclusion,
        description="Whether to search ornaments, initials, rules and blanks; returned if nothing else matches",
        example="include",
        is_filter=True,
    ),
    Parameter(
        name="year_from",
        type=int,
        minimum=MIN_YEAR,
        maximum=MAX_YEAR,
        description="First year of publication",
        details="A range of years is found if any of them matches; documents without a year are left out",
        example=1880,
        expected=Sentence("a year, such as %(year)s", year=1890),
        is_filter=True,
    ),
    Parameter(
        name="year_to",
        type=int,
        minimum=MIN_YEAR,
        maximum=MAX_YEAR,
        description="Last year of publication",
        details="The year itself is included; otherwise as `year_from`",
        example=1899,
        expected=Sentence("a year, such as %(year)s", year=1910),
        is_filter=True,
    ),
    Parameter(
        name="page",
        type=int,
        minimum=1,
        maximum=MAX_PAGE,
        description="Page of results, from 1",
        details=f"The first {MAX_RESULT_WINDOW:,} results can be paged to; a page after the last is empty",
        example=2,
        in_form=False,
    ),
    Parameter(
        name="size",
        type=int,
        minimum=1,
        maximum=MAX_PAGE_SIZE,
        description="Results per page",
        example=PAGE_SIZE,
    ),
    Parameter(
        name="view",
        type=View,
        description="How the page shows pictures: in rows, or in a list with all their text",
        example="list",
        only_on_pages=True,
        in_form=False,
    ),
)

PARAMETERS: Mapping[str, Parameter] = {parameter.name: parameter for parameter in _PARAMETERS}
"""All parameters by name, in the order of a URL."""

API_PARAMETERS: Mapping[str, Parameter] = {name: entry for name, entry in PARAMETERS.items() if not entry.only_on_pages}
"""The parameters that programs may use."""

VALUE_FILTERS: Mapping[str, Parameter] = {name: entry for name, entry in PARAMETERS.items() if entry.field}
"""The filters by the values of a field."""

FACETS = tuple(name for name, entry in VALUE_FILTERS.items() if entry.has_facet)
"""Names of the value filters whose values are counted; `year` is counted as a range, see `queries.facets`."""

FILTERS = tuple(name for name, entry in PARAMETERS.items() if entry.is_filter)
"""Names of all parameters that limit which documents are searched."""
