"""The parameters that say how results are found and ordered; `api.search.parameters` puts them into its table."""

from api.search.choices import Fusion, Match, Meaning
from api.search.parameter import MAX_VALUE_LENGTH, Parameter
from api.sentences import Sentence

RANKING_PARAMETERS = (
    Parameter(
        name="match",
        type=Match,
        description="How many of the words a result must contain",
        details="`most`: all of one or two words, 70 % of more",
        example="all",
    ),
    Parameter(
        name="meaning",
        type=Meaning,
        description="Whether words also find pictures with a text of the same meaning, in any language",
        details="Needs an index with vectors of `e5`; see [searching](searching.md#meaning)",
        example="off",
    ),
    Parameter(
        name="model",
        heading="Vision model",
        repeated=True,
        max_length=MAX_VALUE_LENGTH,
        description="Vision model to compare with, `sscd`, or with a weight, `sscd^2`; by default all of the index",
        example="sscd",
    ),
    Parameter(
        name="balance",
        type=float,
        minimum=0,
        maximum=1,
        description="Share of the pictures in the score, against the words: 0 to 1",
        details="The default is in `api/search/boosts.json`",
        example=0.5,
        expected=Sentence("a number from 0 (words) to 1 (pictures)"),
    ),
    Parameter(
        name="fusion",
        type=Fusion,
        description="How the scores of words and models are combined",
        details=(
            "`auto`: `convex` for words with a picture, otherwise `sum`. `convex` and `rrf` order the best 200 results"
        ),
        example="rrf",
    ),
)
