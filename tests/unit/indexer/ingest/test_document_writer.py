"""What remains of a volume after its last document."""

import pickle
from types import SimpleNamespace
from typing import Any

import pytest

from indexer.ingest.document_writer import DocumentWriter
from indexer.ingest.flow_control import RunControl
from indexer.ingest.progress import NO_PROGRESS
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.volume_run import VolumeRun, VolumesInFlight
from indexer.records import Book, Volume


def test_the_report_keeps_no_part_of_each_volume_that_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    builder, volumes = RunReportBuilder(), VolumesInFlight(RunControl())
    tools: Any = SimpleNamespace(report_builder=builder, progress=NO_PROGRESS, collection=None)
    flow: Any = SimpleNamespace(volumes=volumes)
    writer = DocumentWriter(tools, flow)
    monkeypatch.setattr(writer, "_write_book", lambda run, **_: run.report.count("books_written"))
    monkeypatch.setattr(writer, "_remove_stale_documents", lambda run, **_: run.report.count("removed", 2))
    sizes = []
    for number in range(500):
        volume = Volume(book=Book(id=f"b{number}"), leaves=())
        run = VolumeRun((0, number), volume, builder.open_part((0, number)), is_first_reading=True)
        volumes.begin(run)
        writer._finish_volume(run)
        sizes.append(len(pickle.dumps(builder)))
    assert (builder.build().books_written, builder.build().removed) == (500, 1000)
    assert sizes[-1] < sizes[1] + 100
