"""`python benchmarks`: every ratio of the project in one run."""

import sys

from _command import main

sys.exit(main(sys.argv[1:]))
