"""Sets of views are compared by vectors that equal those of the index."""

from pathlib import Path

import numpy as np
import pytest

from core.encoders import load_encoder
from core.encoders.registry import SPECS, missing_modules
from core.encoders.sscd import INDEX_VIEWS, CopyEncoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.pictures.folder import read_folder
from evaluation.pictures.queries import build_query_kinds
from evaluation.retrieval import views
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder


@pytest.mark.slow
@pytest.mark.skipif(bool(missing_modules(SPECS["sscd"])), reason="SSCD's weights need Python 3.12")
def test_mean_of_single_views_is_the_vector_of_the_index(drawings: Path) -> None:
    encoder = load_encoder("sscd", Settings())
    assert isinstance(encoder, CopyEncoder)
    images = [picture.open() for picture in read_folder(drawings)[:2]]
    view_vectors = {degrees: encoder.encode_view(images, degrees) for degrees, _ in INDEX_VIEWS}
    assert views._mean(view_vectors, INDEX_VIEWS) == pytest.approx(encoder.encode_images(images), abs=1e-5)


@pytest.mark.slow
@pytest.mark.skipif(bool(missing_modules(SPECS["sscd"])), reason="SSCD's weights need Python 3.12")
def test_every_set_of_views_is_compared_with_the_one_in_use(drawings: Path, tmp_path: Path) -> None:
    pictures = read_folder(drawings)
    settings = Settings(cache=tmp_path / "cache", batch_size=8)
    kinds = build_query_kinds(len(pictures))
    results = views.measure_views(pictures, [load_encoder("sscd", settings)], settings, kinds)
    table = views.table(results)
    assert [row[0] for row in table.rows] == list(views.VIEW_SETS)
    assert [row[1] for row in table.rows] == [2, 2, 2, 3, 2, 1]
    assert table.rows[0][3] is None
    assert all(np.isfinite(result.mean_hits).all() for result in results)
    assert set(views.figures(results)["views"]) == set(views.VIEW_SETS)


def test_models_with_one_view_are_refused(drawings: Path, tmp_path: Path) -> None:
    with pytest.raises(FrontispieceError, match="only sscd has several views"):
        views.measure_views(read_folder(drawings), [ThumbnailEncoder()], Settings(cache=tmp_path), [])
