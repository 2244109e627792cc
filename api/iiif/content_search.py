"""IIIF Content Search 2.0: where words stand in a book, and which of its pictures they are about."""

from collections.abc import Iterator, Mapping, Sequence

from api.books import BookDetails, BookMatches, BookPicture, PageText
from api.iiif import annotations
from api.iiif.annotations import TEXT_MOTIVATION
from api.iiif.presentation import SEARCH_CONTEXT, Resource
from api.iiif.urls import IIIFUrls

CONTEXT_WORDS = 8
"""Before and after: what a viewer's list of matches has room for."""


def content_search_response(
    details: BookDetails,
    book_matches: BookMatches,
    related_urls: Mapping[str, str],
    ignored_parameters: Sequence[str],
    urls: IIIFUrls,
) -> Resource:
    """`addresses` are those of `this` page and of the `whole`, and of its pages where there are several."""
    annotation_pairs = [
        annotation_pair
        for page_text in book_matches.matches
        if isinstance(page_text, PageText)
        for annotation_pair in _word_annotations(details, page_text, urls)
    ]
    picture_annotations = [
        annotations.picture_annotation(match.hit, urls)
        for match in book_matches.matches
        if isinstance(match, BookPicture)
    ]
    annotation_page: Resource = {"@context": SEARCH_CONTEXT, "id": related_urls["this"], "type": "AnnotationPage"}
    if "first" in related_urls:
        # Presentation 3 wants a list here, Content Search 2 the one collection itself.
        annotation_page["partOf"] = annotations.annotation_collection(related_urls)
    annotation_page |= annotations.paging_links(related_urls)
    if ignored_parameters:
        annotation_page["ignored"] = list(ignored_parameters)
    annotation_page["items"] = [*(word_annotation for word_annotation, _ in annotation_pairs), *picture_annotations]
    if annotation_pairs:
        contexts = [context for _, context in annotation_pairs]
        annotation_page["annotations"] = [
            {"id": f"{related_urls['this']}#contexts", "type": "AnnotationPage", "items": contexts}
        ]
    return annotation_page


def _word_annotations(details: BookDetails, page_text: PageText, urls: IIIFUrls) -> Iterator[tuple[Resource, Resource]]:
    """Each found word as an annotation, and the words around it as another about that."""
    canvas = urls.canvas(details.key, page_text.leaf.number)
    for position in sorted(page_text.match_positions):
        url = f"{canvas}/words/{position}"
        # An index without boxes still says the page.
        box = f"#xywh={page_text.boxes[position]}" if page_text.boxes else ""
        word_annotation: Resource = {
            "id": url,
            "type": "Annotation",
            "motivation": TEXT_MOTIVATION,
            "body": {"type": "TextualBody", "value": page_text.words[position], "format": "text/plain"},
            "target": f"{canvas}{box}",
        }
        yield word_annotation, _context_annotation(url, page_text.words, position)


def _context_annotation(url: str, words: Sequence[str], position: int) -> Resource:
    before, after = (
        words[max(0, position - CONTEXT_WORDS) : position],
        words[position + 1 : position + 1 + CONTEXT_WORDS],
    )
    selector = {
        "type": "TextQuoteSelector",
        "prefix": "".join(f"{word} " for word in before),
        "exact": words[position],
        "suffix": "".join(f" {word}" for word in after),
    }
    return {
        "id": f"{url}/context",
        "type": "Annotation",
        "motivation": "contextualizing",
        "target": {"type": "SpecificResource", "source": url, "selector": [selector]},
    }
