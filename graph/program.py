"""What the program is made of, as one hash: what another program worked out is worked out anew."""

import hashlib
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_KINDS = frozenset({".py", ".cypher", ".toml", ".ttl", ".html"})


@cache
def digest_of(*packages: str) -> str:
    """The hash of the files of some of the packages."""
    digest = hashlib.sha256()
    for path in sorted(p for package in packages for p in (_ROOT / package).rglob("*")):
        if path.suffix in _KINDS and path.is_file():
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
