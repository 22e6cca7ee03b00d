"""Settings from the environment, each with `FINGERPOST_` before its name."""

import datetime
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import StoreError
from graph.stores.embedded import EmbeddedStore
from graph.stores.neo4j import Neo4jStore
from graph.stores.protocol import Store

ROOT = Path(__file__).parent.parent
SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


class Settings(BaseSettings):
    """Where things are. `FINGERPOST_HOME=/srv/fingerpost` keeps releases and store elsewhere."""

    model_config = SettingsConfigDict(env_prefix="FINGERPOST_")

    home: Path = ROOT / "var"
    """The folder for releases and the embedded store."""
    partnerships: Path = ROOT / "graph" / "partnerships"
    """The folder that holds a folder a partnership."""
    postcodes: Path | None = None
    """A table of where postcodes lie, for distances in the public application (docs/feed.md)."""
    licence: str = ""
    """The terms of use of what the public application publishes, by their address; none if
    empty."""
    directory: str = ""
    """The partnerships that the public directory is for, by slug, with commas between
    them; all if empty (docs/directory.md)."""
    public_url: str = ""
    """The address of the public application as others write it, such as https://help.example.org;
    links to providers begin with it (docs/ask-once.md)."""
    count_searches: bool = False
    """Whether searches are counted by month, partnership, need and outcome (docs/ask-once.md)."""
    on: datetime.date | None = None
    """The day that the public application serves, for tests and demonstrations; the clock's if
    none."""
    store: str = "embedded"
    """`embedded`, or the address of a Neo4j server."""
    answer_seconds: float = Field(default=30.0, gt=0)
    """How long an answer may take before the request is refused (503)."""
    answers_at_once: int = Field(default=4, ge=1, le=64)
    """How many answers are worked out at once; more requests wait their turn."""
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    """Without a password the server is asked without authentication."""

    # Who may use the staff application (api/access); all of it is explained in docs/serving.md.
    staff_url: str = ""
    """The address of the staff application as browsers write it, such as https://fp.example.org."""
    staff_hosts: str = ""
    """More names that the staff application answers to, with commas between them."""
    oidc_issuer: str = ""
    """The identity provider that people sign in with, by its issuer address."""
    oidc_client_id: str = ""
    """What the identity provider knows this application as."""
    oidc_client_secret: SecretStr | None = None
    """The secret shared with the identity provider; none for a public client."""
    oidc_scopes: str = "openid"
    """What is asked of the identity provider, with spaces between."""
    oidc_roles_claim: str = "roles"
    """The claim that holds somebody's roles or groups; dots lead into claims within claims."""
    oidc_roles: str = ""
    """Which value of that claim gives which role: `fp-edit=editor, fp-publish=publisher`."""
    oidc_name_claim: str = "sub"
    """The claim that the log names people by."""
    session_idle_minutes: int = Field(default=30, ge=1, le=480)
    """A session ends when nothing was asked for so long."""
    session_hours: int = Field(default=10, ge=1, le=24)
    """A session ends after so long in any case."""
    proxies: str = ""
    """Addresses and networks of proxies whose X-Forwarded-For is believed."""
    rate_requests: str = "600/minute"
    """How much one caller may ask of the staff application, where people sign in."""
    rate_failures: str = "10/minute"
    """How often one address may begin a sign-in, and how often it may fail to get in."""
    public_rate: str = ""
    """How much one address may ask of the public application; as much as it likes where empty."""
    connections: int = Field(default=500, ge=10)
    """How many connections each application answers at once; more are told to come again (503)."""
    body_bytes: int = Field(default=65_536, ge=1_024)
    """The largest body of a request that is no upload."""
    upload_bytes: int = Field(default=20_000_000, ge=1_024)
    """The largest upload."""
    import_rows: int = Field(default=20_000, ge=1)
    """The most rows of one import over HTTP: so many are validated in half a minute, in the
    server's own process. The command line has no such limit."""


def open_store(settings: Settings, address: str | None = None) -> Store:
    """The store of an address, or of the settings where none is given.

    Raises StoreError where the address is of no kind that is known.
    """
    where = address or settings.store
    if where == "embedded":
        return EmbeddedStore(settings.home / "store")
    if where.split("://", 1)[0] in SCHEMES and "://" in where:
        password = settings.neo4j_password
        auth = (settings.neo4j_user, password.get_secret_value()) if password else None
        return Neo4jStore(where, auth)
    raise StoreError(
        f'"{where}" is no store. Write embedded, or an address such as bolt://localhost:7687.'
    )
