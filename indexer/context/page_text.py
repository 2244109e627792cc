"""The words of a page in reading order, and where each stands on its scan."""

from itertools import chain

from indexer.records import Page, TextPassage


def words_and_boxes(page: Page, factor: float) -> tuple[TextPassage, str]:
    """The text, and for each of its words in order `x,y,w,h` in pixels of the scan: `factor` for one unit of the page.

    Kraken writes a whole line as one `String`; each of its words then has the box of all.
    """
    words: list[str] = []
    boxes: list[str] = []
    confidences: list[float] = []
    line_words = (line.words for block in page.blocks for line in block.lines)
    for text, (x, y, width, height), confidence in chain.from_iterable(line_words):
        # Written out, as every page has hundreds. `int` of half a pixel more rounds in a third of the time of `round`.
        left, top = int(x * factor + 0.5), int(y * factor + 0.5)
        right, bottom = int((x + width) * factor + 0.5), int((y + height) * factor + 0.5)
        box = f"{left},{top},{right - left or 1},{bottom - top or 1}"
        for token in text.split():
            words.append(token)
            boxes.append(box)
            if confidence is not None:
                confidences.append(confidence)
    return TextPassage(" ".join(words), sum(confidences) / len(confidences) if confidences else None), " ".join(boxes)
