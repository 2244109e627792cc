"""IIIF Presentation 3: Manifests of books and pictures, AnnotationPages, and results as Collections."""

from dataclasses import replace
from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter

from api.books import Books
from api.controllers.books import BookId
from api.controllers.parameters import PICTURE_PARAMETERS, accept_parameters, refuse_all_but
from api.controllers.pictures import PictureId
from api.errors import LOOKUP_ERROR_RESPONSES, AnyRequest
from api.iiif import annotations, collections, manifests
from api.iiif.collections import ResultPageLinks
from api.iiif.paging import page_links, page_url
from api.iiif.presentation import MEDIA_TYPE, Resource
from api.iiif.urls import IIIFUrls, add_query
from api.records import BookPicture
from api.search.request import SearchRequest
from api.search.service import Searcher

PageNumber = Annotated[
    int, PathParameter(description="A page's place in the book, from 1", examples=[Example(value=12)])
]


class IIIFController(Controller):
    """IIIF Presentation 3."""

    path = "/iiif"
    tags = ("iiif",)

    @get(
        "/books/{book_id:str}/manifest",
        operation_id="book_manifest",
        media_type=MEDIA_TYPE,
        summary="A book",
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def get_book_manifest(
        self, urls: NamedDependency[IIIFUrls], books: NamedDependency[Books], book_id: BookId
    ) -> Response[Resource]:
        """A Manifest with every page of the book as a Canvas, painted with its scan or with its pictures."""
        details = await books.get_details(book_id)
        leaves, pictures = await books.list_leaves(details.book_id), await books.list_pictures(details.book_id)
        return _json_ld_response(manifests.build_book_manifest(details, leaves, pictures, urls))

    @get(
        "/books/{book_id:str}/pictures",
        operation_id="book_pictures",
        media_type=MEDIA_TYPE,
        summary="A book's pictures",
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def list_book_annotations(
        self, urls: NamedDependency[IIIFUrls], books: NamedDependency[Books], book_id: BookId
    ) -> Response[Resource]:
        """An AnnotationPage with the regions of all pictures of a book, in page order."""
        details = await books.get_details(book_id)
        hits = [picture.hit for picture in await books.list_pictures(details.book_id)]
        return _json_ld_response(
            annotations.build_annotation_page(f"{urls.book_root(details.key)}/pictures", hits, urls)
        )

    @get(
        "/books/{book_id:str}/pages/{number:int}/pictures",
        operation_id="page_pictures",
        media_type=MEDIA_TYPE,
        summary="A page's pictures",
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def list_page_annotations(
        self, urls: NamedDependency[IIIFUrls], books: NamedDependency[Books], book_id: BookId, number: PageNumber
    ) -> Response[Resource]:
        """An AnnotationPage with the regions of the pictures of one page."""
        details = await books.get_details(book_id)
        hits = [picture.hit for picture in await books.list_pictures(details.book_id, number)]
        return _json_ld_response(
            annotations.build_annotation_page(urls.page_annotations(details.key, number), hits, urls)
        )

    @get(
        "/pictures/{picture_id:str}/manifest",
        operation_id="picture_manifest",
        media_type=MEDIA_TYPE,
        summary="A picture",
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def get_picture_manifest(
        self, urls: NamedDependency[IIIFUrls], searcher: NamedDependency[Searcher], picture_id: PictureId
    ) -> Response[Resource]:
        """A Manifest with the picture as its only Canvas."""
        record = await searcher.get_picture(picture_id)
        picture = BookPicture(hit=record.hit, leaf=record.leaf)
        return _json_ld_response(manifests.build_picture_manifest(picture, urls))

    @get(
        "/search",
        operation_id="search_as_collection",
        media_type=MEDIA_TYPE,
        summary="Results",
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(*PICTURE_PARAMETERS),
        dependencies=accept_parameters(*PICTURE_PARAMETERS),
    )
    async def get_result_collection(
        self,
        *,
        request: AnyRequest,
        urls: NamedDependency[IIIFUrls],
        searcher: NamedDependency[Searcher],
        search_request: NamedDependency[SearchRequest],
    ) -> Response[Resource]:
        """A Collection of the pages of results; with `page`, a Collection of that page's pictures.

        It holds pictures, which alone have a region: it takes neither `document` nor `group`.
        """
        result_page = await searcher.search(search_request.with_changes(collapse="none"), marks_words=False)
        collection_url = add_query(f"{urls.base_url}/iiif/search", _query_string(search_request))
        label = search_request.query_text or "Pictures"
        homepage_url = urls.make_absolute(search_request.url(page=search_request.page))
        if "page" not in request.query_params:
            page_urls = [page_url(collection_url, number) for number in range(1, result_page.pages + 1)]
            return _json_ld_response(
                collections.build_result_collection(collection_url, page_urls, label, result_page, homepage_url)
            )
        annotations_url = add_query(f"{urls.base_url}/iiif/search/annotations", _query_string(search_request))
        links = ResultPageLinks(
            this=page_url(collection_url, search_request.page),
            whole=collection_url,
            annotations=page_url(annotations_url, search_request.page),
            homepage=homepage_url,
        )
        return _json_ld_response(collections.build_result_page_collection(links, label, result_page, urls))

    @get(
        "/search/annotations",
        operation_id="search_as_annotations",
        media_type=MEDIA_TYPE,
        summary="Results on their pages",
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(*PICTURE_PARAMETERS),
        dependencies=accept_parameters(*PICTURE_PARAMETERS),
    )
    async def get_result_annotations(
        self,
        urls: NamedDependency[IIIFUrls],
        searcher: NamedDependency[Searcher],
        search_request: NamedDependency[SearchRequest],
    ) -> Response[Resource]:
        """An AnnotationPage with one page of results, each as a region of a page of its book."""
        result_page = await searcher.search(search_request.with_changes(collapse="none"), marks_words=False)
        collection_url = add_query(f"{urls.base_url}/iiif/search/annotations", _query_string(search_request))
        links = page_links(collection_url, search_request.page, result_page.pages)
        return _json_ld_response(
            annotations.build_result_annotation_page(links, result_page.total, result_page.hits, urls)
        )


def _json_ld_response(content: Resource) -> Response[Resource]:
    return Response(content, media_type=MEDIA_TYPE)


def _query_string(search_request: SearchRequest) -> str:
    return replace(search_request, page=1).query_string()
