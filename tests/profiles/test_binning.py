import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.errors import CorruptData
from modelwatch.profiles import Binning, CategoryValues, NumericValues, fit
from tests.profiles.oracle import C, X, category, numbers, numeric, words


@settings(max_examples=50, deadline=None)
@given(st.lists(numbers, max_size=30), st.lists(words, max_size=30))
def test_bytes_and_back(xs, cs):
    binning = fit({X: numeric(xs), C: category(cs)})
    again = Binning.from_bytes(binning.to_bytes())
    assert again == binning
    assert again.columns == binning.columns
    assert again.to_bytes() == binning.to_bytes()
    assert again.id == binning.id


def test_the_id_tells_binnings_apart_and_nothing_else():
    a = fit({X: numeric([1.0, 2.0])})
    assert a.id == fit({X: numeric([2.0, 1.0])}).id
    assert a.id != fit({X: numeric([1.0, 3.0])}).id
    assert a.id != fit({ColumnKey(Role.TAG, "x"): numeric([1.0, 2.0])}).id


def test_types_follow_the_values():
    binning = fit(
        {
            X: NumericValues(np.array([1.0])),
            C: CategoryValues(np.array([0], dtype=np.int32), ["false"]),
            ColumnKey(Role.TAG, "b"): CategoryValues.of_booleans(np.array([True])),
        }
    )
    assert [column.type for column in binning.columns] == [
        ColumnType.NUMERIC,
        ColumnType.CATEGORY,
        ColumnType.BOOLEAN,
    ]
    assert binning.index(C) == 1
    assert binning.index(ColumnKey(Role.TAG, "none")) is None


def test_every_changed_byte_is_noticed():
    data = fit({X: numeric([1.0, 2.0, 3.0]), C: category(["a", "ü", ""])}).to_bytes()
    for i in range(len(data)):
        with pytest.raises(CorruptData):
            Binning.from_bytes(data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :])
        with pytest.raises(CorruptData):
            Binning.from_bytes(data[:i])


def test_names_of_users_are_only_data():
    name = ColumnKey(Role.FEATURE, "../../x'; DROP TABLE\x00\ud800")
    binning = fit({name: category(["<script>", "\ud800"])})
    assert Binning.from_bytes(binning.to_bytes()).columns[0].key == name


def test_a_binning_of_the_first_release_still_reads():
    """Stored before there were vectors and texts: new kinds of columns have tags of their own."""
    stored = bytes.fromhex(
        "4d5742494e010200000007000000666561747572650100000078070000006e756d657269636e060000000000000000406b03161c7c"
        "caf13f000000000000f03f010000000000f03f00000000000000400100000000000040000000000000044001000000000004400700"
        "00006665617475726501000000630800000063617465676f72796302000000000000555555555555d53f01000000610100000062a8"
        "534974842d17a3"
    )
    binning = Binning.from_bytes(stored)
    assert [column.key.name for column in binning.columns] == ["x", "c"]
    assert binning.to_bytes() == stored
