"""`python -m lipcheck.cli.formal`, which `make coq` runs: let Coq check the formal theorems of all claims.

With --update, what Coq proved is pinned; read the theorems against the claims before. Exit status: 0 all theorems are
proved as pinned, 1 one is refused, 2 Coq is not installed.
"""

from __future__ import annotations

import argparse
import sys
import time

from lipcheck import judge_formal
from lipcheck.engines import coq
from lipcheck.engines.formal_scan import FormalError
from lipcheck.registry import load
from lipcheck.words.evidence import proofs_directory


def main() -> int:
    """Check, or with --update pin, the theorems."""
    parser = argparse.ArgumentParser(prog="python -m lipcheck.cli.formal", description="Check the formal theorems.")
    parser.add_argument("--update", action="store_true", help="pin what Coq proves")
    options = parser.parse_args()
    start = time.monotonic()
    try:
        found = judge_formal.check(load(), proofs_directory(), options.update)
    except coq.NoCoq as error:
        print(f"lipcheck: formal: not checked here ({error})", file=sys.stderr)
        return 2
    except FormalError as error:
        print(f"lipcheck: {error}", file=sys.stderr)
        return 1
    for theory, pins in found.items():
        print(f"{theory}: {len(pins['theorems'])} theorems for {len(pins['claims'])} claims")
    done = "pinned" if options.update else "proved as pinned"
    theorems = sum(len(pins["theorems"]) for pins in found.values())
    claims = len({name for pins in found.values() for name in pins["claims"]})
    print(f"{theorems} theorems of {claims} claims {done} by Coq {coq.version()} in {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
