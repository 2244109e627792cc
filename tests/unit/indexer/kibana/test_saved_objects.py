"""The saved objects refer only to what exists, and survive the way into Kibana and back."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.errors import FrontispieceError
from indexer.commands.kibana import kibana
from indexer.kibana.saved_objects import (
    ALIAS,
    FILE_NAMES,
    OBJECTS,
    SavedObject,
    describe_problems,
    mapped_fields,
    read_objects,
    referenced_fields,
    replace_alias_and_site,
)
from tests.http_servers import LoopbackHandler, run_server
from tests.paths import ROOT

MAPPED_FIELDS = mapped_fields()


@dataclass
class FakeKibana:
    """The import and export endpoints of Kibana, and the keys that Kibana adds to an exported object."""

    url: str = ""
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    rejects_imports: bool = False

    def import_objects(self, ndjson: str) -> dict[str, Any]:
        lines = [json.loads(line) for line in ndjson.splitlines()]
        if self.rejects_imports:
            error = {"type": lines[0]["type"], "id": lines[0]["id"], "error": {"type": "unsupported_type"}}
            return {"success": False, "successCount": len(lines) - 1, "errors": [error]}
        self.objects |= {(saved_object["type"], saved_object["id"]): saved_object for saved_object in lines}
        return {"success": True, "successCount": len(lines)}

    def export_objects(self, references: list[dict[str, str]], *, include_references: bool) -> str:
        exported = [self.objects[reference["type"], reference["id"]] for reference in references]
        for saved_object in exported if include_references else []:
            for reference in saved_object["references"]:
                if (referenced := self.objects[reference["type"], reference["id"]]) not in exported:
                    exported.append(referenced)
        server_fields = {"updated_at": "2026-01-01T00:00:00Z", "version": "WzE3MSwxXQ==", "managed": False}
        return "\n".join(json.dumps(server_fields | saved_object) for saved_object in exported)


@pytest.fixture
def fake_kibana() -> Iterator[FakeKibana]:
    fake = FakeKibana()

    class KibanaHandler(LoopbackHandler):
        def respond(self) -> None:
            body = self.read_body()
            if self.headers["kbn-xsrf"] is None:
                self._respond(400, '{"message": "Request must contain a kbn-xsrf header."}')
            elif self.path == "/api/saved_objects/_import?overwrite=true":
                form = message_from_bytes(f"content-type: {self.headers['content-type']}\n\n".encode() + body)
                [part] = form.get_payload()
                self._respond(200, json.dumps(fake.import_objects(part.get_payload(decode=True).decode())))
            elif self.path == "/api/saved_objects/_export":
                request = json.loads(body)
                self._respond(
                    200, fake.export_objects(request["objects"], include_references=request["includeReferencesDeep"])
                )
            else:
                self._respond(404, "{}")

        def _respond(self, status: int, text: str) -> None:
            self.send_reply(status, text.encode())

    with run_server(KibanaHandler) as fake.url:
        yield fake


def run_kibana(*arguments: str) -> Result:
    return CliRunner().invoke(kibana, arguments)


def test_files_refer_only_to_existing_objects_and_fields() -> None:
    assert describe_problems(read_objects(), MAPPED_FIELDS) == []
    assert run_kibana("check").exit_code == 0


def test_referenced_fields_are_collected() -> None:
    """The test above would also pass if no field were collected."""
    fields = {field for saved_object in read_objects() for field in referenced_fields(saved_object)}
    assert {
        "year",
        "publisher_normalised",
        "place_normalised",
        "language",
        "label.name",
        "indexed_at",
        "page_text.confidence",
    } <= {field.name for field in fields if field.is_aggregated}
    assert {"hidden", "caption.text", "vectors.sscd", "label.confidence"} <= {field.name for field in fields}


def objects_with_change(id_: str, old: str, new: str) -> list[SavedObject]:
    """Return the objects of the files, with one text replaced in one object."""
    lines = {saved_object.id: saved_object.json_line for saved_object in read_objects()}
    assert old in lines[id_]
    return [SavedObject.from_json_line(line.replace(old, new) if name == id_ else line) for name, line in lines.items()]


@pytest.mark.parametrize(
    ("id_", "old", "new", "problem"),
    [
        (
            "frontispiece-panel-places",
            '"sourceField":"place_normalised"',
            '"sourceField":"city"',
            "uses the field city",
        ),
        ("frontispiece-panel-places", '"sourceField":"place_normalised"', '"sourceField":"title"', "aggregates title"),
        (
            "frontispiece-panel-places",
            '"id":"frontispiece-pictures"',
            '"id":"gone"',
            "refers to the index-pattern gone",
        ),
        ("frontispiece-panel-models", "vectors.vit:*", "vectors.dino:*", "uses the field vectors.dino"),
        ("frontispiece-search-no-label", "NOT label.name:*", "NOT label.said:*", "uses the field label.said"),
        ("frontispiece-search-no-label", '["year","asc"]', '["title","asc"]', "aggregates title"),
        ("frontispiece-search-bad-ocr", '"page_id"', '"leaf_id"', "uses the field leaf_id"),
        ("frontispiece-pictures", '"title":"pictures"', '"title":"paintings"', "no index is called paintings"),
        ("frontispiece-pictures", '\\"image.crop\\"', '\\"image.cut\\"', "uses the field image.cut"),
        ("frontispiece-pictures", "vectors.*", "embeddings.*", "uses embeddings.*"),
        ("frontispiece-dashboard-month", "started:[now/M", "begun:[now/M", "uses the field begun"),
        ("frontispiece-dashboard-quality", '"type":"lens"}', '"type":"map"}', "has a panel whose reference is missing"),
    ],
)
def test_missing_reference_is_reported(id_: str, old: str, new: str, problem: str) -> None:
    assert any(
        sentence.startswith(id_) and problem in sentence
        for sentence in describe_problems(objects_with_change(id_, old, new), MAPPED_FIELDS)
    )


def test_panel_embedded_in_dashboard_is_checked() -> None:
    """Kibana embeds a panel in its dashboard if it was not saved to the library."""
    [places_panel] = [saved_object for saved_object in read_objects() if saved_object.id == "frontispiece-panel-places"]
    city_panel = json.loads(places_panel.json_line.replace('"sourceField":"place_normalised"', '"sourceField":"city"'))
    panel = {"type": "lens", "panelIndex": "1", "embeddableConfig": {"attributes": city_panel["attributes"]}}
    no_query = {"searchSourceJSON": json.dumps({"query": {"query": "", "language": "lucene"}})}
    attributes = {"panelsJSON": json.dumps([panel]), "kibanaSavedObjectMeta": no_query}
    dashboard = {**city_panel, "type": "dashboard", "id": "own", "attributes": attributes}
    sentences = describe_problems([*read_objects(), SavedObject("dashboard", "own", dashboard)], MAPPED_FIELDS)
    assert sentences == ["own uses the field city, which the mapping does not define"]


def test_check_command_lists_problems_and_fails(tmp_path: Path) -> None:
    for name in dict.fromkeys(FILE_NAMES.values()):
        (tmp_path / name).write_text((OBJECTS / name).read_text("utf-8").replace("label.name", "label.title"), "utf-8")
    result = run_kibana("check", str(tmp_path))
    assert isinstance(result.exception, FrontispieceError)
    assert str(result.exception).count("label.title") > 2


def test_data_view_formats_thumbnails_links_and_years() -> None:
    [view] = [saved_object for saved_object in read_objects() if saved_object.id == "frontispiece-pictures"]
    formats = json.loads(view.attributes["fieldFormatMap"])
    assert formats["image.crop"]["params"]["type"] == "img"
    assert formats["_id"]["params"]["urlTemplate"].endswith("/pictures/{{value}}")
    assert formats["image.viewer"]["id"] == "url"
    assert formats["year"] == {"id": "number", "params": {"pattern": "0"}}


def test_no_data_view_has_a_time_field() -> None:
    """With a time field, Kibana would show only documents of the last fifteen minutes."""
    assert not any(
        "timeFieldName" in saved_object.attributes
        for saved_object in read_objects()
        if saved_object.type == "index-pattern"
    )


def test_relocation_to_other_alias_and_site_is_reversible() -> None:
    outward = {"alias": (ALIAS, "prints"), "site": ("http://localhost:8000", "https://prints.example.org")}
    homeward = {name: (new, old) for name, (old, new) in outward.items()}
    relocated = [replace_alias_and_site(saved_object, **outward) for saved_object in read_objects()]
    titles = [saved_object.attributes["title"] for saved_object in relocated if saved_object.type == "index-pattern"]
    assert sorted(titles) == ["prints", "prints-books", "prints-pages", "prints-runs", "prints-unanswered"]
    assert "localhost" not in "".join(saved_object.json_line for saved_object in relocated)
    assert [replace_alias_and_site(saved_object, **homeward).json_line for saved_object in relocated] == [
        saved_object.json_line for saved_object in read_objects()
    ]


@pytest.mark.network
def test_pull_after_push_writes_the_same_files(fake_kibana: FakeKibana, tmp_path: Path) -> None:
    options = ["--url", fake_kibana.url, "--site", "https://prints.example.org/", "--alias", "prints"]
    assert run_kibana("push", *options).exit_code == 0
    assert len(fake_kibana.objects) == len(read_objects())
    assert run_kibana("pull", "--into", str(tmp_path), *options).exit_code == 0
    for name in dict.fromkeys(FILE_NAMES.values()):
        assert (tmp_path / name).read_text("utf-8") == (OBJECTS / name).read_text("utf-8")


@pytest.mark.network
def test_links_lead_to_the_public_address_of_the_settings(
    fake_kibana: FakeKibana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTISPIECE_PUBLIC_URL", "https://prints.example.org")
    assert run_kibana("push", "--url", fake_kibana.url).exit_code == 0
    view = fake_kibana.objects["index-pattern", "frontispiece-pictures"]["attributes"]["fieldFormatMap"]
    assert json.loads(view)["_id"]["params"]["urlTemplate"] == "https://prints.example.org/pictures/{{value}}"


@pytest.mark.network
def test_pull_includes_new_panel_of_dashboard(fake_kibana: FakeKibana, tmp_path: Path) -> None:
    run_kibana("push", "--url", fake_kibana.url)
    new_panel = {**fake_kibana.objects["lens", "frontispiece-panel-places"], "id": "mine"}
    fake_kibana.objects["lens", "mine"] = new_panel
    dashboard = fake_kibana.objects["dashboard", "frontispiece-dashboard-collection"]
    dashboard["references"].append({"type": "lens", "id": "mine", "name": "mine:panel_mine"})
    assert run_kibana("pull", "--into", str(tmp_path), "--url", fake_kibana.url).exit_code == 0
    assert "mine" in {saved_object.id for saved_object in read_objects(tmp_path)}


@pytest.mark.network
def test_rejected_import_is_reported(fake_kibana: FakeKibana) -> None:
    fake_kibana.rejects_imports = True
    assert re.search("imported only .* unsupported_type", str(run_kibana("push", "--url", fake_kibana.url).exception))
    assert "does not answer" in str(run_kibana("push", "--url", "http://127.0.0.1:9").exception)


def test_every_search_and_dashboard_is_documented() -> None:
    page = (ROOT / "docs" / "kibana.md").read_text("utf-8")
    titles = [
        saved_object.attributes["title"]
        for saved_object in read_objects()
        if saved_object.type in ("search", "dashboard", "lens")
    ]
    assert [title for title in titles if title not in page] == []
