"""How long to wait before trying a server again. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator

FIRST = 1.0
LONGEST = 300.0
_SHORTEST = 0.1


def delays(seed: int | str) -> Iterator[float]:
    """Seconds to wait before each new try, for ever: drawn evenly below a bound that doubles from 1 s to 300 s.

    The full spread keeps a thousand mailboxes from coming back in the same second.
    """
    draw = random.Random(seed)  # noqa: S311  # spreading load, not keeping secrets
    bound = FIRST
    while True:
        yield draw.uniform(_SHORTEST, bound)
        bound = min(bound * 2, LONGEST)
