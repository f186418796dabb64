"""Makes newsletter/check/rules/clients/support.json from the npm package caniemail: `make clients`.

The package has the data of Can I email (caniemail.com) as JSON. Of its 650 kB, the checks need 20 kB: a letter for each
feature and email client. newsletter/check/rules/clients/features.txt, which is written by hand, lists the features that
are checked and the effect of each. A test reports new features that are not in it.

python docs/clients.py              the newest package, by `npm pack` (the only network access; needs npm)
python docs/clients.py PACKAGE.tgz  a package that was downloaded before
"""  # noqa: INP001 (a script)

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from newsletter.check.rules.clients.support import SHIPPED
from newsletter.config.clients import CLIENTS

UNKNOWN = "u"
_DATE = re.compile(r"(20\d\d)(?:-(\d\d?))?")
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def main(arguments: list[str]) -> None:
    """Writes the table."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(arguments[0]) if arguments else fetch(Path(folder))
        facts, version, licence = read(package)
    SHIPPED.write_text(dump(facts, version, licence), encoding="utf-8", newline="\n")
    print(f"{SHIPPED.name}: {len(facts['data'])} features of {facts['last_update_date'][:10]}")  # noqa: T201 (a script)


def fetch(folder: Path) -> Path:
    """The newest package.

    It is requested by its tag, because otherwise npm takes the newest that supports the local Node.
    """
    npm = shutil.which("npm") or sys.exit("npm is not here: give the package as an argument")
    subprocess.run(  # noqa: S603 (fixed arguments)
        [npm, "pack", "caniemail@latest", "--silent", "--pack-destination", folder],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(folder.glob("*.tgz"))


def read(package: Path) -> tuple[dict[str, Any], str, str]:
    """The data, the version of the package, and its licence."""
    with tarfile.open(package) as archive:

        def text(name: str) -> str:
            member = archive.extractfile(f"package/{name}")
            return member.read().decode("utf-8") if member else ""

        return json.loads(text("data/caniemail.json")), json.loads(text("package.json"))["version"], text("LICENSE")


def dump(facts: dict[str, Any], version: str, licence: str) -> str:
    """The table as it is distributed: always in the same order, with a line per feature."""
    source = {
        "what": "Which email clients support which HTML and CSS: facts of Can I email, https://www.caniemail.com/",
        "package": f"caniemail {version}, https://www.npmjs.com/package/caniemail",
        "updated": facts["last_update_date"][:10],
        "made_by": "docs/clients.py; do not edit",
        "licence": ["Can I email: MIT, Copyright (c) 2019 HTeuMeuLeu", *paragraphs(licence)],
    }
    head = json.dumps({"source": source, "clients": [client.key for client in CLIENTS]}, indent=1, ensure_ascii=False)
    rows = sorted((feature["slug"], row(feature)) for feature in facts["data"])
    lines = ",\n".join(f"  {json.dumps(slug)}: {json.dumps(value)}" for slug, value in rows)
    return f'{head.removesuffix("}").rstrip()},\n "features": {{\n{lines}\n }}\n}}\n'


def paragraphs(licence: str) -> list[str]:
    """The paragraphs of the licence."""
    return [" ".join(part.split()) for part in licence.strip().split("\n\n")]


def row(feature: dict[str, Any]) -> str:
    """The date of the last test of a feature, and its support by each client.

    The support is y (yes), n (no), a (partial) or u (unknown).
    """
    stats = feature["stats"]
    letters = (newest(stats.get(client.tested[0], {}).get(client.tested[1], {})) for client in CLIENTS)
    return f"{feature['last_test_date']} {''.join(letters)}"


def newest(results: dict[str, str]) -> str:
    """The support in the newest version.

    Versions are in order, but JSON from JavaScript puts whole numbers first.
    """
    if not results:
        return UNKNOWN
    versions = list(results)
    if all(map(_DATE.fullmatch, versions)):
        last = max(versions, key=lambda version: [int(part) for part in version.split("-")])
    elif all(_VERSION.fullmatch(version) and not _DATE.fullmatch(version) for version in versions):
        last = max(versions, key=lambda version: [int(part) for part in version.split(".")])
    else:  # Outlook on the Mac: 2011, 2016, 16.80
        last = versions[-1]
    letter = results[last].split()[0]
    return letter if letter in "yna" else UNKNOWN


if __name__ == "__main__":
    main(sys.argv[1:])
