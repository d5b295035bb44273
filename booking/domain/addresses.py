"""Addresses on the internet that this service may be sent to, and those that it may not (RFC 6890)."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import quote, unquote, urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
"""Characters of an address."""

UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
"""Never in an address; some parsers drop them, others stop there."""
NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
AT_HOME = re.compile(r"(.+\.)?(localhost|localdomain|ip6-localhost|ip6-loopback)")
"""Names that mean this machine, whatever a resolver says."""

LOOPBACK = IPv4Address("127.0.0.1")
NOT_THE_INTERNET = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),  # behind a carrier's NAT
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),  # relays to 6to4
)
THE_INTERNET_6 = IPv6Network("2000::/3")
TUNNELS = (IPv6Network("2001::/23"), IPv6Network("2002::/16"))
"""Teredo, 6to4 and the like: the address of another machine is packed inside."""
TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 as networks without IPv4 see it (RFC 6052): what is inside counts."""
ISATAP = (0x00005EFE, 0x02005EFE)
"""The middle of an IPv6 address that carries an IPv4 one to the local network (RFC 5214)."""


class BadAddress(ValueError):
    """An address that is not gone to. `code`: not-a-web-address, scheme or private-address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Address:
    """A URL, taken apart once, so that what is checked is what is gone to.

    `host`: in ASCII and lower case, without brackets; `target`: path and query, as HTTP sends them;
    `user`: name and password, when the address holds them.
    """

    scheme: str
    host: str
    port: int
    target: str
    user: tuple[str, str] | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read http and https addresses; BadAddress for everything else.

        >>> Address.parse("https://①②⑦.⓪.⓪.①/agenda.ics").host
        '127.0.0.1'
        """
        if (
            not 0 < len(url) <= LONGEST
            or "\\" in url
            or any(ord(char) <= ord(" ") or ord(char) == 127 for char in url)
        ):
            raise BadAddress("not-a-web-address")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise BadAddress("not-a-web-address") from None
        if parts.scheme not in PORTS:
            raise BadAddress("scheme" if parts.scheme else "not-a-web-address")
        if port == 0:
            raise BadAddress("not-a-web-address")
        target = quote(parts.path or "/", safe="/:@!$&'()*+,;=%~-._")
        if parts.query:
            target += "?" + quote(parts.query, safe="/:@!$&'()*+,;=%~-._?")
        user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return cls(parts.scheme, _host(host or ""), port or PORTS[parts.scheme], target, user)

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The number that the host is, in any of the spellings that connect; None for a name.

        >>> Address.parse("http://0x7f.1/").literal
        IPv4Address('127.0.0.1')
        """
        return _literal(self.host)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Where it leads, without what is asked there."""
        return self.scheme, self.host, self.port


@dataclass(frozen=True, slots=True)
class Reach:
    """Where this deployment may go: to the internet, and to what it names although it is private."""

    endpoints: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Self:
        """From entries that are `host:port` or a network, as settings have checked them."""
        endpoints, networks = set(), []
        for entry in entries:
            try:
                networks.append(ip_network(entry))
            except ValueError:
                parts = urlsplit(f"//{entry}")
                endpoints.add((parts.hostname or "", parts.port or 0))
        return cls(frozenset(endpoints), tuple(networks))

    def check(self, address: Address) -> None:
        """What can be said without asking anybody; BadAddress for a private number and for this machine's name."""
        literal = LOOPBACK if AT_HOME.fullmatch(address.host) else address.literal
        if literal is not None and not self.allows(literal, address.host, address.port):
            raise BadAddress("private-address")

    def allows(self, peer: IPv4Address | IPv6Address, host: str, port: int) -> bool:
        """Whether a connection to `peer` may be made, as `host` at `port` was asked for."""
        if (host, port) in self.endpoints:
            return True
        inside = getattr(peer, "ipv4_mapped", None) or peer
        return is_public(peer) or any(inside in network for network in self.networks)


def is_public(peer: IPv4Address | IPv6Address) -> bool:
    """Whether this is one machine on the open internet, and not a private one in disguise.

    >>> is_public(ip_address("::ffff:10.0.0.1")), is_public(ip_address("64:ff9b::8.8.8.8"))
    (False, True)
    """
    if isinstance(peer, IPv4Address):
        return (
            peer.is_global
            and not (peer.is_multicast or peer.is_reserved)
            and not any(peer in network for network in NOT_THE_INTERNET)
        )
    if peer.scope_id is not None:
        return False
    if peer.ipv4_mapped is not None:
        return is_public(peer.ipv4_mapped)
    if peer in TRANSLATED:
        return is_public(IPv4Address(int(peer) & 0xFFFFFFFF))
    if any(peer in network for network in TUNNELS) or int(peer) >> 32 & 0xFFFFFFFF in ISATAP:
        return False
    return peer in THE_INTERNET_6 and peer.is_global and not peer.is_reserved


def _host(raw: str) -> str:
    """In the one spelling that is checked and connected to: IDNA folds circled digits and full-width dots."""
    if ":" in raw:
        try:
            number = IPv6Address(raw)
        except ValueError:
            raise BadAddress("not-a-web-address") from None
        if number.scope_id is not None:
            raise BadAddress("private-address")
        return str(number)
    try:
        host = raw.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise BadAddress("not-a-web-address") from None
    if not NAME.fullmatch(host):
        raise BadAddress("not-a-web-address")
    return host


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))  # 127.1, 0x7f000001, 017700000001: whatever connects
    except OSError:
        return None
