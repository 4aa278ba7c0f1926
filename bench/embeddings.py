"""What drift of embeddings and texts is seen, how often chance alone raises it, and what it costs.

`python -m bench.embeddings [--repeats 200] [--only digits|chance|texts|cost]`

The digits of scikit-learn (1,797 pictures of 8 x 8 pixels) under the shifts of Rabanser, Günnemann and Lipton (Failing
loudly: an empirical study of methods for detecting dataset shift, NeurIPS 2019). Each repetition draws 1,000 pictures
as the reference, fits bins on them and compares a window of others with it, as the server would.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bench.digits import SHIFTS, Digits, load
from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.mmd import hotelling_tail
from modelwatch.profiles import CategoryValues, VectorBinning, VectorValues, encode, fit, profile
from modelwatch.profiles.vector import features_of
from tests.profiles.texts import COMMENT, GERMAN, column, sentences
from tests.profiles.vectors import IMG, vectors

Floats = NDArray[np.float64]
REFERENCE = 1_000
FRESH = 8_000
WINDOWS = (200, 500)
STRICT = 2e-4
"""1 % of checks, shared by 50 columns."""


def reduced(train: Floats, size: int) -> Callable[[Floats], Floats]:
    """Principal components of the reference, as a model's last layer would give fewer numbers."""
    mean = train.mean(axis=0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2][:size]
    return lambda x: (x - mean) @ axes.T


Row = tuple[bool, bool, bool, float]
Key = tuple[str, int, int]
"""A shift, the numbers of an embedding (0 for plain pixels), and the rows of a window."""


def digits(repeats: int) -> None:
    """Power by shift, representation and rows."""
    pictures = load()
    print(f"{repeats} repetitions, reference {REFERENCE:,}; % with p < .01 / p < 2e-4 / raised, median MMD\n")
    found: dict[Key, list[Row]] = {(shift, size, n): [] for shift in SHIFTS for size in (0, 16) for n in WINDOWS}
    for i in range(repeats):
        for size in (0, 16):
            one_reference(pictures, size, np.random.default_rng(i), found)
    heads = [f"{name}, n={n}" for name in ("pixels", "16 components") for n in WINDOWS]
    print(f"| {'shift':<34} | " + " | ".join(f"{head:^24}" for head in heads) + " |")
    print(f"|{'-' * 36}|" + "|".join("-" * 26 for _ in heads) + "|")
    for shift in SHIFTS:
        cells = [cell(found[shift, size, n]) for size in (0, 16) for n in WINDOWS]
        print(f"| {shift:<34} | " + " | ".join(f"{text:^24}" for text in cells) + " |", flush=True)


def one_reference(pictures: Digits, size: int, rng: np.random.Generator, found: dict[Key, list[Row]]) -> None:
    """One reference, and a window of each size under each shift."""
    order = rng.permutation(len(pictures.label))
    train, rest = pictures.rows(order[:REFERENCE]), pictures.rows(order[REFERENCE:])
    seen = reduced(train.pixels, size) if size else lambda x: x
    before = vectors(seen(train.pixels))
    binning = fit({IMG: before})
    reference = profile(binning, {IMG: before})
    for shift, change in SHIFTS.items():
        shifted = change(rest, rng).pixels
        for n in WINDOWS:
            window = shifted[rng.permutation(len(shifted))[:n]]
            table = check(profile(binning, {IMG: vectors(seen(window))}), reference, binning)
            raised = table.levels[0] in (CODE[Level.WARNING], CODE[Level.CRITICAL])
            net = float(table.mmd[0] - table.mmd_mean[0])
            p = float(table.test_p[0])
            found[shift, size, n].append((p < 0.01, p < STRICT, bool(raised), net))


def cell(rows: list[Row]) -> str:
    """Shares in per cent and the median size."""
    shares = [f"{100 * np.mean([row[i] for row in rows]):.0f}" for i in range(3)]
    return f"{' / '.join(shares)}, {np.median([row[3] for row in rows]):.2f}"


def chance(repeats: int) -> None:
    """How often windows without drift fall under a p-value, as a multiple of it."""
    print(
        f"\nfalse alarms of `mmd` as a multiple of the nominal rate: {repeats} references, {FRESH:,} fresh rows each\n"
    )
    print("| population | reference | n | p < .05 | p < .01 | p < 2e-4 | windows |\n|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(0)
    for name, draw in populations(rng).items():
        for m in (250, 1_000, 5_000):
            found: dict[int, list[float]] = {n: [] for n in (200, 500, 2_000)}
            for _ in range(repeats if m < 5_000 else repeats // 4):
                one_chance(draw, m, found)
            for n, ps in found.items():
                shares = [np.mean(np.array(ps) < p) / p for p in (0.05, 0.01, STRICT)]
                cells = " | ".join(f"{share:.2f}" for share in shares)
                print(f"| {name} | {m:,} | {n:,} | {cells} | {len(ps):,} |", flush=True)


def one_chance(draw: Callable[[int], Floats], m: int, found: dict[int, list[float]]) -> None:
    """One reference and the windows that its fresh rows make; their mean features at once instead of one by one."""
    before, fresh = (draw(rows).astype(np.float32) for rows in (m, FRESH))
    bins = fit({IMG: vectors(before)}).columns[0].bins
    assert isinstance(bins, VectorBinning)
    mean = features_of(bins, before).values.mean(axis=0)
    z = (features_of(bins, fresh).values - mean) @ bins.whitening.T
    for n, ps in found.items():
        means = z[: len(z) // n * n].reshape(-1, n, z.shape[1]).mean(axis=1)
        for statistic in (means**2).sum(axis=1) * n * m / (n + m):
            ps.append(hotelling_tail(float(statistic), z.shape[1], bins.fitted - 1))


def populations(rng: np.random.Generator) -> dict[str, Callable[[int], Floats]]:
    """Ten clusters on a sphere in 64 dimensions; a normal one; one with tails so heavy that it has no variance."""
    mixing, centres = rng.normal(size=(8, 64)), rng.normal(size=(10, 8)) * 2

    def clusters(n: int) -> Floats:
        x = (centres[rng.integers(0, 10, n)] + rng.normal(size=(n, 8))) @ mixing + 0.5 * rng.normal(size=(n, 64))
        unit: Floats = x / np.linalg.norm(x, axis=1, keepdims=True)
        return unit

    return {
        "clusters, 64": clusters,
        "normal, 32": lambda n: rng.normal(size=(n, 32)),
        "heavy tails, 16": lambda n: rng.standard_t(2, size=(n, 16)),
    }


def texts(repeats: int) -> None:
    """Windows of 500 texts against 4,000: chance, and an eighth in another language."""
    rows = column(sentences(np.random.default_rng(0), 4_000))
    binning = fit({COMMENT: rows})
    reference = profile(binning, {COMMENT: rows})
    print(f"\ntexts, {repeats} windows of 500 against 4,000; % of checks with any column at notice, % raised\n")
    print("| change | notice | raised |\n|---|---|---|")
    for share in (0.0, 0.05, 0.125, 1.0):
        levels = []
        for i in range(repeats):
            rng = np.random.default_rng(1_000 + i)
            german = round(500 * share)
            window = sentences(rng, 500 - german) + sentences(rng, german, GERMAN)
            levels.append(int(check(profile(binning, {COMMENT: column(window)}), reference, binning).levels.min()))
        notice = 100 * np.mean([level <= CODE[Level.NOTICE] for level in levels])
        raised = 100 * np.mean([level <= CODE[Level.WARNING] for level in levels])
        print(f"| {share:.1%} of texts in another language | {notice:.1f} | {raised:.1f} |", flush=True)


def cost() -> None:
    """CPU time of all cores and bytes."""
    print("\n| what | fit, s | us a row | us a row, batches of 32 | bytes of a binning | bytes of a block |")
    print("|---|---|---|---|---|---|")
    rng = np.random.default_rng(0)
    for d in (64, 768, 4_096):
        price(f"embedding of {d:,} numbers", {IMG: vectors(rng.normal(size=(5_000, d)))})
    rows = [text[:100].ljust(100, "x") for text in sentences(rng, 5_000)]
    price("text of 100 characters", {COMMENT: column(rows)})


def price(name: str, columns: dict[object, VectorValues | CategoryValues]) -> None:
    """One line."""
    start = time.process_time()
    binning = fit(columns)  # type: ignore[arg-type]
    fitted = time.process_time() - start
    (key, values), n = next(iter(columns.items())), 5_000
    small = {key: cut(values, 32)}
    counted = profile(binning, columns)  # type: ignore[arg-type]
    whole = best(lambda: profile(binning, columns), 3) / n  # type: ignore[arg-type]
    few = best(lambda: [profile(binning, small) for _ in range(50)], 3) / 50 / 32  # type: ignore[arg-type]
    sizes = f"{len(binning.to_bytes()):,} | {len(encode(counted, binning)):,}"
    print(f"| {name} | {fitted:.2f} | {whole * 1e6:.1f} | {few * 1e6:.1f} | {sizes} |", flush=True)


def cut(values: VectorValues | CategoryValues, n: int) -> VectorValues | CategoryValues:
    """The first rows."""
    if isinstance(values, VectorValues):
        return VectorValues(values.vectors[:n], values.held[:n])
    names = [values.dictionary[i] for i in values.codes[:n].tolist()]
    return CategoryValues(np.arange(n, dtype=np.int32), names)


def best(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """All tables, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--only", choices=("digits", "chance", "texts", "cost"))
    said = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "digits": lambda: digits(said.repeats),
        "chance": lambda: chance(said.repeats),
        "texts": lambda: texts(said.repeats),
        "cost": cost,
    }
    for name, part in parts.items():
        if said.only in (None, name):
            part()


if __name__ == "__main__":
    main()
