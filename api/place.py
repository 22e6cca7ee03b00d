"""Where an application listens."""

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Where an application listens, and the options that choose another place."""

    host: str
    port: int
    host_option: str = "--host"
    port_option: str = "--port"

    @property
    def url(self) -> str:
        """The address as a browser on this machine writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
