"""The found words in `<em>`."""

from api.queries.clause import Clause
from api.queries.words import OCR, STEMS

HIGHLIGHTED = {
    "caption": ("caption.text.norwegian", 0),
    "before": ("context.before.text.norwegian", 2),
    "after": ("context.after.text.norwegian", 2),
    "page_text": ("page_text.text.norwegian", 2),
    "title": ("title.norwegian", 0),
}
"""Name in a `Hit` → field, and how many fragments of it; 0 keeps the whole. The stems are named and not the words as
printed, because Elasticsearch looks up offsets where the first field keeps them, and the stems keep none."""


def highlight() -> Clause:
    """The found words in `<em>`, everything else escaped; a stem's other form is marked as well."""
    fields = {
        field: {
            "number_of_fragments": fragments,
            # What a card has room for: the word found may stand at the end of its fragment.
            "fragment_size": 100,
            "matched_fields": [field.replace(STEMS[0], form) for form in (OCR, *STEMS)],
        }
        for field, fragments in HIGHLIGHTED.values()
    }
    return {"encoder": "html", "pre_tags": ["<em>"], "post_tags": ["</em>"], "fields": fields}
