"""Manuscripts: our own texts with printer's marks, one block per paragraph.

A block that starts with `%` is a mark, any other block is a paragraph. The marks are

    %title, %imprint, %blank 6                  a title page, its back, a blank page that counts as a picture
    %chapter headpiece | Running head | Title   a chapter on a new page
    %section | Title
    %initial                                    a drop capital for the next paragraph
    %picture drawing | Caption                  in the text, or at the top of the next page
    %full drawing | Caption                     on its own page, after this one
    %plates a b c d                             a page of figures, after this one
    %ornament drawing, %tail drawing            centred; at the end of the page if there is room
    %line 1.2 face | Words                      one centred line and its size
    %space 20
    %cut                                        the segmentation takes the next paragraph for a picture
"""

from dataclasses import dataclass
from pathlib import Path

MANUSCRIPTS_FOLDER = Path(__file__).parent / "manuscripts"


@dataclass(frozen=True, slots=True)
class Mark:
    """A printer's mark, or a paragraph where the name is empty."""

    name: str
    argument: str = ""
    text: str = ""


def read_manuscript(book: str) -> list[Mark]:
    blocks = (MANUSCRIPTS_FOLDER / f"{book}.txt").read_text(encoding="utf-8").split("\n\n")
    return [_parse_block(block.strip()) for block in blocks if block.strip()]


def _parse_block(block: str) -> Mark:
    if not block.startswith("%"):
        return Mark("", text=block)
    head, _, text = block.partition("|")
    name, _, argument = head[1:].strip().partition(" ")
    return Mark(name, argument.strip(), text.strip())
