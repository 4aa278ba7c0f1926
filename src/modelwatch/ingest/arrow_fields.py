"""Which columns an Arrow body may have: an allow-list of types, read from the bytes of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from modelwatch.core.wire import MAX_COLUMNS, MAX_EMBEDDING, META_ROLE, NAMED_ROLES, WIRE_ROLES, Role
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.flatbuffer import Flat, key_values, tables_at
from modelwatch.ingest.names import name_fault

MAX_FIELD_METADATA_BYTES: Final = 4_096
ROLES: Final = {role.value.encode(): role for role in WIRE_ROLES}


class Form(StrEnum):
    """What the values of a column are, however many bits each has."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class WireField:
    """A column: its role, the user's name for it, its form; `native` when it is as the client writes that form."""

    role: Role
    name: str
    form: Form
    native: bool
    dictionary: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of a stream, and what is asked of them for each batch.

    `ready`: with ids and times, and all as the client writes it. `dictionaries` and `checked` are the numbers of the
    columns that are dictionaries and of those whose values have rules.
    """

    fields: tuple[WireField, ...]
    roles: frozenset[Role]
    ready: bool
    dictionaries: tuple[int, ...]
    checked: tuple[int, ...]


class ArrowType(IntEnum):
    """The members of Arrow's `Type` union that may be sent."""

    INT = 2
    FLOAT = 3
    UTF8 = 5
    BOOL = 6
    TIMESTAMP = 10
    LIST = 12
    FIXED_SIZE_LIST = 16
    LARGE_UTF8 = 20


MICROSECOND: Final = 2
SINGLE, DOUBLE = 1, 2

NUMBER: Final = frozenset({Form.INTEGER, Form.FLOAT})
SCALAR: Final = NUMBER | {Form.BOOLEAN, Form.TEXT}
FORMS: Final[dict[Role, frozenset[Form]]] = {
    **dict.fromkeys(Role, NUMBER),
    Role.PREDICTION_ID: frozenset({Form.TEXT, Form.INTEGER}),
    Role.GROUP_ID: frozenset({Form.TEXT, Form.INTEGER}),
    Role.TIMESTAMP: NUMBER | {Form.TIME},
    Role.PREDICTION_TIMESTAMP: NUMBER | {Form.TIME},
    Role.PREDICTION_LABEL: SCALAR,
    Role.ACTUAL_LABEL: SCALAR,
    Role.FEATURE: SCALAR,
    Role.TAG: SCALAR,
    Role.EMBEDDING: frozenset({Form.VECTOR}),
}
"""Which forms a column of each role may have; scores, values and weights are numbers."""
OUTCOME_ROLES: Final = frozenset(
    {
        Role.PREDICTION_LABEL,
        Role.PREDICTION_SCORE,
        Role.PREDICTION_VALUE,
        Role.PREDICTION_SCORES,
        Role.ACTUAL_LABEL,
        Role.ACTUAL_SCORE,
        Role.ACTUAL_VALUE,
        Role.RELEVANCE,
    }
)
"""A row must say at least one of those that belong to its kind."""
TIME_ROLES: Final = frozenset({Role.TIMESTAMP, Role.PREDICTION_TIMESTAMP})
RULED: Final = OUTCOME_ROLES | TIME_ROLES | {Role.PREDICTION_ID, Role.WEIGHT}


def layout(data: bytes, place: int) -> Layout:
    """The layout of the fields in the vector at `place`; raises `InvalidRequest` for a column that may not be sent."""
    fields = tuple(wire_field(field) for field in tables_at(data, place, MAX_COLUMNS))
    keys = {(field.role, field.name) for field in fields}
    if len(keys) != len(fields):
        raise InvalidRequest("two columns have the same role and name", hint="names are unique within a role")
    roles = frozenset(field.role for field in fields)
    return Layout(
        fields=fields,
        roles=roles,
        ready={Role.PREDICTION_ID, Role.TIMESTAMP} <= roles and all(map(is_ready, fields)),
        dictionaries=tuple(i for i, field in enumerate(fields) if field.dictionary),
        checked=tuple(i for i, field in enumerate(fields) if field.role in RULED or field.form is Form.VECTOR),
    )


def is_ready(field: WireField) -> bool:
    """True for a column that may stay as it came: ids plain text, times timestamps, all else native."""
    match field.role:
        case Role.PREDICTION_ID:
            return field.native and field.form is Form.TEXT and not field.dictionary
        case Role.TIMESTAMP | Role.PREDICTION_TIMESTAMP:
            return field.native and field.form is Form.TIME
        case _:
            return field.native


def wire_field(field: Flat) -> WireField:
    """One column of the schema."""
    name = field.string(0).decode()
    pairs = dict(key_values(field, 6, entries=64, size=MAX_FIELD_METADATA_BYTES))
    if b"ARROW:extension:name" in pairs:
        raise InvalidRequest(f"column {name[:64]!r} has an extension type", hint="send its plain storage type")
    said = pairs.get(META_ROLE.encode())
    role = ROLES.get(said) if said is not None else None
    if role is None:
        raise InvalidRequest(
            f"column {name[:64]!r} has no known role: {said!r}", hint=f"set its field metadata `{META_ROLE}`"
        )
    if fault := name_fault(name) if role in NAMED_ROLES else None:
        raise InvalidRequest(f"the name of column {name[:64]!r} cannot be taken: {fault.value}")
    form, native = form_of(field, name)
    if form not in FORMS[role]:
        allowed = ", ".join(sorted(FORMS[role]))
        raise InvalidRequest(f"column {name[:64]!r} of role {role} is of form {form}", hint=f"send {allowed}")
    return WireField(role, name if role in NAMED_ROLES else "", form, native, field.vector_at(4) != 0)


def form_of(field: Flat, name: str) -> tuple[Form, bool]:
    """The form of a field's values, and whether they are as the client would write them."""
    described, dictionary = field.table(3), field.table(4)
    if described is None:
        raise InvalidRequest(f"column {name[:64]!r} has no type")
    kind, children = field.uint8(2), field.tables(5, 1)
    if dictionary is not None and kind not in (ArrowType.UTF8, ArrowType.LARGE_UTF8):
        raise InvalidRequest(f"column {name[:64]!r} is a dictionary of something but text", hint="send it plain")
    match kind:
        case ArrowType.LIST | ArrowType.FIXED_SIZE_LIST if children and is_plain_float(children[0]):
            return vector_form(kind, described, children[0], name)
        case _ if children:
            raise InvalidRequest(f"column {name[:64]!r} is nested", hint="flatten it into columns of its own")
        case ArrowType.INT:
            return Form.INTEGER, described.int32(0) == 64 and described.uint8(1) == 1
        case ArrowType.FLOAT:
            return Form.FLOAT, described.int16(0) in (SINGLE, DOUBLE)
        case ArrowType.UTF8:
            return Form.TEXT, dictionary is None or has_int32_indices(dictionary)
        case ArrowType.LARGE_UTF8:
            return Form.TEXT, False
        case ArrowType.BOOL:
            return Form.BOOLEAN, True
        case ArrowType.TIMESTAMP:
            return time_form(described, name)
        case _:
            raise InvalidRequest(
                f"column {name[:64]!r} has a type that is not taken",
                hint="send integers, floats, booleans, text, dictionaries of text, or lists of floats as embeddings",
            )


def vector_form(kind: int, described: Flat, child: Flat, name: str) -> tuple[Form, bool]:
    """A list of floats; one of fixed size must not have more of them than an embedding may."""
    if kind == ArrowType.FIXED_SIZE_LIST and not 1 <= described.int32(0) <= MAX_EMBEDDING:
        raise InvalidRequest(f"the vectors of {name[:64]!r} are not of 1 to {MAX_EMBEDDING} numbers")
    return Form.VECTOR, kind == ArrowType.LIST and float_precision(child) == SINGLE


def time_form(described: Flat, name: str) -> tuple[Form, bool]:
    """A timestamp; its zone is a text that each column could repeat without end."""
    zone = described.string(1)
    if len(zone) > 64:
        raise InvalidRequest(f"column {name[:64]!r} has a time zone of {len(zone)} bytes")
    return Form.TIME, described.int16(0) == MICROSECOND and zone == b"UTC"


def is_plain_float(child: Flat) -> bool:
    """True for the child of a list that is float32 or float64 and carries nothing else."""
    plain = not child.tables(5, 0) and not child.vector_at(4) and not child.vector_at(6) and len(child.string(0)) <= 64
    return plain and child.uint8(2) == ArrowType.FLOAT and float_precision(child) in (SINGLE, DOUBLE)


def float_precision(field: Flat) -> int:
    """0 for half, 1 for single, 2 for double precision."""
    described = field.table(3)
    return described.int16(0) if described is not None else -1


def has_int32_indices(dictionary: Flat) -> bool:
    """True for a dictionary whose indices are int32 (the default) and whose order means nothing."""
    index = dictionary.table(1)
    signed32 = index is None or (index.int32(0) == 32 and index.uint8(1) == 1)
    return signed32 and not dictionary.uint8(2)
