"""JSON → a IIIF document, with an error for everything that is no manifest and no collection."""

import json
from collections.abc import Mapping
from typing import Any

from core.errors import ProblemCode, SourceError
from indexer.formats.manifests.collections import is_collection
from indexer.formats.manifests.values import as_list, resource_type


def load_document(data: bytes, name: str) -> Mapping[str, Any]:
    """Return the manifest or collection in a file; SourceError if the file holds something else."""
    document = load_json_object(data, name)
    _reject_other_documents(document, name)
    return document


def load_json_object(data: bytes, name: str) -> Mapping[str, Any]:
    """Return the JSON object in a file; SourceError if the file holds something else."""
    if not data.strip():
        raise SourceError(name, "the file is empty", code=ProblemCode.EMPTY)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(name, f"not JSON ({error})") from error
    if not isinstance(document, dict):
        raise SourceError(name, "not a IIIF manifest: the document is not an object")
    return document


def _reject_other_documents(document: Mapping[str, Any], name: str) -> None:
    document_type = resource_type(document)
    context = " ".join(map(str, as_list(document.get("@context"))))
    if "presentation/4" in context:
        reason = "IIIF Presentation 4 is not supported; request version 3"
    elif document_type.startswith("imageservice") or document.get("protocol") == "http://iiif.io/api/image":
        reason = "a IIIF info.json describes one picture, not a book; index its manifest"
    elif document_type != "manifest" and not is_collection(document):
        reason = f"not a IIIF manifest: its type is {document_type or 'not given'}"
    else:
        return
    raise SourceError(name, reason, code=ProblemCode.UNSUPPORTED)
