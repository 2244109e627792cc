"""IIIF Content Search 2.0: the words of a book that match a query, and the pictures whose text matches it."""

from collections.abc import Iterator, Sequence

from api.iiif import annotations
from api.iiif.annotations import TEXT_MOTIVATION
from api.iiif.paging import PageLinks
from api.iiif.presentation import SEARCH_CONTEXT, Resource
from api.iiif.urls import IIIFUrls
from api.records import BookDetails, BookMatches, BookPicture, PageText

CONTEXT_WORDS = 8
"""Words before and after a match; a viewer's list of matches has room for about as many."""


def build_search_response(
    details: BookDetails,
    book_matches: BookMatches,
    links: PageLinks,
    ignored_parameters: Sequence[str],
    urls: IIIFUrls,
) -> Resource:
    """Return the matches as an AnnotationPage; `ignored_parameters` are named in it, as the specification demands."""
    annotation_pairs = [
        annotation_pair
        for page_text in book_matches.matches
        if isinstance(page_text, PageText)
        for annotation_pair in _build_word_annotations(details, page_text, urls)
    ]
    picture_annotations = [
        annotations.build_picture_annotation(match.hit, urls)
        for match in book_matches.matches
        if isinstance(match, BookPicture)
    ]
    annotation_page: Resource = {"@context": SEARCH_CONTEXT, "id": links.this, "type": "AnnotationPage"}
    if links.is_paged:
        # Presentation 3 demands a list here, Content Search 2 a single collection.
        annotation_page["partOf"] = annotations.build_annotation_collection(links)
    annotation_page |= annotations.next_and_previous(links)
    if ignored_parameters:
        annotation_page["ignored"] = list(ignored_parameters)
    annotation_page["items"] = [*(word_annotation for word_annotation, _ in annotation_pairs), *picture_annotations]
    if annotation_pairs:
        contexts = [context for _, context in annotation_pairs]
        annotation_page["annotations"] = [{"id": f"{links.this}#contexts", "type": "AnnotationPage", "items": contexts}]
    return annotation_page


def _build_word_annotations(
    details: BookDetails, page_text: PageText, urls: IIIFUrls
) -> Iterator[tuple[Resource, Resource]]:
    """Yield two Annotations for each matching word: the word with its box, and the words around it."""
    canvas = urls.canvas(details.key, page_text.leaf.number)
    for position in sorted(page_text.match_positions):
        url = f"{canvas}/words/{position}"
        # Without boxes in the index the target is the whole page.
        box = f"#xywh={page_text.boxes[position]}" if page_text.boxes else ""
        word_annotation: Resource = {
            "id": url,
            "type": "Annotation",
            "motivation": TEXT_MOTIVATION,
            "body": {"type": "TextualBody", "value": page_text.words[position], "format": "text/plain"},
            "target": f"{canvas}{box}",
        }
        yield word_annotation, _build_context_annotation(url, page_text.words, position)


def _build_context_annotation(url: str, words: Sequence[str], position: int) -> Resource:
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
