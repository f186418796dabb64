"""The publications that all judges use, and the programs that they need."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.judges.workspaces import ENOUGH, LOOKS, WORKSPACES, Built, built

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def publications(tmp_path_factory):
    """Every workspace in the first bundled look, and the `ENOUGH` in all others, built."""
    run = tmp_path_factory.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "judged"
    wanted = [(name, look) for look in LOOKS for name in (WORKSPACES if look == LOOKS[0] else ENOUGH)]
    made = [Built(f"{name} in {look}", folder / f"{name}-{look}") for name, look in wanted]
    with (folder.parent / "judged.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker builds them for all others
        if not (folder / "built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            for (name, look), one in zip(wanted, made, strict=True):
                assert built(name, one.root, look) == one
            (folder / "built").touch()
    return made


@pytest.fixture(scope="session")
def documents(publications):
    """All documents of all publications."""
    return [document for publication in publications for document in publication.documents]


@pytest.fixture(scope="session")
def packages():
    """The folder with the judges from npm."""
    folder = HERE / "node_modules"
    if not (folder / ".package-lock.json").is_file():
        pytest.skip("the judges from npm are not installed (make judges; it needs Node 18 or later and npm)")
    return folder


@pytest.fixture(scope="session")
def node(packages):
    """The path of Node."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed (on Debian: apt-get install nodejs npm)")
    return found


@pytest.fixture(scope="session")
def java(packages):
    """The path of a Java that runs the Nu HTML checker."""
    found = shutil.which("java")
    if found is None:
        pytest.skip("Java is not installed (on Debian: apt-get install default-jre-headless)")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < 17:
        pytest.skip(f"Java 17 or later is needed, and {found} says: {said.splitlines()[0] if said else 'nothing'}")
    return found
