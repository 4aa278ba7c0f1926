"""What a request body says once it was checked."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.core.wire import Sequenced
from modelwatch.log import Rejection
from modelwatch.log.entry import Dropped, Part


@dataclass(frozen=True, slots=True)
class Decoded:
    """The rows of one request: `received` = the rows of all `parts` + the number of `rejected`.

    `single_id` is the prediction id of a body that was one JSON object and was taken, `dropped` what the sender says
    that it could not send.
    """

    received: int
    parts: tuple[Part, ...]
    rejected: tuple[Rejection, ...]
    identity: Sequenced | None
    single_id: str | None
    dropped: Dropped | None = None

    @property
    def accepted(self) -> int:
        """The rows of all parts."""
        return sum(part.rows for part in self.parts)
