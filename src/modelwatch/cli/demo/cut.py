"""Has the demo's model watched by airport, as a user would: one setting."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from modelwatch.cli.demo.delays import MODEL_ID
from modelwatch.errors import ModelwatchError

SETTINGS: Final[Mapping[str, object]] = {"segments": [{"tag": "origin"}]}
PATIENCE_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.2

Change = Callable[[Mapping[str, object]], bool]
"""Changes settings of the model; False while there is no such model."""


def changer(url: str, api_key: str = "") -> Change:
    """Asks the server at `url`; raises `ModelwatchError` with what it answered."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {api_key}"} if api_key else {})
    address = f"{url.rstrip('/')}/api/v1/models/{quote(MODEL_ID)}"

    def change(settings: Mapping[str, object]) -> bool:
        request = Request(address, json.dumps(settings).encode(), headers, method="PATCH")
        try:
            with urlopen(request, timeout=30):
                return True
        except HTTPError as error:
            if error.code == 404:
                return False
            raise ModelwatchError(f"the server answered {error.code} to {dict(settings)}") from error
        except (URLError, OSError) as error:
            raise ModelwatchError(f"the server did not take {dict(settings)}: {error}") from error

    return change


def cut(change: Change, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
    """Sets it as soon as the worker has taken the reference and so knows the model."""
    begun = clock()
    while not change(SETTINGS):
        if clock() - begun > PATIENCE_SECONDS:
            raise ModelwatchError("the worker has not taken the reference", hint="run the demo again to go on")
        sleep(POLL_SECONDS)
