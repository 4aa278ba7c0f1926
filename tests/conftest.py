"""What holds for all tests: how long an example takes is the machine's business, and decides nothing."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("modelwatch", deadline=None)
settings.load_profile("modelwatch")
