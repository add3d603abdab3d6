"""Fixtures of the tests of sweeps."""

from __future__ import annotations

import pytest
from processes import LAWS, WORK, record

from lipcheck import registry


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The record of the sweep that nobody disturbs, on one worker: this process."""
    from lipcheck.sweep import Asked, plan, sweep

    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_package_modules", list)
        patch.setattr(plan, "WORK", WORK)
        plan.known.cache_clear()
        sweep(Asked("swept.true", 3000, points=32, files=(str(LAWS),)), folder, workers=1)
    plan.known.cache_clear()
    return record(folder)


@pytest.fixture
def beyond_smoke(pytestconfig: pytest.Config) -> bool:
    """Whether the budget allows for many processes."""
    return bool(pytestconfig.getoption("--lipcheck-budget") != "smoke")
