"""IIIF Content Search 2.0: where words stand in a book, and which of its pictures they are about."""

from collections.abc import Iterator, Mapping, Sequence

from api.books import Found, Passage, Plate, Record
from api.iiif import annotations
from api.iiif.addresses import Addresses
from api.iiif.annotations import WORDS
from api.iiif.presentation import SEARCH, Resource

CONTEXT_WORDS = 8
"""Before and after: what a viewer's list of matches has room for."""


def answer(
    record: Record, found: Found, addresses: Mapping[str, str], ignored: Sequence[str], at: Addresses
) -> Resource:
    """`addresses` are those of `this` page and of the `whole`, and of its pages where there are several."""
    words = [each for passage in found.here if isinstance(passage, Passage) for each in _words(record, passage, at)]
    pictures = [annotations.picture(plate.hit, at) for plate in found.here if isinstance(plate, Plate)]
    page: Resource = {"@context": SEARCH, "id": addresses["this"], "type": "AnnotationPage"}
    if "first" in addresses:
        # Presentation 3 wants a list here, Content Search 2 the one collection itself.
        page["partOf"] = annotations.whole(addresses)
    page |= annotations.neighbours(addresses)
    if ignored:
        page["ignored"] = list(ignored)
    page["items"] = [*(word for word, _ in words), *pictures]
    if words:
        contexts = [context for _, context in words]
        page["annotations"] = [{"id": f"{addresses['this']}#contexts", "type": "AnnotationPage", "items": contexts}]
    return page


def _words(record: Record, passage: Passage, at: Addresses) -> Iterator[tuple[Resource, Resource]]:
    """Each found word as an annotation, and the words around it as another about that."""
    canvas = at.canvas(record.key, passage.leaf.number)
    for place in sorted(passage.found):
        address = f"{canvas}/words/{place}"
        # An index without boxes still says the page.
        box = f"#xywh={passage.boxes[place]}" if passage.boxes else ""
        word: Resource = {
            "id": address,
            "type": "Annotation",
            "motivation": WORDS,
            "body": {"type": "TextualBody", "value": passage.words[place], "format": "text/plain"},
            "target": f"{canvas}{box}",
        }
        yield word, _context(address, passage.words, place)


def _context(address: str, words: Sequence[str], place: int) -> Resource:
    before, after = words[max(0, place - CONTEXT_WORDS) : place], words[place + 1 : place + 1 + CONTEXT_WORDS]
    quote = {
        "type": "TextQuoteSelector",
        "prefix": "".join(f"{word} " for word in before),
        "exact": words[place],
        "suffix": "".join(f" {word}" for word in after),
    }
    return {
        "id": f"{address}/context",
        "type": "Annotation",
        "motivation": "contextualizing",
        "target": {"type": "SpecificResource", "source": address, "selector": [quote]},
    }
