"""A large body, streamed to a file in the uploads folder: there whole and durable, or not there at all."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Final

import anyio.to_thread

from modelwatch.errors import ModelwatchError, StorageFailed, StorageFull
from modelwatch.server.body import too_large

PIECE_BYTES: Final = 4 * 1024 * 1024
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


async def save(chunks: AsyncIterator[bytes], file: Path, limit: int) -> int:
    """Writes the chunks to a new file and syncs it; returns its bytes. Raises `TooLarge`, `StorageFull` or
    `StorageFailed`, and leaves nothing behind then, nor when the sender goes away."""
    try:
        handle = await anyio.to_thread.run_sync(create, file)
        try:
            size = await write_all(chunks, handle, limit)
            await anyio.to_thread.run_sync(sync, handle)
        finally:
            handle.close()
    except OSError as error:
        discard(file)
        raise storage_error(error) from error
    except BaseException:
        discard(file)
        raise
    return size


async def write_all(chunks: AsyncIterator[bytes], handle: BinaryIO, limit: int) -> int:
    """Writes the chunks in pieces of some megabytes, beside the event loop."""
    size = 0
    waiting = bytearray()
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        waiting += chunk
        if len(waiting) >= PIECE_BYTES:
            await anyio.to_thread.run_sync(handle.write, bytes(waiting))
            waiting.clear()
    await anyio.to_thread.run_sync(handle.write, bytes(waiting))
    return size


def create(file: Path) -> BinaryIO:
    """A new file for writing, in a folder that is made when it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return open(file, "xb", buffering=0)


def sync(handle: BinaryIO) -> None:
    """What was written is on the disk when this returns."""
    os.fsync(handle.fileno())


def keep(part: Path, file: Path) -> None:
    """Gives the file its name, durably."""
    try:
        os.replace(part, file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        discard(part)
        discard(file)
        raise storage_error(error) from error


def discard(file: Path) -> None:
    """Removes a file if it is there."""
    file.unlink(missing_ok=True)


def storage_error(error: OSError) -> ModelwatchError:
    """Our word for what the disk said."""
    if error.errno in FULL:
        return StorageFull("the disk is full; nothing was taken", hint="make room, then send it again")
    return StorageFailed(f"the upload could not be stored: {error.strerror}", hint="the server's disk needs a look")
