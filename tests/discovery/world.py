"""`python -m tests.discovery.world DNS_PORT WEB_PORT IMAPS_PORT COMMAND…`: one of our commands in a world of stubs.

Nothing of the command is replaced but the network's ends: which name server is asked, and, while servers are looked
for, where ports 443 and 993 are.
"""

from __future__ import annotations

import sys

import dns.resolver

from router.__main__ import main
from router.discovery import search
from tests.discovery.stubs import network

if __name__ == "__main__":
    online = network(*map(int, sys.argv[1:4]))
    search.online = lambda: online
    dns.resolver.override_system_resolver(online.resolver)  # for the IMAP connection, which asks the system
    sys.argv[1:] = sys.argv[4:]
    main()
