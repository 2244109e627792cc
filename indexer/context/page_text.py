"""The words of a page in reading order, each with its box on the scan."""

from itertools import chain

from indexer.records import Page, TextPassage


def words_and_boxes(page: Page, factor: float) -> tuple[TextPassage, str]:
    """Return the text, and `x,y,w,h` for each of its words in pixels of the scan; `factor` is pixels per unit.

    Kraken writes a whole line as one `String`, whose words all get the box of the line.
    """
    words: list[str] = []
    boxes: list[str] = []
    confidences: list[float] = []
    line_words = (line.words for block in page.blocks for line in block.lines)
    for text, x, y, width, height, confidence in chain.from_iterable(line_words):
        # Inlined for speed, as a page has hundreds of words: `int(x + 0.5)` takes a third of the time of `round`.
        left, top = int(x * factor + 0.5), int(y * factor + 0.5)
        right, bottom = int((x + width) * factor + 0.5), int((y + height) * factor + 0.5)
        box = f"{left},{top},{right - left or 1},{bottom - top or 1}"
        for token in text.split():
            words.append(token)
            boxes.append(box)
            if confidence is not None:
                confidences.append(confidence)
    return TextPassage(" ".join(words), sum(confidences) / len(confidences) if confidences else None), " ".join(boxes)
