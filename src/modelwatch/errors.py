"""Every error that modelwatch raises, in one tree; each carries a hint that says what to do.

    ModelwatchError
    ├── InvalidRequest        the caller sent something that cannot be taken
    │   ├── UnsupportedWire   an Arrow stream of a wire version that is not known here
    │   └── TooLarge          more bytes, rows or columns than one request may hold
    ├── NotFound              no such model, version, feature or alert
    ├── Conflict              the state does not allow it
    │   └── StaleSequence     a batch older than the window in which order may vary
    ├── Unauthorized          a key is missing or wrong
    ├── Busy                  more is waiting than memory allows; come back after `retry_after`
    ├── StorageFull           the disk is full; nothing was taken
    ├── StorageFailed         the disk failed to make something durable; the log refuses until restarted
    ├── CorruptData           stored bytes that fail their checksum or version
    ├── InvalidSettings       a setting that makes no sense
    └── MissingExtra          the package was installed without what this needs

HTTP statuses are mapped in `server/` only.
"""

from __future__ import annotations


class ModelwatchError(Exception):
    """Says what went wrong in `args[0]` and what to do about it in `hint`."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class InvalidRequest(ModelwatchError):
    """The caller sent something that cannot be taken as it is."""


class UnsupportedWire(InvalidRequest):
    """An Arrow stream says a wire version that this server does not know."""


class TooLarge(InvalidRequest):
    """A request holds more bytes, rows or columns than one request may."""


class NotFound(ModelwatchError):
    """There is no such model, version, feature or alert."""


class Conflict(ModelwatchError):
    """The present state does not allow what was asked."""


class StaleSequence(Conflict):
    """A batch is older than the window in which batches may come out of order."""


class Unauthorized(ModelwatchError):
    """An API key is missing or wrong."""


class Busy(ModelwatchError):
    """More is waiting than memory allows; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: float, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class StorageFull(ModelwatchError):
    """The disk is full; nothing was taken, and the same call will work once there is room."""


class StorageFailed(ModelwatchError):
    """The disk could not make something durable; what was written since is not known to be safe."""


class CorruptData(ModelwatchError):
    """Stored bytes fail their checksum, their version or their shape."""


class InvalidSettings(ModelwatchError):
    """A setting makes no sense."""


class MissingExtra(ModelwatchError):
    """The package was installed without what this call needs; the hint is the line that installs it."""
