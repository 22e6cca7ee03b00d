"""Signing in with a real browser over TLS: cookies for this host alone, and no way round."""

import datetime
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page, expect
from test_browser import browser as browser
from test_oidc import Provider, staff_of
from test_oidc import provider as provider

from ontology.schema import Schema


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    own, secret = folder / "own.pem", folder / "key.pem"
    own.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return own, secret


@pytest.fixture
def address(provider: Provider, tmp_path: Path, schema: Schema) -> Iterator[str]:
    """The staff application over TLS, with sign-in set up."""
    own, secret = certificate(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        provider.base = f"https://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(
                staff_of(provider, tmp_path, schema),
                log_level="critical",
                lifespan="off",
                ssl_certfile=str(own),
                ssl_keyfile=str(secret),
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield provider.base
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_somebody_signs_in_works_and_signs_out(page: Page, address: str) -> None:
    page.goto(f"{address}/account")
    page.get_by_role("link", name="Sign in").first.click()
    page.wait_for_url(f"{address}/account")
    assert "editor" in page.inner_text("main")
    cookies = page.context.cookies()
    assert {c["name"] for c in cookies} >= {"__Host-fingerpost"}
    assert all(c["secure"] and c["httpOnly"] and c["path"] == "/" for c in cookies)
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.get_by_role("button", name="Sign out").first.click()
    page.goto(f"{address}/account")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
