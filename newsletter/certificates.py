"""The certificates that connections trust."""

from __future__ import annotations

import ssl
from functools import cache

from newsletter.errors import WorldError


@cache
def default_certificates() -> ssl.SSLContext:
    """The certificates that the system trusts; if Python finds none, those of the package certifi.

    Raises WorldError if there is neither: without them no site can be verified.
    """
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath or context.cert_store_stats()["x509_ca"]:
        return context
    try:
        import certifi  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise WorldError(
            "this Python has no certificates to verify sites with", hint="Install some with `pip install certifi`."
        ) from error
    context.load_verify_locations(certifi.where())
    return context
