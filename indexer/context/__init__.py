"""The words printed around a picture: its caption, the text before and after it, the whole page."""

from indexer.context.graphical_elements import WORDS, elements, scale

__all__ = ["WORDS", "elements", "scale"]
