"""`frontispiece evaluate retrieval`: search for each picture with an altered copy of it."""

from pathlib import Path

import click

from core.errors import FrontispieceError
from evaluation.commands.options import inputs_options, json_option, seed_option
from evaluation.pictures.inputs import EvaluationInputs, load_inputs
from evaluation.pictures.queries import build_query_kinds
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables
from evaluation.retrieval import fusion, plots, served_search_report
from evaluation.retrieval.results import compare_model_fusions, encode_by_model, score_retrieval
from evaluation.retrieval.served_search import measure_served_search
from evaluation.retrieval.tables import tables


def section(inputs: EvaluationInputs) -> Section:
    """Measure the section of the report: all queries, fusion, and the service's search on Elasticsearch."""
    pictures, encoders, settings = inputs
    query_kinds = build_query_kinds(len(pictures), harder=True)
    model_vectors = encode_by_model(pictures, encoders, settings, query_kinds)
    results = score_retrieval(pictures, model_vectors, [kind.name for kind in query_kinds])
    positions_plot = plots.plot_positions([results.scores_of(method) for method in results.methods])
    fusion_table = fusion.table(compare_model_fusions(pictures, model_vectors, query_kinds, settings))
    section_tables, section_plots, note = [*tables(results), fusion_table], [positions_plot], ""
    try:
        measurements = measure_served_search(model_vectors, settings)
    except FrontispieceError as error:
        note = f"Recall and latency were not measured: {error}."
    else:
        section_tables.append(served_search_report.table(measurements))
        section_plots.append(served_search_report.plot(measurements))
    return Section("Retrieval", section_tables, section_plots, note)


@click.command("retrieval", short_help="Alter every picture and search for the original.")
@inputs_options
@seed_option
@click.option(
    "--paper-quirk", is_flag=True, help="Crop the bottom by the amount drawn for the top, as the paper's code does."
)
@click.option(
    "--harder", is_flag=True, help="Also test grey, JPEG, bleed-through, half of the picture and a photograph of it."
)
@click.option("--together", is_flag=True, help="Also fuse the models, and each model with a perceptual hash.")
@click.option("--served", "as_served", is_flag=True, help="Also measure recall and latency on Elasticsearch.")
@json_option
def command(
    images: Path,
    labels: Path | None,
    models: str,
    seed: int,
    *,
    paper_quirk: bool,
    harder: bool,
    together: bool,
    as_served: bool,
    as_json: bool,
) -> None:
    """Alter every picture and search for the original among all of them."""
    pictures, encoders, settings = load_inputs(images, labels, models)
    query_kinds = build_query_kinds(len(pictures), seed=seed, quirk=paper_quirk, harder=harder)
    model_vectors = encode_by_model(pictures, encoders, settings, query_kinds)
    results = score_retrieval(pictures, model_vectors, [kind.name for kind in query_kinds])
    output_tables, figures = tables(results), results.figures()
    if together:
        comparisons = compare_model_fusions(pictures, model_vectors, query_kinds, settings)
        output_tables.append(fusion.table(comparisons))
        figures["together"] = fusion.figures(comparisons)
    if as_served:
        measurements = measure_served_search(model_vectors, settings)
        output_tables.append(served_search_report.table(measurements))
        figures["served"] = served_search_report.figures(measurements)
    print_tables(output_tables, figures, as_json=as_json)
