"""How many requests one caller may make, and where a caller is taken to be.

A caller is a key, a session, or an address where nobody is known. The address is that of the
connection; a header may name another only where a proxy that the settings trust put it there.
"""

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

from api.errors import TooManyError
from graph.errors import FingerpostError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_IPV6_SUBSCRIBER = 64
"""One subscriber has a network of this length to choose addresses from (RFC 6177)."""


class Windows:
    """One limit, in moving windows in memory, one a caller."""

    def __init__(self, limit: str) -> None:
        """A limit such as `600/minute`. Raises FingerpostError for what is no limit."""
        self._limit = _limit(limit)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def count(self, caller: str) -> None:
        """Count one of a caller's. Raises TooManyError where there were too many."""
        if not self._windows.hit(self._limit, caller):
            again = self._windows.get_window_stats(self._limit, caller).reset_time
            wait = max(1, math.ceil(again - time.time()))
            raise TooManyError(f"That is too much at once. Ask again in {wait} seconds.", wait)


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of the staff application: for requests, and a narrower one for failures.

    Of attempts to get in only what fails is counted and refused, so that nobody is locked out by a
    neighbour's guesses; what opens cannot be guessed in any case.
    """

    requests: Windows
    failures: Windows


def networks(given: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks of trusted proxies. Raises FingerpostError for what is none."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in given if one.strip())
    except ValueError:
        raise FingerpostError(
            "FINGERPOST_PROXIES holds something that is no address and no network. Write it as "
            "10.0.0.5 or 10.0.0.0/24, several with commas between them."
        ) from None


def caller_address(scope: Scope, proxies: Sequence[Network]) -> str:
    """The address a request comes from: of X-Forwarded-For, the last that no proxy of ours has.

    Whatever stands left of it was written by whoever sent the request.
    """
    client = scope.get("client")
    address = _plain(str(client[0])) if client else ""
    forwarded = [v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for"]
    for hop in reversed(",".join(forwarded).split(",")):
        if not _is_in(address, proxies) or not _is_address(hop.strip()):
            break
        address = _plain(hop.strip())
    return _subscriber(address)


def _limit(given: str) -> RateLimitItem:
    try:
        return parse(given)
    except ValueError:
        raise FingerpostError(
            "A limit of requests is written as a number and a time, such as 600/minute or 10/hour."
        ) from None


def _plain(address: str) -> str:
    """An IPv4 address that is written as one of IPv6 (RFC 4291, 2.5.5.2) as what it is."""
    if not _is_address(address):
        return address
    mapped = getattr(ipaddress.ip_address(address), "ipv4_mapped", None)
    return str(mapped) if mapped else address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, proxies: Sequence[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in one for one in proxies)


def _subscriber(address: str) -> str:
    if not _is_address(address) or ipaddress.ip_address(address).version == 4:
        return address
    return str(ipaddress.ip_network(f"{address.split('%')[0]}/{_IPV6_SUBSCRIBER}", strict=False))
