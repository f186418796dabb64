"""The search field above the list: its results and its use."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.preview.test_page import AXE, AXE_RUN


def found(served, text: str) -> dict:
    return json.loads(served.get(f"/api/search?q={quote(text)}").partition("\r\n\r\n")[2])


def test_a_result_has_the_issue_the_place_and_the_marked_text(served):
    answer = found(served, "gates are")
    (hit,) = answer["hits"]
    assert hit["key"] == served.key("leak")
    assert hit["place"] == "issues/2024-02-01-locks-that-leak/index.md:9"
    assert ["gates", True] in hit["pieces"]
    assert found(served, "gates ar")["total"] == 1, "a word that is being typed may go on"
    assert found(served, '"gates ar"')["total"] == 0
    assert "not a date" in found(served, "before:never")["said"]
    assert found(served, "")["said"]


def test_a_saved_text_is_found_immediately(served):
    served.second.write_text(served.second.read_text().replace("Until next month", "A quokka waits"))
    (hit,) = found(served, "quokka")["hits"]
    assert hit["key"] == served.key("frost")


def test_the_key_focuses_the_field_and_a_click_opens_the_passage(page):
    shown = page.page
    shown.keyboard.press("/")
    assert shown.evaluate("document.activeElement.id") == "filter"
    shown.keyboard.type("until next")
    hit = shown.locator("#found button")
    hit.wait_for()
    assert hit.locator("mark").all_inner_texts() == ["Until", "next"]
    assert "No title matches" in shown.inner_text("#issues")
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("Enter")
    page.until("title", "Frost")
    page.settle()
    assert shown.locator('[aria-current="true"]').count() == 0, "the list is narrowed still"
    shown.locator("#filter").focus()
    shown.keyboard.press("Escape")
    assert shown.input_value("#filter") == ""
    assert shown.locator("#found").is_hidden()
    assert "Frost" in shown.inner_text('[aria-current="true"]')
    shown.keyboard.press("Escape")
    assert shown.evaluate("document.activeElement.id") == "stage"
    assert page.wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_results(page, scheme):
    if not AXE.is_file():
        pytest.skip("the judges from npm are not installed (make judges; it needs Node 18 or later and npm)")
    shown = page.page
    shown.emulate_media(color_scheme=scheme)
    shown.keyboard.press("/")
    shown.keyboard.type("mill")
    shown.locator("#found button").first.wait_for()
    shown.evaluate(AXE.read_text(encoding="utf-8"))
    assert shown.evaluate(AXE_RUN) == []
    shown.locator("#filter").fill("")
    shown.set_viewport_size({"width": 390, "height": 844})
    shown.locator("#stage").focus()
    shown.keyboard.press("/")
    assert shown.evaluate("document.activeElement.id") == "filter", "in its drawer, on a phone"
    shown.keyboard.press("Escape")
