"""What Elasticsearch's errors mean to a user."""

import pytest
from elasticsearch.helpers import ScanError

from core.errors import FrontispieceError
from indexer.elasticsearch.client import translate_errors


def test_scroll_that_lost_a_shard_has_a_sentence_for_the_user() -> None:
    with (
        pytest.raises(FrontispieceError, match=r"localhost:9200 could not read a whole index: 5 shards out of 6; run"),
        translate_errors("http://localhost:9200"),
    ):
        raise ScanError("scroll", "5 shards out of 6")
