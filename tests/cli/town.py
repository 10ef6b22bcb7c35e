"""A mailbox at acme.example on a real server, found through stubs of DNS and the web, and our commands run there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cli.builders import Said, Shop
from tests.cli.terminal import Terminal
from tests.discovery.builders import endpoint, file_of
from tests.discovery.stubs import HOST, Authority, Dns, Web, World, page
from tests.servers.dovecot import Dovecot

CHECKOUT = Path(__file__).parents[2]
IMAP = "imap.acme.example"
AUTOCONFIG = "https://autoconfig.acme.example/mail/config-v1.1.xml"


@dataclass
class Town:
    """The world around one mailbox. Change `dns.zone` and `web.pages` before a command."""

    world: World
    shop: Shop
    authority: Authority

    @property
    def server(self) -> Dovecot:
        return self.shop.server

    @property
    def address(self) -> str:
        return f"{self.shop.user}@acme.example"

    def knows(self, records: Mapping[tuple[str, str], list[str]]) -> None:
        """What DNS says beside addresses."""
        self.world.dns.zone = {
            (IMAP, "A"): [HOST],
            ("mail.elsewhere.example", "A"): [HOST],
            ("autoconfig.acme.example", "A"): [HOST],
            ("acme.example", "A"): [HOST],
            **records,
        }

    def srv(self, host: str = IMAP) -> dict[tuple[str, str], list[str]]:
        """The SRV record of the mailbox's server."""
        return {("_imaps._tcp.acme.example", "SRV"): [f"0 1 {self.server.imaps_port} {host}."]}

    def publishes(self, user: str) -> None:
        """A settings file with this login name."""
        self.world.web.pages = {AUTOCONFIG: page(file_of(endpoint(IMAP, self.server.imaps_port, user=user)))}

    def command(self, *words: str) -> list[str]:
        ports = [str(n) for n in (self.world.dns.port, self.world.web.port, self.server.imaps_port)]
        return [sys.executable, "-m", "tests.discovery.world", *ports, *words]

    def env(self, **more: str) -> dict[str, str]:
        trusted = {"SSL_CERT_FILE": str(self.authority.bundle), "NO_COLOR": "1"}
        env = self.shop.env(**trusted, **more)
        return {**env, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), env.get("PYTHONPATH", "")])}

    def run(self, *words: str, **env: str) -> Said:
        """A command without a terminal, to its end."""
        done = subprocess.run(
            self.command(*words), cwd=self.shop.root, env=self.env(**env), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def person(self, *words: str, **env: str) -> Terminal:
        """A command with somebody at the terminal."""
        return Terminal(self.command(*words), self.env(**env), str(self.shop.root))

    def trying(self, *words: str) -> list[str]:
        """`try` with rules that need no model."""
        return ["try", self.address, "--config", str(self.shop.config), *words]


def secured(server: Dovecot, authority: Authority) -> None:
    """Give a running server a certificate for the hosts of this town."""
    chain, key = authority.certificate(IMAP, "mail.elsewhere.example")
    (server.root / "cert.pem").write_bytes(chain.read_bytes())
    (server.root / "key.pem").write_bytes(key.read_bytes())
    server.stop()
    server.start()


def founded(shop: Shop, authority: Authority) -> Town:
    """A town whose world runs once it is entered."""
    return Town(World(Dns(), Web(authority, ["autoconfig.acme.example", "acme.example"])), shop, authority)
