"""The values that parameters of a search choose from."""

from typing import Literal, get_args

DocumentType = Literal["picture", "page", "book"]
DOCUMENT_TYPES: tuple[DocumentType, ...] = get_args(DocumentType)

Match = Literal["any", "most", "all"]
Meaning = Literal["on", "off"]
Fusion = Literal["auto", "sum", "convex", "rrf"]
Grouping = Literal["", "book"]
Collapse = Literal["auto", "none"]
Sort = Literal["relevance", "year", "-year", "title"]
Inclusion = Literal["exclude", "include", "only"]
View = Literal["", "list"]
