"""What the ingest endpoints say of themselves in OpenAPI: their bodies are read by hand, so this is written by hand."""

from __future__ import annotations

from typing import Any, Final

from modelwatch.core.wire import ARROW_STREAM, DEFAULT_ENVIRONMENT, MAX_ROWS

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "number"}
TIMESTAMP: Final = {
    "description": "ISO 8601 (naive is UTC) or seconds since 1970; the time of arrival when absent",
    "anyOf": [{"type": "string", "format": "date-time"}, NUMBER],
}
TAGS: Final = {"type": "object", "additionalProperties": TEXT}
SHARED: Final[dict[str, Any]] = {
    "model_id": TEXT,
    "timestamp": TIMESTAMP,
    "environment": {**TEXT, "default": DEFAULT_ENVIRONMENT},
    "tags": TAGS,
}
PREDICTION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["model_id", "model_version"],
    "properties": {
        **SHARED,
        "model_version": TEXT,
        "prediction_id": {**TEXT, "description": "a UUIDv7 is made when absent"},
        "prediction_label": TEXT,
        "prediction_score": NUMBER,
        "prediction_value": NUMBER,
        "prediction_scores": {"type": "object", "additionalProperties": NUMBER},
        "features": {
            "type": "object",
            "additionalProperties": {"type": ["number", "string", "boolean", "null"]},
        },
        "weight": {**NUMBER, "exclusiveMinimum": 0, "description": "how many predictions this sampled one stands for"},
        "embeddings": {"type": "object", "additionalProperties": {"type": "array", "items": NUMBER}},
        "explanation": {"type": "object", "additionalProperties": NUMBER},
        "group_id": TEXT,
        "rank": NUMBER,
    },
    "example": {
        "model_id": "fraud",
        "model_version": "2.1.0",
        "prediction_id": "p1",
        "prediction_label": "fraud",
        "prediction_score": 0.87,
        "features": {"transaction_amount": 1250.5, "merchant_category": "electronics"},
        "tags": {"region": "us-west"},
        "timestamp": "2026-01-15T10:30:00Z",
    },
}
ACTUAL: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["model_id", "prediction_id"],
    "properties": {
        **SHARED,
        "prediction_id": TEXT,
        "actual_label": TEXT,
        "actual_score": NUMBER,
        "actual_value": NUMBER,
        "relevance": NUMBER,
        "prediction_timestamp": {
            **TIMESTAMP,
            "description": "when the prediction was made, as `timestamp` of the prediction: where it is known, the "
            "prediction is found quicker, as one whose id is a UUIDv7 is without",
        },
    },
    "example": {"model_id": "fraud", "prediction_id": "p1", "actual_label": "not_fraud"},
}
COUNT: Final = {"type": "integer", "minimum": 0}
ANSWER: Final[dict[str, Any]] = {
    "type": "object",
    "description": "accepted + rejected + duplicate = received",
    "required": ["status", "received", "accepted", "rejected", "duplicate", "errors", "ingested_at"],
    "properties": {
        "status": {"type": "string", "enum": ["success", "partial", "rejected"]},
        "received": COUNT,
        "accepted": COUNT,
        "rejected": COUNT,
        "duplicate": COUNT,
        "errors": {
            "type": "array",
            "description": "the first 100 reasons; the quarantine has all",
            "items": {
                "type": "object",
                "required": ["row", "reason", "detail"],
                "properties": {"row": COUNT, "reason": TEXT, "detail": TEXT},
            },
        },
        "ingested_at": {"type": "string", "format": "date-time"},
        "prediction_id": {"type": ["string", "null"], "description": "for a single JSON object"},
        "matched": {
            "type": ["boolean", "null"],
            "description": "for a single actual whose prediction id is a UUIDv7 or that has a prediction_timestamp: "
            "true when its prediction is there, false when it would have to be there by now and is not (the actual is "
            "kept: it is joined if the prediction comes); null while that is not known, or would take too long to say",
        },
        "label_delay_hours": {
            "type": ["number", "null"],
            "description": "from the prediction to the actual, where `matched` is true",
        },
    },
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 512},
    "description": "names the batch: sending it again within 7 days changes nothing and is answered as duplicate",
}


def operation(row: dict[str, Any], what: str) -> dict[str, Any]:
    """The OpenAPI of one ingest endpoint; `row` is the schema of one of its rows."""
    many = {"oneOf": [row, {"type": "array", "items": row, "maxItems": MAX_ROWS}]}
    answer = {JSON: {"schema": ANSWER}}
    return {
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "description": f"at most 8 MiB and {MAX_ROWS:,} rows; JSON may be gzip'd (Content-Encoding)",
            "content": {
                JSON: {"schema": many},
                NDJSON: {"schema": {"type": "string", "description": f"one {what} a line"}},
                ARROW_STREAM: {
                    "schema": {"type": "string", "format": "binary", "description": "see the wire reference"}
                },
            },
        },
        "responses": {
            "200": {"description": "durable; some rows may be rejected", "content": answer},
            "422": {"description": "every row is rejected", "content": answer},
        },
    }


PREDICTIONS: Final = operation(PREDICTION, "prediction")
ACTUALS: Final = operation(ACTUAL, "actual")
