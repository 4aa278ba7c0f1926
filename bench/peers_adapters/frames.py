"""What every adapter shares: frames out of the files that the bench wrote, and the answers back.

Runs in the environment of a peer, so it stands on numpy and pandas alone. Each adapter hands `serve` two functions:
`fit(reference, names of categories, rows of a window)` gives a state, `alerts(state, window)` the names of the columns
that the peer calls drifted.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def read(path: Path) -> pd.DataFrame:
    """A frame: numbers as float64 columns, categories as text, None where there is none."""
    held = np.load(path, allow_pickle=False)
    frame = pd.DataFrame({str(name): held["numbers"][:, i] for i, name in enumerate(held["number_names"])})
    for i, name in enumerate(held["word_names"]):
        codes = held["codes"][:, i]
        texts = np.array([f"value {code}" for code in range(int(codes.max(initial=0)) + 1)], dtype=object)
        column = texts[np.maximum(codes, 0)]
        column[codes < 0] = None
        frame[str(name)] = column
    return frame


def serve(fit: Callable[..., Any], alerts: Callable[..., list[str]]) -> None:
    """Checks every window of the folder that is named on the command line; one line of JSON each."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    reference = read(folder / "reference.npz")
    words = [name for name in reference.columns if name.startswith("word")]
    began = time.monotonic()
    state, size = None, -1
    for path in sorted(folder.glob("window-*.npz")):
        window = read(path)
        start = time.process_time()
        answer: dict[str, Any] = {"window": path.stem}
        try:
            # no rows tell no size: chunks of one row would take hours to learn
            if state is None or (len(window) and size != len(window)):
                state, size = fit(reference, words, len(window)), len(window)
                answer["fit"] = time.process_time() - start
                began = time.monotonic()  # the time given is for checks
                start = time.process_time()
            answer["alerts"] = sorted(alerts(state, window))
        except Exception as problem:  # whatever a peer raises is its answer
            answer["error"] = f"{type(problem).__name__}: {problem}"[:300]
            traceback.print_exc()
        answer["cpu"] = time.process_time() - start
        print("@" + json.dumps(answer), flush=True)
        if time.monotonic() - began > seconds:
            break
