"""Why a row was not taken: the codes that answers and the quarantine carry."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """A stable code; `SENTENCES` says each in words."""

    MALFORMED_JSON = "malformed_json"
    NOT_AN_OBJECT = "not_an_object"
    UNKNOWN_FIELD = "unknown_field"
    INVALID_TEXT = "invalid_text"
    MISSING_MODEL_ID = "missing_model_id"
    MISSING_MODEL_VERSION = "missing_model_version"
    MISSING_PREDICTION_ID = "missing_prediction_id"
    INVALID_PREDICTION_ID = "invalid_prediction_id"
    INVALID_NAME = "invalid_name"
    NAME_TOO_LONG = "name_too_long"
    INVALID_TIMESTAMP = "invalid_timestamp"
    TIMESTAMP_IN_FUTURE = "timestamp_in_future"
    NO_PREDICTION = "no_prediction"
    NO_ACTUAL = "no_actual"
    INVALID_LABEL = "invalid_label"
    INVALID_SCORE = "invalid_score"
    INVALID_VALUE = "invalid_value"
    INVALID_WEIGHT = "invalid_weight"
    INVALID_GROUP_ID = "invalid_group_id"
    INVALID_RANK = "invalid_rank"
    INVALID_RELEVANCE = "invalid_relevance"
    INVALID_FEATURES = "invalid_features"
    INVALID_TAGS = "invalid_tags"
    INVALID_EMBEDDING = "invalid_embedding"
    INVALID_EXPLANATION = "invalid_explanation"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_MODELS = "too_many_models"


SENTENCES: Final[dict[Reason, str]] = {
    Reason.MALFORMED_JSON: "The line is not JSON.",
    Reason.NOT_AN_OBJECT: "The row is not a JSON object.",
    Reason.UNKNOWN_FIELD: "The row has a field that is not known; values of your own belong under features or tags.",
    Reason.INVALID_TEXT: "The row holds half a surrogate pair, which UTF-8 cannot hold.",
    Reason.MISSING_MODEL_ID: "The row does not say its model_id.",
    Reason.MISSING_MODEL_VERSION: "The prediction does not say its model_version.",
    Reason.MISSING_PREDICTION_ID: "The row has no prediction_id.",
    Reason.INVALID_PREDICTION_ID: "The prediction_id is empty, over 512 bytes, or neither text nor an integer.",
    Reason.INVALID_NAME: "A name is empty, holds a NUL or, for a model, version or environment, is not text.",
    Reason.NAME_TOO_LONG: "A name is over 512 bytes of UTF-8.",
    Reason.INVALID_TIMESTAMP: "The timestamp is neither ISO 8601 nor epoch seconds between the years 1 and 9999.",
    Reason.TIMESTAMP_IN_FUTURE: "The timestamp lies more than 15 minutes ahead of the server's clock.",
    Reason.NO_PREDICTION: "The prediction has no label, score, value or scores.",
    Reason.NO_ACTUAL: "The actual has no label, score, value or relevance.",
    Reason.INVALID_LABEL: "A label is neither text nor a number nor a boolean.",
    Reason.INVALID_SCORE: "A score is not a number, or the scores are not an object of numbers.",
    Reason.INVALID_VALUE: "The predicted or actual value is not a number.",
    Reason.INVALID_WEIGHT: "The weight is not a finite number from 0 up.",
    Reason.INVALID_GROUP_ID: "The group_id is neither text nor an integer.",
    Reason.INVALID_RANK: "The rank is not a number.",
    Reason.INVALID_RELEVANCE: "The relevance is not a number.",
    Reason.INVALID_FEATURES: "The features are not an object of numbers, text, booleans and nulls.",
    Reason.INVALID_TAGS: "The tags are not an object of text, numbers, booleans and nulls.",
    Reason.INVALID_EMBEDDING: "An embedding is not a list of 1 to 4,096 numbers.",
    Reason.INVALID_EXPLANATION: "The explanation is not an object of numbers.",
    Reason.TOO_MANY_COLUMNS: "The row would give its model more than 2,000 columns in one request.",
    Reason.TOO_MANY_MODELS: "The request holds rows of more than 1,000 model versions; this row is of one too many.",
}
