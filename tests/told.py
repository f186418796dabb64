"""What is true of the publications that tests start: nothing that `newsletter init` would make up, which is never published."""

from __future__ import annotations

TOLD = {
    "sender": "The editor",
    "email": "letters@letters.example",
    "address": "The letter, Sluisweg 7, 9000 Ghent, Belgium",
    "url": "https://letters.example/",
}
OPTIONS = tuple(f"--{name}={value}" for name, value in TOLD.items())
"""The same for the command line."""
