"""`frontispiece evaluate recall`: ways to index vectors, compared with an exact search."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import numpy as np

from api.elasticsearch.queries.knn import NUM_CANDIDATES, K
from core.console import print_message
from core.encoders import Vectors
from core.settings import Settings
from evaluation.commands.options import FOLDER, json_option, optional_inputs_options, seed_option
from evaluation.pictures.inputs import load_inputs, load_meaning_model
from evaluation.pictures.queries import build_query_kinds
from evaluation.reporting.tables import print_tables
from evaluation.retrieval import recall_report
from evaluation.retrieval.fusion import MethodVectors
from evaluation.retrieval.passages import encode_passages, read_passages
from evaluation.retrieval.recall import make_vectors, measure_recall
from evaluation.retrieval.results import encode_by_model
from evaluation.retrieval.served_search import running_node
from evaluation.retrieval.vector_indices import ELEMENT_TYPES, INDEX_TYPES, VectorIndexType
from indexer.elasticsearch.client import connect, translate_errors


class NumberList(click.ParamType[list[float]]):
    """Numbers separated by commas."""

    name = "numbers"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> list[float]:
        try:
            return [float(part) for part in str(value).split(",") if part.strip()]
        except ValueError:
            self.fail(f"{value!r} is not a list of numbers such as 16,32", param, ctx)


NUMBERS = NumberList()


@click.command("recall", short_help="Measure what each type of vector index finds and costs.")
@optional_inputs_options
@click.option(
    "--texts",
    type=FOLDER,
    help="A folder of ALTO files whose passages e5 encodes; needs `pip install 'frontispiece[meaning]'`.",
)
@seed_option
@click.option(
    "--type",
    "names",
    type=click.Choice(INDEX_TYPES),
    multiple=True,
    default=INDEX_TYPES,
    show_default=True,
    help="A type of vector index in Elasticsearch; may be repeated.",
)
@click.option(
    "--element",
    "elements",
    type=click.Choice(ELEMENT_TYPES),
    multiple=True,
    default=("float",),
    show_default=True,
    help="The type of a vector's numbers; may be repeated. `byte` is measured with `hnsw` alone.",
)
@click.option(
    "--m",
    "m_values",
    type=NUMBERS,
    default="16",
    show_default=True,
    help="Neighbours of each vector in the graph (`m`), separated by commas.",
)
@click.option(
    "--ef",
    "ef_values",
    type=NUMBERS,
    default="100",
    show_default=True,
    help="Candidates for these neighbours when the graph is built (`ef_construction`), separated by commas.",
)
@click.option(
    "--candidates",
    type=NUMBERS,
    default=f"{K},{NUM_CANDIDATES}",
    show_default=True,
    help="Candidates of a search (`num_candidates`), separated by commas.",
)
@click.option(
    "--oversample",
    type=NUMBERS,
    default="1,2",
    show_default=True,
    help=f"For rounded vectors: how many times {K} candidates are compared again by their exact vectors, separated by "
    "commas. Each index is also searched with its own default.",
)
@click.option(
    "--made",
    default=0,
    show_default=True,
    help="Synthetic vectors to index beside the real ones, each a real vector with noise.",
)
@click.option("--queries", default=100, show_default=True, help="Searches for each index and setting.")
@json_option
def command(
    images: Path | None,
    labels: Path | None,
    models: str,
    texts: Path | None,
    seed: int,
    *,
    names: tuple[str, ...],
    elements: tuple[str, ...],
    m_values: list[float],
    ef_values: list[float],
    candidates: list[float],
    oversample: list[float],
    made: int,
    queries: int,
    as_json: bool,
) -> None:
    """Measure what each type of vector index finds, takes and costs, in indices that are deleted afterwards.

    With --images, pictures and altered copies of them are indexed and the paper's copies searched; with --texts,
    passages are indexed and three words of each searched.
    """
    if images is None and texts is None:
        raise click.UsageError("name pictures with --images, ALTO files with --texts, or both")
    if images is None and (labels or models):
        raise click.UsageError("--labels and --models are about pictures, so they need --images")
    settings = Settings.from_environ()
    index_types = list(combine_types(names, elements, m_values, ef_values))
    model_vectors = _encode_pictures(images, labels, models, seed) if images else {}
    if texts:
        model_vectors |= _encode_texts(texts)
    with running_node(settings) as url, connect(settings, url) as client, translate_errors(url):
        results = [
            measure_recall(
                client,
                settings.alias,
                index_types,
                ([int(number) for number in candidates], oversample),
                (name, *split_vectors(vectors, made, queries)),
            )
            for name, vectors in model_vectors.items()
        ]
    all_tables = [table for result in results for table in recall_report.tables(result)]
    print_tables(all_tables, recall_report.figures(results), as_json=as_json)


def _encode_pictures(images: Path, labels: Path | None, models: str, seed: int) -> dict[str, MethodVectors]:
    pictures, encoders, settings = load_inputs(images, labels, models)
    query_kinds = build_query_kinds(len(pictures), seed=seed, harder=True)
    return encode_by_model(pictures, encoders, settings, query_kinds)


def _encode_texts(folder: Path) -> dict[str, MethodVectors]:
    _, encoder = load_meaning_model()
    return {encoder.name: encode_passages(encoder, read_passages(folder, print_message))}


def combine_types(
    names: tuple[str, ...], elements: tuple[str, ...], m_values: list[float], ef_values: list[float]
) -> Iterator[VectorIndexType]:
    """Yield every type of index that these options allow; bytes are rounded already, so only `hnsw` has them."""
    for name, element_type, m, ef_construction in product(names, elements, m_values, ef_values):
        if element_type != "byte" or name == "hnsw":
            yield VectorIndexType(name=name, element_type=element_type, m=int(m), ef_construction=int(ef_construction))


def split_vectors(vectors: MethodVectors, made: int, query_count: int) -> tuple[Vectors, Vectors]:
    """Return the vectors to index, and the first kind of queries, evenly spread."""
    first_queries, *other_queries = vectors.queries.values()
    real_vectors = np.concatenate([vectors.gallery, *other_queries])
    indexed_vectors = np.concatenate([real_vectors, make_vectors(real_vectors, made)]) if made else real_vectors
    return indexed_vectors, first_queries[:: max(1, len(first_queries) // query_count)][:query_count]
