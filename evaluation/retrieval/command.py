"""`evaluate retrieval`: is a picture found again when a reader brings a turned, cut, scaled or worse copy of it?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.inputs import load_inputs
from evaluation.pictures.queries import QueryKind, build_query_kinds, seed_option
from evaluation.reporting.report import Section
from evaluation.reporting.tables import print_tables
from evaluation.retrieval import fusion, plots, served_search
from evaluation.retrieval.fusion import FusionComparison, MethodVectors
from evaluation.retrieval.hash_encoder import encode_by_hash
from evaluation.retrieval.results import encode_by_model, score_retrieval
from evaluation.retrieval.served_search import measure_served_search
from evaluation.retrieval.tables import tables

INDEXED_HASH = "pHash"
"""The perceptual hash that an index keeps of every picture."""


def compare_model_fusions(
    pictures: Sequence[LabelledPicture],
    model_vectors: Mapping[str, MethodVectors],
    query_kinds: Sequence[QueryKind],
    settings: Settings,
) -> list[FusionComparison]:
    """Each model with the hash and, where there are several, all models at once."""
    digests, kind_names = [picture.digest for picture in pictures], [kind.name for kind in query_kinds]
    hash_vectors = encode_by_hash(pictures, query_kinds, settings)[INDEXED_HASH]
    method_groups = [{name: vectors, INDEXED_HASH: hash_vectors} for name, vectors in model_vectors.items()]
    method_groups += [dict(model_vectors)] if len(model_vectors) > 1 else []
    return [comparison for group in method_groups for comparison in fusion.compare_fusions(group, digests, kind_names)]


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part: the paper's queries and the harder ones, alone and together, and as the service answers."""
    query_kinds = build_query_kinds(len(pictures), harder=True)
    model_vectors = encode_by_model(pictures, encoders, settings, query_kinds)
    results = score_retrieval(pictures, model_vectors, [kind.name for kind in query_kinds])
    positions_plot = plots.plot_positions([results.scores_of(method) for method in results.methods])
    fusion_table = fusion.table(compare_model_fusions(pictures, model_vectors, query_kinds, settings))
    section_tables, section_plots, note = [*tables(results), fusion_table], [positions_plot], ""
    try:
        measurements = measure_served_search(model_vectors, settings)
    except FrontispieceError as error:
        note = f"Recall against latency is not measured: {error}."
    else:
        section_tables.append(served_search.table(measurements))
        section_plots.append(served_search.plot(measurements))
    return Section("Retrieval", section_tables, section_plots, note)


@click.command("retrieval")
@images_option
@labels_option
@models_option
@seed_option
@click.option(
    "--paper-quirk", is_flag=True, help="Cut the bottom by what was drawn for the top, as the paper's code does."
)
@click.option("--harder", is_flag=True, help="Also grey, JPEG, bleed-through, half the picture, a photograph of it.")
@click.option("--together", is_flag=True, help="Also models at once, and each with a perceptual hash.")
@click.option("--served", "as_served", is_flag=True, help="Also through Elasticsearch: recall against latency.")
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
    """Alter every picture and look whether it finds itself among all of them."""
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
        output_tables.append(served_search.table(measurements))
        figures["served"] = served_search.figures(measurements)
    print_tables(output_tables, figures, as_json=as_json)
