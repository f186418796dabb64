"""The outputs that a large build holds until writing are in an invisible file that leaves nothing behind."""

from __future__ import annotations

import errno
import gc
import os
import warnings

import pytest

from newsletter.build.spool import Spool
from newsletter.errors import WorldError


def test_contents_are_read_unchanged_in_any_order(tmp_path):
    spool = Spool(tmp_path)
    contents = [b"", b"one", os.urandom(100_000), "三".encode()]
    readers = [spool.put(content) for content in contents]
    assert [read() for read in reversed(readers)] == [*reversed(contents)]
    late = spool.put(b"late")
    assert (late(), readers[1]()) == (b"late", b"one")


@pytest.mark.parametrize("there", [True, False])
def test_the_file_is_invisible_and_leaves_nothing(tmp_path, there):
    if there:
        (tmp_path / ".newsletter").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spool = Spool(tmp_path)
        read = spool.put(b"x" * 10_000)
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
        del spool
        assert len(read()) == 10_000  # the open file keeps its content
        del read
        gc.collect()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_file_is_not_created_through_a_symbolic_link(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o500)
    (tmp_path / ".newsletter").symlink_to(tmp_path / "elsewhere")
    assert Spool(tmp_path).put(b"here")() == b"here"


def test_a_full_disk_is_reported(tmp_path, monkeypatch):
    spool = Spool(tmp_path)

    class Full:
        def seek(self, at):
            return at

        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool, "_file", Full())
    with pytest.raises(WorldError, match="no space left on device"):
        spool.put(b"much")
