"""Binnings that were read lately: they are the largest thing that a check loads, and the same one for months."""

from __future__ import annotations

import threading
from collections import OrderedDict

from sqlalchemy import Connection

from modelwatch.profiles import Binning
from modelwatch.store import references

KEPT = 1_024
"""About 200 kB each for 50 columns."""


class Binnings:
    """The last `kept` binnings by their hash, which tells their content: a stale one cannot be."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.found: OrderedDict[str, Binning] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, connection: Connection, model_id: int, binning_hash: str) -> Binning:
        """A binning of a model, from memory or else from the database."""
        with self.lock:
            binning = self.found.get(binning_hash)
            if binning is not None:
                self.found.move_to_end(binning_hash)
                return binning
        binning = Binning.from_bytes(references.load_binning(connection, model_id, binning_hash).body)
        with self.lock:
            self.found[binning_hash] = binning
            while len(self.found) > self.kept:
                self.found.popitem(last=False)
        return binning


load_binning = Binnings().get
"""What all of this process share."""
