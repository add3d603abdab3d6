"""Fixtures of the tests of sweeps."""

from __future__ import annotations

import pytest
from processes import finish, start


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The record of the sweep that nobody disturbs, on one worker."""
    folder = tmp_path_factory.mktemp("whole")
    finish(start(folder, "--workers", "1"))
    return (folder / "swept.true" / "result.json").read_bytes()
