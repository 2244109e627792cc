"""The template engine of the pages, and the functions and tables that every template may use."""

from collections.abc import Sequence

from litestar.plugins.jinja import JinjaTemplateEngine

from api.elasticsearch.queries import MAX_CANDIDATES
from api.exports import bibliography_entry, footnote
from api.monitoring.requests import current_request_id
from api.page_names import has_label, printed_page
from api.pages.addresses import absolute_url, book_page_path, page_address, request_path
from api.pages.downloads import page_download_url
from api.pages.formats import (
    first_capital,
    format_date,
    format_list,
    format_number,
    format_percent,
    language_name,
    shorten,
)
from api.pages.language_middleware import language_query
from api.pages.languages import (
    language_in_address,
    local_name,
    page_language,
    translate,
    translate_count,
    translate_sentence,
)
from api.pages.linked_data import book_data, picture_data, preview_url
from api.pages.measured_template import MeasuredTemplate
from api.pages.page_views import detailed_image
from api.pages.picture_links import picture_path
from api.pages.record_images import scan_image
from api.pages.request_chips import BALANCE_STEPS, WEIGHTS, picture_chips
from api.pages.rights import read_rights
from api.pages.row_shapes import row_shape
from api.pages.site import Site
from api.pages.snippets import start_near_mark
from api.picture_images import picture_image
from api.resources import TEMPLATES_FOLDER
from api.search.boosts import BOOSTS
from api.search.parameters import FACETS, PARAMETERS
from api.vision.uploads import ACCEPTED_IMAGES
from core.dates import describe_date


def create_template_engine(site: Site, image_hosts: Sequence[str] = ()) -> JinjaTemplateEngine:
    """Return the engine with what every template may call; a reader may search with pictures of the hosts."""
    template_engine = JinjaTemplateEngine(directory=TEMPLATES_FOLDER)
    template_engine.engine.template_class = MeasuredTemplate
    template_engine.engine.add_extension("jinja2.ext.i18n")
    template_engine.engine.policies["ext.i18n.trimmed"] = True
    template_engine.engine.install_gettext_callables(translate, translate_count, newstyle=True)  # type: ignore[attr-defined]
    template_engine.engine.globals.update(
        PARAMETERS=PARAMETERS,
        FACETS=FACETS,
        describe_date=describe_date,
        printed_page=printed_page,
        has_label=has_label,
        page_language=page_language,
        language_in_address=language_in_address,
        translate_sentence=translate_sentence,
        PAGE_LANGUAGES=list(site.languages.values()),
        request_id=current_request_id,
        service=site.identity,
        info_links=site.texts.links,
        absolute_url=absolute_url,
        book_page_path=book_page_path,
        page_address=page_address,
        request_path=request_path,
        book_data=book_data,
        picture_data=picture_data,
        preview_url=preview_url,
        language_query=language_query,
        format_date=format_date,
        format_list=format_list,
        picture_image=picture_image,
        picture_path=picture_path,
        detailed_image=detailed_image,
        read_rights=read_rights,
        bibliography_entry=bibliography_entry,
        footnote=footnote,
        row_shape=row_shape,
        page_image_url=page_download_url,
        scan_image=scan_image,
        start_near_mark=start_near_mark,
        MAX_CANDIDATES=MAX_CANDIDATES,
        language_name=language_name,
        ACCEPTED_IMAGES=ACCEPTED_IMAGES,
        IMAGE_HOSTS=image_hosts,
        BALANCE_STEPS=BALANCE_STEPS,
        WEIGHTS=WEIGHTS,
        DEFAULT_BALANCE=BOOSTS.balance,
        picture_chips=picture_chips,
    )
    template_engine.engine.filters.update(
        number=format_number,
        percent=format_percent,
        date=format_date,
        truncate=shorten,
        first_capital=first_capital,
        local_name=local_name,
    )
    # A build copies these from npm; without them the pages use plain links, forms and images.
    vendored = TEMPLATES_FOLDER / "static" / "vendor"
    template_engine.engine.globals["htmx"] = (vendored / "htmx.min.js").is_file()
    template_engine.engine.globals["HAS_VIEWER"] = (vendored / "openseadragon.min.js").is_file()
    return template_engine
