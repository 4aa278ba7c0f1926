from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from modelwatch.store.engine import open_database
from modelwatch.store.migrate import migrate


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_database(tmp_path / "modelwatch.db")
    migrate(found)
    yield found
    found.dispose()
