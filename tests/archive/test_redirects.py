"""Old addresses lead on: which can, what stands there, and that nothing of the site is written over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive.redirects import Redirect, file_of, former_redirects, redirect_pages, site_path, written_path

URL = "https://letters.example/"


@pytest.mark.parametrize(
    ("address", "url", "path"),
    [
        ("/2024/01/31/ports.html", URL, "2024/01/31/ports.html"),
        ("https://old.example/p/ports", URL, "p/ports"),
        ("https://old.example/p/%C3%BC/?utm=1#x", URL, "p/ü/"),
        ("p/ports/", URL, "p/ports/"),
        ("/letters/p/x", "https://site.example/letters/", "p/x"),
        ("/", URL, ""),
        ("https://old.example/?p=12", URL, ""),
        ("/../x", URL, ""),
        ("/a//b", URL, ""),
        ("/%2e%2e/x", URL, ""),
        ("/a%00b", URL, ""),
        ("/a\\b", URL, ""),
        ("/con/x", URL, ""),
        ("/.htaccess", URL, ""),
        ("/%ff", URL, ""),
        (f"/{'a' * 300}", URL, ""),
        ("http://[", URL, ""),
    ],
)
def test_the_path_of_a_former_address(address, url, path):
    assert site_path(address, url) == path


def test_the_file_of_a_path():
    assert [file_of(path) for path in ("p/x", "p/x/", "x.html", "x.HTM", "")] == [
        "p/x/index.html", "p/x/index.html", "x.html", "x.HTM", "index.html",
    ]  # fmt: skip


def test_the_first_redirect_keeps_an_address_and_existing_files_are_not_replaced():
    ports, salmon = Redirect("", "ports/", "Ports"), Redirect("", "salmon/", "Salmon")
    former = [
        (["/p/1", "/ports", "/P/1/", "/feeds/atom.xml", "/a.html"], ports),
        (["/p/1/", "/a.html/b", "/salmon/old"], salmon),
    ]
    found = former_redirects(former, URL, {"ports/index.html", "salmon/index.html", "feeds"})
    assert [(one.old, one.new) for one in found] == [("p/1", "ports/"), ("a.html", "ports/"), ("salmon/old", "salmon/")]


def test_a_redirect_page_links_to_its_target():
    page = redirect_pages([Redirect("p/a & b", "ports/", "Ports & <cranes>", "nl")], URL)["p/a & b/index.html"].decode()
    assert '<html lang="nl">' in page
    assert '<meta http-equiv="refresh" content="0; url=../../ports/">' in page
    assert '<link rel="canonical" href="https://letters.example/ports/">' in page
    assert "<title>Ports &amp; &lt;cranes&gt;</title>" in page


def test_a_path_in_a_file_of_redirects_ends_no_line_and_no_quotation():
    assert written_path('p/ü "a"\n') == "p/%C3%BC%20%22a%22%0A"


@given(st.lists(st.text(max_size=30), max_size=8))
def test_no_address_gives_a_file_outside_the_site_or_two_files_of_one_name(addresses):
    found = former_redirects([(addresses, Redirect("", "x/", "X"))], URL, {"index.html", "x/index.html"})
    pages = redirect_pages(found, URL)
    assert len(pages) == len(found)
    assert not {"index.html", "x/index.html"} & pages.keys()
    assert not any(part in ("", ".", "..") for name in pages for part in name.split("/"))
