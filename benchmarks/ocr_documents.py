"""Real pages of ALTO written as PAGE-XML and as hOCR, in the shapes that OCR-D and Tesseract write."""

from xml.sax.saxutils import escape, quoteattr

from core.geometry import Box
from indexer.records import Page, TextBlock, TextLine, Word

PAGE_NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


def write_page_xml(page: Page) -> bytes:
    regions = "".join(_page_region(block, number) for number, block in enumerate(page.blocks))
    pictures = "".join(
        f'    <pc:ImageRegion id="p{number}">{_coords(picture.box)}</pc:ImageRegion>\n'
        for number, picture in enumerate(page.pictures)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<pc:PcGts xmlns:pc="{PAGE_NAMESPACE}" pcGtsId="page">\n'
        f'  <pc:Page imageFilename="page.tif" imageWidth="{page.width:.0f}" imageHeight="{page.height:.0f}">\n'
        f"{regions}{pictures}  </pc:Page>\n</pc:PcGts>\n"
    ).encode()


def _page_region(block: TextBlock, number: int) -> str:
    lines = "".join(_page_line(line, f"r{number}_l{position}") for position, line in enumerate(block.lines))
    region = f'    <pc:TextRegion id="r{number}" type="paragraph">\n      {_coords(block.box)}\n{lines}'
    return f"{region}      {_text(block.text, None)}\n    </pc:TextRegion>\n"


def _page_line(line: TextLine, line_id: str) -> str:
    words = "".join(
        f'        <pc:Word id="{line_id}_w{position}">\n          {_coords(word.box)}\n'
        f"          {_text(word.text, word.confidence)}\n        </pc:Word>\n"
        for position, word in enumerate(line.words)
        if word.text
    )
    start = f'      <pc:TextLine id="{line_id}">\n        {_coords(line.box)}\n{words}'
    return f"{start}        {_text(line.text, None)}\n      </pc:TextLine>\n"


def _coords(box: Box) -> str:
    left, top, right, bottom = (round(value) for value in (box.x, box.y, box.right, box.bottom))
    return f'<pc:Coords points="{left},{top} {right},{top} {right},{bottom} {left},{bottom}"/>'


def _text(text: str, confidence: float | None) -> str:
    attribute = "" if confidence is None else f' conf="{confidence:.4f}"'
    return f"<pc:TextEquiv{attribute}><pc:Unicode>{escape(text)}</pc:Unicode></pc:TextEquiv>"


def write_hocr(page: Page) -> bytes:
    blocks = "".join(_hocr_block(block, number) for number, block in enumerate(page.blocks, start=1))
    pictures = "".join(
        f"   <div class='ocr_photo' id='block_2_{number}' title=\"{_bbox(picture.box)}\"></div>\n"
        for number, picture in enumerate(page.pictures, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n'
        '    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n  <title></title>\n'
        "  <meta name='ocr-system' content='tesseract 5.3.0'/>\n </head>\n <body>\n"
        "  <div class='ocr_page' id='page_1' title='image \"page.tif\"; bbox 0 0 "
        f"{page.width:.0f} {page.height:.0f}; ppageno 0'>\n{blocks}{pictures}  </div>\n </body>\n</html>\n"
    ).encode()


def _hocr_block(block: TextBlock, number: int) -> str:
    title = _bbox(block.box)
    lines = "".join(
        f"     <span class='ocr_line' id='line_{number}_{position}' title=\"{_bbox(line.box)}; baseline 0 -5; "
        f'x_size 40; x_descenders 6; x_ascenders 9">\n{_hocr_words(line.words, number, position)}     </span>\n'
        for position, line in enumerate(block.lines, start=1)
    )
    return (
        f"   <div class='ocr_carea' id='block_1_{number}' title=\"{title}\">\n"
        f"    <p class='ocr_par' id='par_1_{number}' lang='nor' title=\"{title}\">\n{lines}    </p>\n   </div>\n"
    )


def _hocr_words(words: tuple[Word, ...], block: int, line: int) -> str:
    return "".join(
        f"      <span class='ocrx_word' id='word_{block}_{line}_{number}' title={quoteattr(_word_title(word))}>"
        f"{escape(word.text)}</span>\n"
        for number, word in enumerate(words, start=1)
        if word.text
    )


def _word_title(word: Word) -> str:
    confidence = 90 if word.confidence is None else round(word.confidence * 100)
    return f"{_bbox(word.box)}; x_wconf {confidence}"


def _bbox(box: Box) -> str:
    return f"bbox {box.x:.0f} {box.y:.0f} {box.right:.0f} {box.bottom:.0f}"
