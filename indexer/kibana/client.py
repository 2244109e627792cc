"""The HTTP client for Kibana's saved objects API."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from core.errors import FrontispieceError
from indexer.kibana.saved_objects import SavedObject

IMPORT_SECONDS = 120


class KibanaClient:
    """Imports saved objects into Kibana, and exports them."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def import_objects(self, objects: Iterable[SavedObject]) -> int:
        """Import objects, replacing those with the same id; return their number.

        Raise `FrontispieceError` if Kibana rejects any of them.
        """
        ndjson = "".join(f"{saved_object.json_line}\n" for saved_object in objects)
        file = {"file": ("frontispiece.ndjson", ndjson.encode(), "application/ndjson")}
        result = self._post("/api/saved_objects/_import", params={"overwrite": "true"}, files=file).json()
        if not result["success"]:
            rejected = [
                f"{error['type']} {error['id']}: {error['error']['type']}" for error in result.get("errors", [])
            ]
            raise FrontispieceError(
                f"Kibana imported only {result['successCount']} objects; it rejected {', '.join(rejected)}"
            )
        return int(result["successCount"])

    def export_objects(self, objects: Iterable[SavedObject]) -> list[SavedObject]:
        """Export these objects, as they are in Kibana, and all objects that they refer to."""
        references = [{"type": saved_object.type, "id": saved_object.id} for saved_object in objects]
        body = {"objects": references, "includeReferencesDeep": True, "excludeExportDetails": True}
        ndjson = self._post("/api/saved_objects/_export", json=body).text
        return [SavedObject.from_json_line(line) for line in ndjson.splitlines() if line]

    def _post(self, path: str, **request: Any) -> httpx.Response:
        try:
            response = self._client.post(path, **request)
        except httpx.TransportError as error:
            raise FrontispieceError(f"Kibana at {self._client.base_url} does not answer: {error}") from error
        if response.is_error:
            raise FrontispieceError(f"Kibana refused ({response.status_code}): {response.text[:500]}")
        return response


@contextmanager
def connect_to_kibana(url: str, user: str, password: str) -> Iterator[KibanaClient]:
    """Open a client; without a password it sends no credentials."""
    # Kibana rejects requests without this header, as a protection against cross-site request forgery.
    headers = {"kbn-xsrf": "frontispiece"}
    auth = (user, password) if password else None
    with httpx.Client(base_url=url.rstrip("/"), auth=auth, headers=headers, timeout=IMPORT_SECONDS) as client:
        yield KibanaClient(client)
