"""A run with invented figures, for tests of the report."""

from evaluation.reporting.report import EvaluatedModel, EvaluationRun, Section
from evaluation.reporting.tables import ReportTable

TABLE = ReportTable(
    title="A | B", columns=["model", "top-1", "paper"], rows=[["a|b", 0.98765, None], ["c", 3, "x"]], note="n < m"
)

RUN = EvaluationRun(
    day="2026-11-24",
    version="0.1.0",
    pictures=1234,
    labelled=1000,
    books=7,
    models=[EvaluatedModel(name="sscd", model="m", revision="sha256:1", preprocessing="boxes")],
    parts={
        "one": Section("One", [TABLE], ["<svg></svg>"], note="so < so"),
        "absent": Section("Absent", [], not_measured="there is nothing"),
    },
)
