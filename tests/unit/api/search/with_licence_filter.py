"""A program that adds the filter `licence` to the table of filters and prints, as JSON, where the service shows it.

It runs in a process of its own, since the whole service is made from the table when its modules are imported.
"""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.paths import ROOT

ENTRY = """\
    value_filter(
        "licence", field="licence", heading="Licence", description="Only this licence", example="CC BY 4.0"
    ),
"""
NEXT_ENTRY = ')\n"""In the order of a URL."""\n'
VALUE = "CC BY 4.0"


def add_entry(path: Path) -> None:
    """Import the table as if its source had one more entry."""
    source = path.read_text("utf-8")
    assert source.count(NEXT_ENTRY) == 1
    module = ModuleType("api.search.value_filters")
    sys.modules[module.__name__] = module
    exec(compile(source.replace(NEXT_ENTRY, ENTRY + NEXT_ENTRY), path, "exec"), module.__dict__)  # noqa: S102


def aggregation_response(aggregations: dict[str, Any]) -> dict[str, Any]:
    """Return what Elasticsearch would answer if three documents had the licence and nothing else."""
    response: dict[str, Any] = {}
    for name, aggregation in aggregations.items():
        terms = aggregation.get("terms", {})
        buckets = [{"key": VALUE, "doc_count": 3}] if terms.get("field") == "licence" else []
        response[name] = {"doc_count": 3, "buckets": buckets, "sum_other_doc_count": 0}
        if "filters" in aggregation:
            response[name]["buckets"] = {key: {"doc_count": 0} for key in aggregation["filters"]["filters"]}
        response[name] |= aggregation_response(aggregation.get("aggs", {}))
    return response


def main() -> None:
    """Print what a URL, a form, OpenAPI, a query, a facet, a page, an error and the documentation say of the filter."""
    from litestar import get, post  # noqa: PLC0415
    from litestar.di import NamedDependency, Provide  # noqa: PLC0415
    from litestar.params import MultipartBody  # noqa: PLC0415
    from litestar.testing import create_test_client  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415
    from api.controllers.forms import UploadForm  # noqa: PLC0415
    from api.controllers.parameters import (  # noqa: PLC0415
        accept_parameters,
        provide_search_request,
        refuse_unknown_parameters,
    )
    from api.elasticsearch.queries.facets import (  # noqa: PLC0415
        collection_aggregations,
        facet_aggregations,
    )
    from api.elasticsearch.queries.filters import clauses_by_filter  # noqa: PLC0415
    from api.errors import EXCEPTION_HANDLERS  # noqa: PLC0415
    from api.iiif.urls import IIIFUrls  # noqa: PLC0415
    from api.responses import ResultPage  # noqa: PLC0415
    from api.search.facets import read_facets  # noqa: PLC0415
    from api.search.parameter_reference import render_table  # noqa: PLC0415
    from api.search.parameters import PARAMETERS  # noqa: PLC0415
    from api.search.request import SearchRequest  # noqa: PLC0415
    from core.settings import Settings  # noqa: PLC0415

    @get("/api/url", before_request=refuse_unknown_parameters)
    async def show_url(search_request: NamedDependency[SearchRequest]) -> str:
        return search_request.url()

    @post("/api/form", status_code=200)
    async def show_form(data: MultipartBody[UploadForm]) -> str:
        return data.to_search_request().url()

    dependencies = {
        **accept_parameters(*PARAMETERS),
        "search_request": Provide(provide_search_request, sync_to_thread=False),
        "urls": Provide(lambda: IIIFUrls("http://testserver"), sync_to_thread=False),
    }
    with create_test_client(
        [show_url, show_form], dependencies=dependencies, exception_handlers=EXCEPTION_HANDLERS
    ) as client:
        url = client.get("/api/url", params={"licence": VALUE}).text
        form = client.post("/api/form", data={"licence": VALUE}, files={"image": ("a.png", b"")}).text
        errors = [
            client.get("/api/url", params=params).json()["detail"]
            for params in ({"licence": "x" * 2000}, {"license": "x"})
        ]

    app = create_app(Settings(), elasticsearch_url="http://localhost:9200")
    search_request = SearchRequest.from_parameters({"q": "fyr", "licence": [VALUE]})
    facets = read_facets(
        aggregation_response(facet_aggregations(search_request)),
        aggregation_response(collection_aggregations(search_request)),
        search_request,
    )
    result_page = ResultPage(total=3, page=1, pages=1, size=24, took=1, models=[], facets=facets.buckets)
    template = app.template_engine.get_template("search.html.jinja")  # type: ignore[union-attr]
    context = {
        "problem": "",
        "query_images": [],
        "query_explanation": "",
        "collection": None,
        "examples": [],
        "random": [],
    }
    json.dump(
        {
            "url": url,
            "form": form,
            "errors": errors,
            "openapi": app.openapi_schema.to_schema(),
            "clause": clauses_by_filter(search_request)["licence"],
            "aggregation": facet_aggregations(SearchRequest())["licence"],
            "facet": [(bucket.value, bucket.count, bucket.all) for bucket in facets.buckets["licence"]],
            "page": template.render(search_request=search_request, results=result_page, models=[], **context),
            "documentation": render_table(),
        },
        sys.stdout,
        default=str,
    )


if __name__ == "__main__":
    add_entry(ROOT / "api" / "search" / "value_filters.py")
    main()
