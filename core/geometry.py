"""Rectangles on pages. The origin is the upper left corner."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self


class Box(NamedTuple):
    """A rectangle: its upper left corner and its size.

    It is a tuple because a page has thousands of boxes, and a frozen dataclass takes three times as long to create.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def area(self) -> float:
        return self.width * self.height

    def scale(self, factor: float) -> Self:
        return type(self)(self.x * factor, self.y * factor, self.width * factor, self.height * factor)

    def to_pixel_box(self) -> "PixelBox":
        """Return the box in whole pixels; the edges are rounded, not the size, so that adjacent boxes stay adjacent."""
        x, y = round(self.x), round(self.y)
        return PixelBox(x, y, max(1, round(self.right) - x), max(1, round(self.bottom) - y))

    def clip(self, width: float, height: float) -> Self:
        """Return the part that lies on a page of this size; it may be empty."""
        x, y = min(max(self.x, 0), width), min(max(self.y, 0), height)
        right, bottom = min(max(self.right, 0), width), min(max(self.bottom, 0), height)
        return type(self)(x, y, right - x, bottom - y)

    def overlap_area(self, other: Self) -> float:
        """Return the area that two boxes share."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)

    @classmethod
    def from_boxes(cls, boxes: Iterable[Self]) -> Self:
        """Return the smallest box that contains all boxes; ValueError if there are none."""
        boxes = list(boxes)
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        return cls(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A region of a scan in whole pixels, as in the IIIF Image API."""

    x: int
    y: int
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"
