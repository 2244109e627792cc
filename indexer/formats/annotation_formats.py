"""Files of boxes and labels, as the tools write them with which people annotate pictures. None of them is read."""

from dataclasses import replace

from core.errors import ProblemCode
from indexer.formats.file_kind import FileKind, content_pattern, suffix_pattern

ALTO_ADVICE = "give the text and the places of the pictures as ALTO, PAGE-XML or hOCR"

JSON_NAMES = suffix_pattern("json")

BOXES_IN_XML = FileKind(
    singular="file of boxes of an annotation tool",
    plural="files of boxes of annotation tools",
    advice=ALTO_ADVICE,
    roots=("annotation", "annotations"),
)
"""Pascal VOC and CVAT."""

ANNOTATION_FORMATS = (
    FileKind(
        singular="COCO file of boxes",
        plural="COCO files of boxes",
        advice=ALTO_ADVICE,
        names=JSON_NAMES,
        content=content_pattern(rb'\s*\{(?=.*"images"\s*:\s*\[)(?=.*"(?:annotations|categories|file_name)"\s*:)'),
    ),
    BOXES_IN_XML,
    # VIA and LabelMe
    replace(
        BOXES_IN_XML,
        roots=(),
        names=JSON_NAMES,
        content=content_pattern(rb'\s*\{.*"(?:_via_img_metadata|_via_settings|shape_attributes|imagePath)"\s*:'),
    ),
    # YOLO
    replace(
        BOXES_IN_XML,
        roots=(),
        names=suffix_pattern("txt"),
        content=content_pattern(rb"\d+(?: [01](?:\.\d+)?){4}\s"),
    ),
    FileKind(
        singular="Label Studio export",
        advice="`frontispiece classify train FILE` learns from its choices",
        code=ProblemCode.UNUSED,
        names=JSON_NAMES,
        content=content_pattern(
            rb'\s*\[\s*\{(?=.*"(?:annotations|completions|predictions|lead_time|annotation_id)"\s*:)'
        ),
    ),
)

JSON_FORMAT = FileKind(singular="JSON file", names=suffix_pattern("json|jsonl|ndjson|geojson"), code=ProblemCode.UNUSED)
"""JSON of no known format."""
