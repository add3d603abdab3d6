"""One thread for numpy's and scipy's BLAS, which bring a pool of threads each.

Called in turn, as in a factorisation by blocks, the two pools wait busily for each other: on two cores a verified norm
of order 1,024 takes five times as long with them as on one thread. Results do not depend on it beyond rounding, which
every bound allows for.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def one_blas_thread() -> AbstractContextManager[Any]:
    """Within, BLAS has one thread, in all threads of the process; the number before it comes back at the end.

    Where two threads of a program are within at a time, only the first one's beginning and end count (threadpoolctl).
    """
    limit: AbstractContextManager[Any] = _pools().limit(limits=1, user_api="blas")
    return limit


@cache
def _pools() -> Any:
    import numpy as np  # noqa: F401
    import scipy.linalg  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
