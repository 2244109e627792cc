"""Writes a sheet: one HTML file with its pictures, style and script, which asks no server for anything."""

import base64
import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from PIL import Image

from api.pages.languages import PageLanguage, read_page_languages
from api.resources import TEMPLATES_FOLDER, TRANSLATIONS_FOLDER
from core.errors import FrontispieceError
from core.images import limit_size, to_rgb
from evaluation.study.items import VERSION, StudyItem, StudyKey, StudyQuery
from evaluation.study.judgements import COLUMNS, JUDGEMENTS_FORMAT

STUDY_TEMPLATES = TEMPLATES_FOLDER / "study"
MAX_SIDE, JPEG_QUALITY = 640, 78
"""Pixels of the longer side of a picture in a sheet: 100 pictures make a file of about 6 MB."""


def render_sheet(key: StudyKey, crops_folder: Path, language: str) -> str:
    """Return the HTML document; raise `FrontispieceError` if a crop or the language is missing."""
    page_language = _find_language(language)
    environment = Environment(
        loader=FileSystemLoader(STUDY_TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"], trim_blocks=True
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(page_language.translations, newstyle=True)  # type: ignore[attr-defined]
    style, script = ((STUDY_TEMPLATES / name).read_text("utf-8") for name in ("sheet.css", "sheet.js"))
    return environment.get_template("sheet.html.jinja").render(
        language=page_language.code,
        style=style,
        script=script,
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        data=_script_json(_sheet_data(key, crops_folder)),
        counts={part: sum(item.part == part for item in key.items.values()) for part in ("pictures", "results")},
    )


def _find_language(code: str) -> PageLanguage:
    languages = read_page_languages(TRANSLATIONS_FOLDER)
    if code not in languages:
        raise FrontispieceError(f"there is no sheet in {code!r}; there are sheets in {', '.join(languages)}")
    return languages[code]


def _csp_hash(text: str) -> str:
    """Return the source expression of a Content-Security-Policy that allows this inline text only."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _script_json(data: Mapping[str, Any]) -> str:
    """Return JSON that can stand inside of a `script` element."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _sheet_data(key: StudyKey, crops_folder: Path) -> dict[str, Any]:
    """Return what the script needs; nothing in it says where a picture comes from."""
    queries = [_query_data(query, crops_folder) for query in key.queries]
    return {
        "format": JUDGEMENTS_FORMAT,
        "version": VERSION,
        "sheet": key.sheet,
        "columns": COLUMNS,
        "queries": queries,
        "items": [_item_data(name, item, crops_folder) for name, item in key.items.items()],
    }


def _query_data(query: StudyQuery, crops_folder: Path) -> dict[str, str]:
    return {"image": embed_picture(crops_folder / query.crop)} if query.picture else {"text": query.text}


def _item_data(name: str, item: StudyItem, crops_folder: Path) -> dict[str, Any]:
    query = {"query": item.query} if item.part == "results" else {}
    return {"item": name, "image": embed_picture(crops_folder / item.crop), **query}


def embed_picture(path: Path) -> str:
    """Return a small copy of the picture as a data URL; raise `FrontispieceError` if it cannot be read."""
    buffer = BytesIO()
    try:
        with Image.open(path) as image:
            limit_size(to_rgb(image), MAX_SIDE).save(buffer, "JPEG", quality=JPEG_QUALITY)
    except OSError as error:
        raise FrontispieceError(
            f"{path}: the crop cannot be read ({error.strerror or error}); "
            "run the command where the folder of crops is, or index the book again"
        ) from error
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
