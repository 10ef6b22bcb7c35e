"""The search itself: its steps in order, each said as it happens, all of them within a time that is known before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from router.discovery import autoconfig
from router.discovery.found import (
    Discovery,
    Found,
    NoImap,
    NotDiscovered,
    Outcome,
    Step,
    domain_of,
    usable,
    within,
)
from router.discovery.network import Network, Page, Silent, online
from router.providers import Provider, by_domain, by_exchanger
from router.values import Server, Tls

SECONDS = 20.0  # a search never takes longer
_DNS, _PAGE, _GREETING = 4.0, 6.0, 3.0  # seconds for one question
_WANTS_ADDRESS = frozenset({400, 422})  # "a parameter is missing"
_EXCHANGERS = 3  # that are looked at
_SRV_SERVICES: Mapping[str, tuple[tuple[str, Tls], ...]] = {
    "imap": (("_imaps._tcp", Tls.IMPLICIT), ("_imap._tcp", Tls.STARTTLS)),
    "smtp": (("_submissions._tcp", Tls.IMPLICIT), ("_submission._tcp", Tls.STARTTLS)),
}

Said = Callable[[Step], None]
Agreed = Callable[[str, Server], bool]  # (what DNS says, the server) → whether a person vouches for it


def _quietly(_: Step) -> None:
    """Say nothing."""


def discover(
    address: str,
    *,
    network: Network | None = None,
    said: Said = _quietly,
    agreed: Agreed | None = None,
    seconds: float = SECONDS,
) -> Discovery:
    """The servers for an address, after at most 20 seconds, or `seconds`; each step is told to `said` as it happens.

    Only TLS endpoints are ever proposed. DNS is not signed: a server that it alone names, outside the address's domain
    and of no known provider, is taken only when a person has `agreed` (RFC 6186 §6); without one, it is refused.
    The address itself is sent to nobody but a web server of its own domain that asks for it (answers 400 without it):
    the file is the same for all addresses nearly everywhere.
    Raises NotDiscovered with what was tried, the lines to write instead, and the server that is likely; NoImap when the
    provider has none; UnsafeArgument when it is no address.
    """
    domain = domain_of(address)
    search = _Search(
        address=address,
        domain=domain,
        network=network or online(),
        said=said,
        agreed=agreed,
        until=time.monotonic() + seconds,
    )
    return search.run()


@dataclass(slots=True, kw_only=True)
class _Search:
    """One search. Each step returns what it found, and a sentence about it."""

    address: str
    domain: str
    network: Network
    said: Said
    agreed: Agreed | None
    until: float
    tried: list[str] = field(default_factory=list)
    vouched: bool = False  # a person has vouched for what DNS says
    doubtful: Server | None = None  # what DNS says, when no person was there to ask

    def run(self) -> Discovery:
        steps: tuple[tuple[str, Callable[[], tuple[Found | Provider | None, str]]], ...] = (
            ("the list of known providers", self._in_table),
            (f"the settings file of {self.domain}", lambda: self._by_autoconfig(self.domain)),
            (f"the SRV records of {self.domain}", lambda: self._by_srv(self.domain)),
            (f"the mail exchangers of {self.domain}", self._by_exchangers),
        )
        for what, step in steps:
            self._say(Outcome.TRYING, what)
            found, text = step()
            if isinstance(found, Provider):
                return self._of_provider(found, text)
            if found is not None:
                self._say(Outcome.FOUND, text)
                return self._discovery(found, found.provider, text)
            self._say(Outcome.NOTHING, text)
        raise self._not_discovered()

    def _say(self, outcome: Outcome, text: str) -> None:
        if outcome is not Outcome.TRYING:
            self.tried.append(text)
        self.said(Step(outcome=outcome, text=text))

    def _of_provider(self, provider: Provider, text: str) -> Discovery:
        if provider.imap is None:
            self._say(Outcome.NOTHING, text)
            raise NoImap(f"{provider.name} has no IMAP server. {provider.note}")
        self._say(Outcome.FOUND, text)
        found = Found(imap=provider.imap, smtp=provider.smtp, user=provider.user_for(self.address))
        return self._discovery(found, provider, text)

    def _discovery(self, found: Found, provider: Provider | None, how: str) -> Discovery:
        return Discovery(
            imap=found.imap,
            smtp=found.smtp,
            how=how,
            steps=tuple(self.tried),
            user=found.user or self.address,
            provider=provider,
            oauth_only=found.oauth_only,
            agreed=self.vouched,
        )

    def _not_discovered(self) -> NotDiscovered:
        likely = self.doubtful or self._guessed()
        host = likely.host if likely else f"imap.{self.domain}"
        return NotDiscovered(
            f"The mail server of {self.domain} could not be found ({'; '.join(self.tried)}). Write it under the "
            f"mailbox:\n  imap: {{host: {host}, port: 993}}",
            likely=likely,
        )

    # ---------------------------------------------------------------- questions within the time that is left

    def _left(self, most: float) -> float:
        return max(0.0, min(most, self.until - time.monotonic()))

    def _records(self, name: str, kind: str) -> list[str]:
        left = self._left(_DNS)
        if not left:
            raise Silent
        return self.network.records(name, kind, left)

    def _page(self, url: str) -> Page | None:
        left = self._left(_PAGE)
        return self.network.page(url, left) if left else None

    # ---------------------------------------------------------------- the steps

    def _in_table(self) -> tuple[Provider | None, str]:
        provider = by_domain(self.domain)
        if provider is None:
            return None, f"{self.domain} is not in the list of known providers"
        return provider, f"{self.domain} belongs to {provider.name}"

    def _by_autoconfig(self, domain: str) -> tuple[Found | None, str]:
        for url in autoconfig.urls(domain):
            page = self._page(url)
            if page is not None and page.status in _WANTS_ADDRESS and domain == self.domain:
                page = self._page(autoconfig.with_address(url, self.address))
            found = autoconfig.read(page.content, self.domain, self.address) if page and page.status == 200 else None
            if found is not None:
                return found, f"{domain} publishes its settings at {url}"
        return None, f"{domain} publishes no settings file"

    def _by_srv(self, domain: str) -> tuple[Found | None, str]:
        try:
            imap = self._srv(domain, "imap")
            smtp = self._srv(domain, "smtp") if imap else None
        except Silent:
            return None, f"DNS did not answer when asked for the SRV records of {domain}"
        if imap is None:
            return None, f"{domain} has no SRV records for IMAP"
        found = Found(imap=imap, smtp=smtp)
        if not self._vouched(found, f"The SRV records of {domain} say"):
            return None, f"its SRV records name {imap.host}, which is outside {self.domain}: nobody vouches for it"
        return found, f"{domain} names its server in SRV records"

    def _by_exchangers(self) -> tuple[Found | Provider | None, str]:
        try:
            hosts = _by_preference(self._records(self.domain, "MX"))
        except Silent:
            return None, "DNS did not answer when asked for the mail exchangers"
        if not hosts:
            return None, "it has no mail exchangers"
        for host in hosts:
            provider = by_exchanger(host)
            if provider is not None:
                return provider, f"the mail of {self.domain} goes to {provider.name}"
        for parent in _parents(hosts, besides=self.domain):
            found = self._of_hoster(parent)
            if found is not None:
                return found, f"the mail of {self.domain} goes to {parent}, which publishes its settings"
        return None, "its mail exchangers belong to nobody who publishes settings"

    def _of_hoster(self, domain: str) -> Found | None:
        """What the domain of a mail exchanger publishes; that it is the right domain is only DNS's word."""
        found, _ = self._by_autoconfig(domain)
        if found is not None:
            return found if self._vouched(found, f"{domain}, which takes the mail of {self.domain}, says") else None
        found, _ = self._by_srv(domain)
        return found

    def _srv(self, domain: str, kind: str) -> Server | None:
        """The best of a domain's endpoints: TLS from the first byte, then priority, then weight.

        The greatest weight wins always, for one client is no load to be spread. "." says: not offered (RFC 6186 §3.4).
        """
        for service, secured in _SRV_SERVICES[kind]:
            targets = (record.split() for record in self._records(f"{service}.{domain}", "SRV"))
            named = [
                (int(priority), -int(weight), host.rstrip(".").lower(), int(port))
                for priority, weight, port, host in (target for target in targets if len(target) == 4)
                if usable(host.rstrip(".")) and 0 < int(port) < 65536
            ]
            if named:
                _, _, host, port = min(named)
                return Server(host=host, port=port, tls=secured)
        return None

    def _vouched(self, found: Found, who: str) -> bool:
        """Whether a server that DNS named may be taken: ours by its name, a known provider's, or agreed to."""
        if within(found.imap.host, self.domain) or found.provider is not None:
            return True
        if self.agreed is None:
            self.doubtful = self.doubtful or found.imap
            return False
        where = f"{found.imap.host}:{found.imap.port}"
        self.vouched = self.agreed(f"{who} that the mail of {self.domain} is at {where}, in another domain", found.imap)
        return self.vouched

    def _guessed(self) -> Server | None:
        """A server under a usual name that greets over verified TLS. Nobody has said that it has the mail."""
        for host in (f"imap.{self.domain}", f"mail.{self.domain}", self.domain):
            left = self._left(_GREETING)
            self._say(Outcome.TRYING, f"whether {host} answers")
            if left and self.network.greets(host, 993, left):
                self._say(Outcome.NOTHING, f"{host} answers, but nobody says that the mail is there")
                return Server(host=host, port=993)
        return None


def _by_preference(records: list[str]) -> list[str]:
    """The hosts of MX records, the preferred first. "." says that the domain takes no mail (RFC 7505)."""
    named = [record.split() for record in records]
    pairs = [(int(pair[0]), pair[1].rstrip(".").lower()) for pair in named if len(pair) == 2 and pair[0].isdigit()]
    return [host for _, host in sorted(pairs) if usable(host)]


def _parents(hosts: list[str], *, besides: str) -> Iterator[str]:
    """The domains that the first exchangers lie in, the nearest first: two each, as Thunderbird does."""
    seen = {besides}
    for host in hosts[:_EXCHANGERS]:
        labels = host.split(".")
        for parent in (".".join(labels[1:]), ".".join(labels[2:])):
            if parent.count(".") >= 1 and parent not in seen:
                seen.add(parent)
                yield parent
