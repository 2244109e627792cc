"""The words printed around a picture: its caption, the text before and after it, the whole page."""

from indexer.context.graphical_elements import MAX_CONTEXT_WORDS, extract_graphical_elements
from indexer.context.page_scale import PageScale

__all__ = ["MAX_CONTEXT_WORDS", "PageScale", "extract_graphical_elements"]
