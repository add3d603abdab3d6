"""What the claims about the Lipschitz constant share."""

from __future__ import annotations

ROW = "anil2019.lipschitz_constant"
SECTION = "Anil et al. 2019, section 2.1"
ICML = f"{SECTION} (ICML and ICLR submission)"
ICLR = f"{SECTION} (ICLR submission)"
