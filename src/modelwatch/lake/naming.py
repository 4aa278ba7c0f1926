"""Where a table lives and what its columns are called, for readers that know nothing of modelwatch.

Users' names are data. A folder name is a readable slug and a hash of the exact name. A column name is made of
letters, digits, `_`, `-`, `%` and `~`, which Delta, Parquet and Spark take without column mapping; no two columns
get names that differ only in case.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import NAMED_ROLES, Role
from modelwatch.lake.contract import TableKey

RECEIVED_AT: Final = "received_at"
VERSION: Final = "version"
ENVIRONMENT: Final = "environment"
EXTRA: Final = "extra"
LOG_POSITION: Final = "log_position"
"""Where in the log a row came from: the order in which everything happened. A label adds its place in its record."""
DATE: Final = "date"
"""The partition column: the UTC day of the timestamp. It is in the paths, not in the files."""

MAX_COLUMN: Final = 200
SLUG: Final = 40

_PREFIX: Final = {
    Role.FEATURE: "feature_",
    Role.TAG: "tag_",
    Role.PREDICTION_SCORES: "score_",
    Role.EMBEDDING: "embedding_",
    Role.EXPLANATION: "explanation_",
}
_PLAIN: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def lake_name(key: ColumnKey) -> str:
    """The column's name in the lake, at most `MAX_COLUMN` ASCII characters, different for different keys.

    What is not an ASCII letter, digit, `_` or `-` becomes `%XX` per UTF-8 byte. Capitals are kept and listed after a
    `~` as a hexadecimal mask of their positions; a name that would be too long ends in `~~` and a hash.

    >>> lake_name(ColumnKey(Role.FEATURE, "amount")), lake_name(ColumnKey(Role.FEATURE, "Age"))
    ('feature_amount', 'feature_Age~1')
    >>> lake_name(ColumnKey(Role.TAG, "a b")), lake_name(ColumnKey(Role.TIMESTAMP, ""))
    ('tag_a%20b', 'timestamp')
    """
    if key.role not in NAMED_ROLES:
        return key.role.value
    prefix = _PREFIX[key.role]
    raw = key.name.encode("utf-8", "surrogatepass")
    text = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
    capitals = sum(1 << place for place, byte in enumerate(raw) if 65 <= byte <= 90)
    name = f"{prefix}{text}~{capitals:x}" if capitals else prefix + text
    if len(name) <= MAX_COLUMN:
        return name
    digest = blake2b(raw, digest_size=16).hexdigest()
    return f"{(prefix + text)[: MAX_COLUMN - len(digest) - 2]}~~{digest}"


def table_folder(table: TableKey) -> str:
    """The table's folder, relative to the lake: `<project>-<hash>/<model>-<hash>/<kind>`.

    >>> from modelwatch.core.wire import Kind
    >>> table_folder(TableKey("default", "../../x", Kind.PREDICTIONS)).split("/")[1]
    'x-358ee4953c66a869'
    """
    return f"{_slug(table.project)}/{_slug(table.model)}/{table.kind.value}"


def _slug(name: str) -> str:
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG].strip("-")
    return f"{readable}-{digest}" if readable else digest
