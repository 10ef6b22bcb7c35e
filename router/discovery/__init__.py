"""Finding a mailbox's servers from its address.

In this order: the bundled table of providers, the domain's own autoconfig file (the Thunderbird format), SRV records
(RFC 6186, RFC 8314), then whoever the domain's mail exchangers belong to: a provider of the table, or one that
publishes an autoconfig file or SRV records itself. What is left is to ask a person, with a guess that answered.
"""

from __future__ import annotations

from router.discovery.found import Discovery, NoImap, NotDiscovered, Outcome, Step
from router.discovery.search import discover

__all__ = ["Discovery", "NoImap", "NotDiscovered", "Outcome", "Step", "discover"]
