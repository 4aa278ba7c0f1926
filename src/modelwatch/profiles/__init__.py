"""One mergeable summary of the predictions of a model in a stretch of time.

    reference columns --fit--> Binning --profile_buckets--> Profile per 5-minute bucket --encode--> block of bytes
    blocks of a window --merge_blocks--> Profile of the window --> monitors

- `fit(columns, weights=None) -> Binning`; `Binning.to_bytes()`, `Binning.from_bytes(data)`, `.id`, `.columns`,
  `.index(key)`. `columns` is a mapping from `ColumnKey` to `NumericValues`, `CategoryValues` or
  `VectorValues`.
- `profile_buckets(binning, columns, slots, k, weights=None) -> list[Profile]` for the k buckets of a batch;
  `profile(binning, columns, weights=None) -> Profile` for one.
- `merge(a, b)`, `subtract(a, b)`, `empty(binning)`; profiles on one binning form a commutative monoid.
- `encode(profile, binning) -> bytes`, `decode(block, binning) -> Profile`, `merge_blocks(blocks, binning) -> Profile`.
- `describe`: medians, means and bars for drawing, from a profile.

Only numpy and numba, no I/O.
"""

from modelwatch.profiles.binning import INFINITE, MISTYPED, NAN, NULL, WIDTH, Binning, ColumnBinning, fit
from modelwatch.profiles.block import decode, encode, merge_blocks
from modelwatch.profiles.category import CategoryBinning
from modelwatch.profiles.counting import profile, profile_buckets
from modelwatch.profiles.numeric import NumericBinning
from modelwatch.profiles.profile import Profile, empty, merge, subtract
from modelwatch.profiles.values import BOOLEANS, CategoryValues, NumericValues, Scalars, Values, VectorValues
from modelwatch.profiles.vector import VectorBinning

__all__ = [
    "BOOLEANS",
    "INFINITE",
    "MISTYPED",
    "NAN",
    "NULL",
    "WIDTH",
    "Binning",
    "CategoryBinning",
    "CategoryValues",
    "ColumnBinning",
    "NumericBinning",
    "NumericValues",
    "Profile",
    "Scalars",
    "Values",
    "VectorBinning",
    "VectorValues",
    "decode",
    "empty",
    "encode",
    "fit",
    "merge",
    "merge_blocks",
    "profile",
    "profile_buckets",
    "subtract",
]
