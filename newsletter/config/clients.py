"""The email clients that people use, and the default share of readers of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

REVIEWED = "2026-11"
"""The month in which the shares below were last reviewed."""
LEAST_READERS = 3
"""Percent of the readers: the default of `email.least_readers` in newsletter.yaml. Problems of fewer readers are not
reported."""

_FEW = 0.05
"""A family is named for some of its clients if the others have less than this share of its readers."""


class EmailClient(NamedTuple):
    """One email client on one platform."""

    key: str
    """Its key in newsletter.yaml: `gmail-android`."""
    name: str
    """The name that people read: `Gmail on Android`."""
    family: str
    """The key of its family, by which newsletter.yaml can name all of its clients: `gmail`."""
    tested: tuple[str, str]
    """Family and platform in the data of Can I email."""
    share: float
    """Percent of readers: our own rounded estimates for a letter to private readers in Europe and America.

    They are neither measured nor a claim about your readers. Public statistics count opened emails, and Apple's privacy
    proxy opens every email.
    """


CLIENTS = (
    EmailClient("apple-mail-ios", "Apple Mail on iPhone and iPad", "apple-mail", ("apple-mail", "ios"), 30),
    EmailClient("apple-mail-macos", "Apple Mail on the Mac", "apple-mail", ("apple-mail", "macos"), 8),
    EmailClient("gmail-web", "Gmail on the web", "gmail", ("gmail", "desktop-webmail"), 14),
    EmailClient("gmail-android", "Gmail on Android", "gmail", ("gmail", "android"), 12),
    EmailClient("gmail-ios", "Gmail on iPhone", "gmail", ("gmail", "ios"), 6),
    EmailClient("gmail-mobile-web", "Gmail in a phone’s browser", "gmail", ("gmail", "mobile-webmail"), 1),
    # Renders with Word. Since 2024 "new Outlook" is Outlook.com in a window, also on Windows.
    EmailClient("outlook-windows", "Outlook on Windows", "outlook", ("outlook", "windows"), 5),
    EmailClient("outlook-web", "Outlook.com and the new Outlook", "outlook", ("outlook", "outlook-com"), 5),
    EmailClient("outlook-macos", "Outlook on the Mac", "outlook", ("outlook", "macos"), 1),
    EmailClient("outlook-ios", "Outlook on iPhone", "outlook", ("outlook", "ios"), 1),
    EmailClient("outlook-android", "Outlook on Android", "outlook", ("outlook", "android"), 1),
    EmailClient("yahoo-web", "Yahoo Mail on the web", "yahoo", ("yahoo", "desktop-webmail"), 2),
    EmailClient("yahoo-ios", "Yahoo Mail on iPhone", "yahoo", ("yahoo", "ios"), 0.5),
    EmailClient("yahoo-android", "Yahoo Mail on Android", "yahoo", ("yahoo", "android"), 0.5),
    EmailClient("aol-web", "AOL Mail on the web", "aol", ("aol", "desktop-webmail"), 0.5),
    EmailClient("aol-ios", "AOL Mail on iPhone", "aol", ("aol", "ios"), 0.2),
    EmailClient("aol-android", "AOL Mail on Android", "aol", ("aol", "android"), 0.2),
    EmailClient("samsung-email", "Samsung Email", "samsung-email", ("samsung-email", "android"), 2),
    EmailClient("thunderbird", "Thunderbird", "thunderbird", ("thunderbird", "macos"), 1),
    EmailClient("protonmail-web", "Proton Mail on the web", "protonmail", ("protonmail", "desktop-webmail"), 0.6),
    EmailClient("protonmail-ios", "Proton Mail on iPhone", "protonmail", ("protonmail", "ios"), 0.2),
    EmailClient("protonmail-android", "Proton Mail on Android", "protonmail", ("protonmail", "android"), 0.2),
    EmailClient("fastmail", "Fastmail", "fastmail", ("fastmail", "desktop-webmail"), 0.3),
    EmailClient("hey", "HEY", "hey", ("hey", "desktop-webmail"), 0.2),
    EmailClient("gmx-web", "GMX on the web", "gmx", ("gmx", "desktop-webmail"), 0.6),
    EmailClient("gmx-ios", "GMX on iPhone", "gmx", ("gmx", "ios"), 0.2),
    EmailClient("gmx-android", "GMX on Android", "gmx", ("gmx", "android"), 0.2),
    EmailClient("web-de-web", "WEB.DE on the web", "web-de", ("web-de", "desktop-webmail"), 0.6),
    EmailClient("web-de-ios", "WEB.DE on iPhone", "web-de", ("web-de", "ios"), 0.2),
    EmailClient("web-de-android", "WEB.DE on Android", "web-de", ("web-de", "android"), 0.2),
    EmailClient("ionos-web", "IONOS on the web", "ionos", ("ionos-1and1", "desktop-webmail"), 0.1),
    EmailClient("ionos-android", "IONOS on Android", "ionos", ("ionos-1and1", "android"), 0.1),
    EmailClient("t-online", "T-Online", "t-online", ("t-online-de", "desktop-webmail"), 0.3),
    EmailClient("orange-web", "Orange on the web", "orange", ("orange", "desktop-webmail"), 0.3),
    EmailClient("orange-ios", "Orange on iPhone", "orange", ("orange", "ios"), 0.1),
    EmailClient("orange-android", "Orange on Android", "orange", ("orange", "android"), 0.1),
    EmailClient("sfr-web", "SFR on the web", "sfr", ("sfr", "desktop-webmail"), 0.2),
    EmailClient("sfr-ios", "SFR on iPhone", "sfr", ("sfr", "ios"), 0.1),
    EmailClient("sfr-android", "SFR on Android", "sfr", ("sfr", "android"), 0.1),
    EmailClient("laposte", "LaPoste.net", "laposte", ("laposte", "desktop-webmail"), 0.1),
    EmailClient("free-fr", "Free.fr", "free-fr", ("free-fr", "desktop-webmail"), 0.1),
    EmailClient("mail-ru", "Mail.ru", "mail-ru", ("mail-ru", "desktop-webmail"), 0.3),
)
"""All clients that the tool knows. The rest up to 100 percent use other clients, which the tool does not cover."""

FAMILIES = {
    "apple-mail": "Apple Mail",
    "gmail": "Gmail",
    "outlook": "Outlook",
    "yahoo": "Yahoo Mail",
    "aol": "AOL Mail",
    "protonmail": "Proton Mail",
    "gmx": "GMX",
    "web-de": "WEB.DE",
    "ionos": "IONOS",
    "orange": "Orange",
    "sfr": "SFR",
}
"""The names of families with more than one client, by key."""


def shares_of(given: Mapping[str, float]) -> dict[str, float]:
    """The percentage of readers by client.

    newsletter.yaml gives it by client or family; the default is our own estimate. If newsletter.yaml has any shares,
    clients that it does not name have no readers. A family's share is divided among its clients without a share of
    their own, in proportion to our estimate.
    """
    if not given:
        return {client.key: client.share for client in CLIENTS}
    shares = {client.key: float(given.get(client.key, 0)) for client in CLIENTS}
    for family in FAMILIES:
        if family in given:
            unnamed = [client for client in CLIENTS if client.family == family and client.key not in given]
            whole = sum(client.share for client in unnamed)
            for client in unnamed:
                shares[client.key] = given[family] * client.share / whole
    return shares


def named(keys: Iterable[str], shares: Mapping[str, float]) -> list[str]:
    """The names of the clients among `keys` that have readers, those with most readers first.

    If these are all clients of a family, or have nearly all of its readers, the family is named: `Gmail`.
    """
    asked = {key for key in keys if shares.get(key, 0) > 0}
    weights: dict[str, float] = {}
    for client in CLIENTS:
        if client.key in asked:
            name = FAMILIES[client.family] if _is_nearly_all(client.family, asked, shares) else client.name
            weights[name] = weights.get(name, 0) + shares[client.key]
    return sorted(weights, key=lambda name: -weights[name])


def called(key: str) -> str:
    """The name of a client or a family. Raises KeyError for an unknown one."""
    return FAMILIES.get(key) or {client.key: client.name for client in CLIENTS}[key]


def _is_nearly_all(family: str, asked: Collection[str], shares: Mapping[str, float]) -> bool:
    kin = [client.key for client in CLIENTS if client.family == family and shares.get(client.key, 0) > 0]
    others = sum(shares[key] for key in kin if key not in asked)
    return family in FAMILIES and len(kin) > 1 and others < _FEW * sum(shares[key] for key in kin)
