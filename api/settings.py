"""Settings from the environment, each with `FINGERPOST_` before its name."""

from pathlib import Path

from pydantic import SecretStr
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
    store: str = "embedded"
    """`embedded`, or the address of a Neo4j server."""
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    """Without a password the server is asked without authentication."""


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
