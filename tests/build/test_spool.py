"""What a large build holds back until it is written: in a file that nobody sees, with nothing of it left behind."""

from __future__ import annotations

import errno
import gc
import os
import warnings

import pytest

from newsletter.build.spool import Spool
from newsletter.errors import WorldError


def test_contents_come_back_as_they_were_in_any_order(tmp_path):
    spool = Spool(tmp_path)
    contents = [b"", b"one", os.urandom(100_000), "三".encode()]
    readers = [spool.put(content) for content in contents]
    assert [read() for read in reversed(readers)] == [*reversed(contents)]
    late = spool.put(b"late")
    assert (late(), readers[1]()) == (b"late", b"one")


@pytest.mark.parametrize("there", [True, False])
def test_nothing_of_it_is_seen_or_stays(tmp_path, there):
    if there:
        (tmp_path / ".newsletter").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spool = Spool(tmp_path)
        read = spool.put(b"x" * 10_000)
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
        del spool
        assert len(read()) == 10_000  # what reads it keeps it
        del read
        gc.collect()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_it_is_not_put_behind_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o500)
    (tmp_path / ".newsletter").symlink_to(tmp_path / "elsewhere")
    assert Spool(tmp_path).put(b"here")() == b"here"


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    spool = Spool(tmp_path)

    class Full:
        def seek(self, at):
            return at

        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool, "_file", Full())
    with pytest.raises(WorldError, match="no space left on device"):
        spool.put(b"much")
