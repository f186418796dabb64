"""The preview page in Chromium, as an author uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.preview.request import VIEWS
from tests.preview.conftest import FIRST, issue

AXE = Path(__file__).parent.parent / "judges/node_modules/axe-core/axe.min.js"
AXE_RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], iframes: false });
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary}`));
}"""


def test_the_page_opens_at_the_newest_issue_with_its_details(page, served):
    shown = page.page
    assert page.inside("inside.body.textContent").count("Paragraph") == 40
    assert "Dear Noor" in page.inside("inside.body.textContent")
    assert shown.inner_text("#publication") == "The Canal Post"
    assert [each.lower() for each in shown.locator("#issues h2").all_inner_texts()] == ["drafts", "published"]
    assert "Locks that leak" in shown.inner_text('[aria-current="true"]')
    assert " of 102 KB" in shown.inner_text("#size")
    assert "as sent" in shown.inner_text("#size")
    assert "missing" in shown.inner_text("#outline")
    assert "of 20–2,000" in shown.inner_text("#outline")
    assert "Locks that leak" in shown.inner_text("#inbox-row")
    assert shown.title() == "Locks that leak · The Canal Post"
    assert page.wrong == []
    assert all(address.startswith(served.address) for address in page.asked)


def test_each_view_has_a_key(page):
    text, mark = "Paragraph 39", "<!doctype html>"
    for key, words in (
        ("2", text),
        ("4", "Apple Mail"),
        ("3", text),
        ("6", mark),
        ("5", text),
        ("4", "Outlook"),
        ("1", text),
    ):
        page.page.keyboard.press(key)
        page.until("says", words)
        assert page.page.locator("#view input:checked").get_attribute("value") == VIEWS[int(key) - 1]
    assert page.wrong == []


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_light_dark_and_forced_dark_follow_the_choice_not_the_system(page, screen):
    page.page.emulate_media(color_scheme=screen)
    for key, label, ground in (("k", "Dark", "rgb(21, 23, 26)"), ("l", "Light", "rgb(244, 241, 234)")):
        page.page.keyboard.press(key)
        page.until("ground", ground)
        assert page.page.get_by_label(label, exact=True).is_checked()
    page.page.keyboard.press("f")
    page.until("unlike", ["rgb(21, 23, 26)", "rgb(244, 241, 234)"])
    assert page.wrong == []


def test_widths_are_those_of_devices_or_set_by_hand(page):
    width = "inside.defaultView.innerWidth"
    for key, wanted in (("p", 390), ("t", 600), ("d", 720)):
        page.page.keyboard.press(key)
        assert page.inside(width) == wanted
    handle = page.page.locator("#handle").bounding_box()
    page.page.mouse.move(handle["x"] + 7, 300)
    page.page.mouse.down()
    page.page.mouse.move(handle["x"] - 93, 300)
    page.page.mouse.up()
    assert page.inside(width) == 520
    page.page.locator("#handle").focus()
    page.page.keyboard.press("ArrowRight")
    assert page.inside(width) == 530
    assert page.page.get_by_label("Free").is_checked()


def test_without_pictures_alt_texts_are_shown(page):
    assert page.inside("[...inside.images].some((image) => image.getAttribute('src')?.includes('/pictures/'))")
    with page.page.expect_response("**/api/look**"):
        page.page.keyboard.press("i")
    page.page.locator("#options-label", has_text="no pictures").wait_for()
    page.page.evaluate(
        "() => new Promise((done) => { const look = () => [...document.getElementById('frame').contentDocument.images].some((image) => image.hasAttribute('src')) ? requestAnimationFrame(look) : done(); look(); })"
    )
    assert page.inside("[...inside.images].map((image) => image.alt)") == ["A gate with a gap"]


def test_merge_tags_are_shown_or_filled(page):
    page.page.locator("#options summary").click()
    page.page.get_by_label("A reader without a name").check()
    page.until("says", "Dear reader")
    page.page.get_by_label("Tags: HTML").check()
    page.until("says", "{{ first_name")


def test_a_save_is_shown_at_the_same_scroll_position(page, served, capsys):
    page.page.evaluate("document.getElementById('stage').scrollTop = 700")
    place = "[...inside.querySelectorAll('p')].find((each) => each.textContent.includes('Paragraph 20')).getBoundingClientRect().top + document.getElementById('frame').getBoundingClientRect().top"
    page.inside("(inside.body.dataset.same = 'still here', true)")
    before = page.inside(place)
    served.first.write_text(
        issue(FIRST).replace("Paragraph 1 ", "A whole new beginning, much longer than it was. " * 12), encoding="utf-8"
    )
    page.until("says", "A whole new beginning")
    page.until("status", " ms")
    moved = page.inside(place) - before
    with capsys.disabled():
        print(f"\n  the place moved by {moved:.1f} px; {page.page.inner_text('#status')}")
    assert abs(moved) < 2
    page.settle()
    assert "Saved" in page.page.inner_text("#status")
    assert page.wrong == []


def test_a_finding_shows_its_lines_and_copies_its_place(page):
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    what = page.page.locator(".finding .what").first
    code = page.page.locator(".finding .where").first.inner_text()
    assert "index.md:" in code
    what.click()
    assert what.get_attribute("aria-expanded") == "true"
    finding = page.page.locator(".finding").first
    finding.get_by_role("button", name="Copy location").click()
    page.until("toast", "Copied issues/2024-02-01-locks-that-leak/index.md:")
    assert page.page.evaluate("navigator.clipboard.readText()").startswith(
        "issues/2024-02-01-locks-that-leak/index.md:"
    )
    assert finding.get_by_role("link", name="VS Code").get_attribute("href").startswith("vscode://file/")


def test_findings_are_updated_after_a_save(page, served):
    page.until("findings", "Sign-off")
    served.first.write_text(issue(FIRST) + "\n## Sign-off\n\nUntil next month.\n", encoding="utf-8")
    page.page.locator("#outline .missing").wait_for(state="detached")
    page.settle()
    assert "Sign-off` is missing" not in page.page.inner_text("#findings")


def test_a_save_with_errors_keeps_the_last_picture_below_the_error(page, served):
    served.first.write_text(issue(FIRST).replace("number: 7", "number: [7"), encoding="utf-8")
    page.until("fault", "index.md:")
    page.until("says", "Paragraph 20")
    assert "last version" in page.page.inner_text("#fault")
    served.first.write_text(issue(FIRST).replace("Paragraph 1 ", "Mended "), encoding="utf-8")
    page.until("fixed")
    page.until("says", "Mended")


def test_an_invalid_template_or_configuration_keeps_the_last_picture(page, served):
    from newsletter.bundled import templates_folder

    own = served.root / "templates/theme/email/button.html"
    own.parent.mkdir(parents=True)
    bundled = (templates_folder() / "theme/email/title.mjml").read_text(encoding="utf-8")
    title = own.with_name("title.mjml")
    title.write_text("{% if %}", encoding="utf-8")
    page.until("fault", "title.mjml")
    page.until("says", "Paragraph 20")
    title.write_text(bundled, encoding="utf-8")
    page.until("fixed")
    yaml = served.root / "newsletter.yaml"
    text = yaml.read_text(encoding="utf-8")
    yaml.write_text(text + "colour: red\n", encoding="utf-8")
    page.until("fault", "newsletter.yaml:")
    yaml.write_text(text.replace("The Canal Post\n", "The River Post\n"), encoding="utf-8")
    page.until("fixed")
    page.until("says", "The River Post")
    page.page.locator("#publication", has_text="The River Post").wait_for()


def test_new_renamed_and_deleted_issues_are_updated_in_the_list(page, served):
    new = served.root / "issues/2024-03-01-thaw.md"
    new.write_text(issue(FIRST).replace("Locks that leak", "The thaw").replace("draft: true\n", ""), encoding="utf-8")
    page.until("listed", "The thaw")
    served.first.parent.rename(served.first.parent.with_name("2024-02-01-gates-that-leak"))
    page.until("says", "Paragraph 20")
    page.page.locator('[aria-current="true"]', has_text="Locks that leak").wait_for()
    new.unlink()
    page.until("unlisted", "The thaw")
    (served.root / "issues/2024-02-01-gates-that-leak/index.md").unlink()
    page.until("title", "Frost")
    page.until("toast", "gone")


def test_the_house_format_and_pictures_are_watched_too(page, served):
    from PIL import Image

    address = "[...inside.images].map((image) => image.src).find((each) => each.includes('gate'))"
    before = page.inside(address)
    Image.new("RGB", (320, 200), "#123456").save(served.first.with_name("gate.png"))
    page.page.evaluate(
        f"() => new Promise((done) => {{ const look = () => {{ const inside = document.getElementById('frame').contentDocument; {address} !== {before!r} ? done() : requestAnimationFrame(look); }}; look(); }})"
    )
    house = served.root / "templates/note/house.yaml"
    house.write_text(house.read_text(encoding="utf-8").replace("20-2000", "20-30"), encoding="utf-8")
    page.page.locator("#outline .off", has_text="of 20–30").wait_for()


def test_a_bug_is_shown_and_the_next_save_too(page, served, monkeypatch, capfd):
    from newsletter.project.letters import letter_of

    def broken(project, parsed, **options):
        if "Paragraph 1 breaks" in parsed.source.text:
            raise ZeroDivisionError("a bug of ours")
        return letter_of(project, parsed, **options)

    monkeypatch.setattr("newsletter.preview.session.letter_of", broken)
    served.first.write_text(issue(FIRST).replace("Paragraph 1 ", "Paragraph 1 breaks "), encoding="utf-8")
    page.until("fault", "The preview has a bug: ZeroDivisionError: a bug of ours")
    page.until("says", "Paragraph 20")
    page.page.keyboard.press("2")  # requested again, and reported in the terminal once
    page.page.keyboard.press("1")
    page.page.locator("#status.broken").wait_for()
    served.first.write_text(issue(FIRST).replace("Paragraph 1 ", "Paragraph 1 works "), encoding="utf-8")
    page.until("says", "Paragraph 1 works")
    page.until("fixed")
    output = capfd.readouterr().err
    assert output.count("This is a bug in `newsletter preview`") == output.count("Traceback") == 1


def test_the_first_issue_of_a_new_workspace_appears(serve, root, tab):
    import shutil

    shutil.rmtree(root / "issues")
    served = serve()
    page = tab(served.address)
    page.page.locator("#blank", has_text="newsletter new").wait_for()
    served.first.parent.mkdir(parents=True)
    served.first.write_text(issue(FIRST).partition("![")[0], encoding="utf-8")
    page.until("says", "Dear Noor")
    assert page.page.locator("#blank").is_hidden()
    assert page.wrong == []


def test_the_paid_edition_is_shown_with_its_size(page, served):
    paid = "\n::: only paid\nFor those who pay, the lock keeper's diary.\n:::\n"
    served.first.write_text(issue(FIRST) + paid, encoding="utf-8")
    page.page.locator("#size h3", has_text="Paying readers").wait_for()
    assert page.page.locator("#size .size-bar").count() == 2
    assert "diary" not in page.inside("inside.body.textContent")
    page.page.locator("#options summary").click()
    page.page.get_by_label("Paying readers").check()
    page.until("says", "the lock keeper's diary")
    assert page.wrong == []


def test_a_finding_shows_its_lines_on_a_phone_too(page):
    page.page.set_viewport_size({"width": 390, "height": 844})
    page.page.keyboard.press("n")
    page.page.keyboard.press("Enter")
    assert page.page.get_by_role("button", name="Copy location").first.is_visible()
    page.page.keyboard.press("Escape")
    assert page.page.locator("#side").is_hidden()


def test_a_hundred_quick_saves_cause_only_a_few_requests(page, served):
    page.asked.clear()
    for number in range(100):
        served.first.write_text(issue(FIRST).replace("Paragraph 1 ", f"Save {number} "), encoding="utf-8")
    page.until("says", "Save 99 ")
    page.settle()
    assert sum("/api/list" in address for address in page.asked) < 20
    assert page.wrong == []


def test_eight_tabs_at_once_show_the_same_save(served, tab):
    before = served.preview.hub.count
    tabs = [tab(served.address)]
    # In one browser, which has six connections to a server for all tabs, so they share a stream.
    tabs += [tab(served.address, beside=tabs[0]) for _ in range(7)]
    for each in tabs:
        each.settle()
    served.first.write_text(issue(FIRST).replace("Paragraph 1 ", "Seen by all "), encoding="utf-8")
    for each in tabs:
        each.until("says", "Seen by all")
        assert each.wrong == []
    assert served.preview.hub.count == before + 1


def test_the_keyboard_reaches_everything(page):
    page.page.keyboard.press("]")
    page.until("title", "Frost")
    page.page.keyboard.press("[")
    page.until("title", "Locks that leak")
    page.settle()
    page.page.keyboard.press("n")
    assert page.page.evaluate("document.activeElement.className") == "what"
    page.page.keyboard.press("Enter")
    assert page.page.locator(".finding .more:visible").count() == 1
    page.page.keyboard.press("?")
    assert page.page.locator("#help").is_visible()
    page.page.keyboard.press("Escape")
    page.page.locator("#view input:checked").focus()
    page.page.keyboard.press("ArrowRight")
    page.until("says", "https://gates.example/old")
    assert page.page.get_by_label("Text", exact=True).is_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, scheme):
    if not AXE.is_file():
        pytest.skip("the judges from npm are not installed (make judges; it needs Node 18 or later and npm)")
    shown = page.page
    shown.emulate_media(color_scheme=scheme)
    shown.evaluate(AXE.read_text(encoding="utf-8"))
    shown.locator(".finding .what").first.click()
    assert shown.evaluate(AXE_RUN) == []
    shown.locator("#options summary").click()
    assert shown.evaluate(AXE_RUN) == []
    shown.keyboard.press("?")
    assert shown.evaluate(AXE_RUN) == []
    shown.keyboard.press("Escape")
    shown.set_viewport_size({"width": 390, "height": 844})
    shown.locator("#open-side").click()
    assert shown.evaluate(AXE_RUN) == []
    assert page.wrong == []


# A phone; a laptop at 200 % and at 400 % (WCAG 2.2, 1.4.10 and 1.4.4).
@pytest.mark.parametrize(("width", "height"), [(390, 844), (720, 450), (320, 256)])
def test_nothing_overflows_a_small_window(page, width, height):
    shown = page.page
    shown.set_viewport_size({"width": width, "height": height})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.locator("#open-side").click()
    shown.locator(".finding .what").first.click()
    assert shown.get_by_role("button", name="Copy location").first.is_visible()
    shown.locator("#side .drawer-close").click()
    assert shown.evaluate("document.activeElement.id") == "open-side"
    shown.locator("#open-list").click()
    shown.locator(".issue", has_text="Frost").click()
    page.until("title", "Frost")
    assert page.wrong == []


def test_a_phone_is_shown_as_a_phone(tab, shared):
    page = tab(shared.address, viewport={"width": 390, "height": 844}).settle()
    assert page.page.get_by_label("Phone").is_checked()


def test_links_of_the_issue_open_in_a_new_tab_and_anchors_scroll(page):
    page.page.locator("#outline button").first.click()
    with page.context.expect_page() as opened:
        page.page.frame_locator("#frame").get_by_role("link", name="the gates").click()
    assert opened.value.url in {"https://gates.example/old", "about:blank", "chrome-error://chromewebdata/"}
    opened.value.close()


def test_a_link_to_an_attachment_opens_the_file_beside_the_issue(page, served):
    served.first.with_name("terms.txt").write_text("As agreed at the lock.")
    served.first.write_text(issue(FIRST).replace("Dear", "[Terms](terms.txt)"), encoding="utf-8")
    page.until("says", "Terms")
    with page.context.expect_page() as opened:
        page.page.frame_locator("#frame").get_by_role("link", name="Terms").click()
    opened.value.get_by_text("As agreed at the lock.").wait_for()
    opened.value.close()


def test_links_do_nothing_if_the_page_gets_no_click_events(page, served):
    served.first.write_text(issue(FIRST).replace("Dear", "[Dear](https://gates.example/self)"), encoding="utf-8")
    page.until("says", "Dear")
    page.page.frame_locator("#frame").get_by_role("link", name="Dear").wait_for()
    # As in WebKit, which sends no events of a frame without scripts. An issue may also set a target.
    page.inside("inside.defaultView.addEventListener('click', (event) => event.stopImmediatePropagation(), true)")
    assert page.inside("[...inside.querySelectorAll('[target]')].map((each) => each.outerHTML)") == [
        '<base target="_blank">'
    ]
    page.page.frame_locator("#frame").get_by_role("link", name="Dear").click()
    page.page.frame_locator("#frame").get_by_role("link", name="the gates").click()
    assert len(page.context.pages) == 1
    assert page.inside("inside.body.textContent.includes('Paragraph 20')")
    assert page.inside("inside.location.pathname") == "/frame"
    page.wrong[:] = [output for output in page.wrong if "Blocked opening" not in output]
    assert page.wrong == []


def test_markup_in_names_stays_text(serve, root, tab):
    bad = root / "issues/2024-02-20-<img src=x onerror=alert(1)>.md"
    bad.write_text(
        issue(FIRST).replace("title: Locks that leak", "title: \"<img src=x onerror='document.title=1'>\""),
        encoding="utf-8",
    )
    page = tab(serve().address).settle()
    assert "<img src=x" in page.page.inner_text("#issues")
    assert page.page.locator("#issues img").count() == 0
    assert page.wrong == []


def test_an_export_opens_from_disk(root, tab, tmp_path):
    from newsletter.preview.exporting import PICTURES, export
    from newsletter.preview.session import Session
    from tests.preview.conftest import NOW

    file = root / "issues/2024-02-01-locks-that-leak/index.md"
    file.write_text(
        issue(FIRST) + "\n[Log](log.pdf)\n\n::: only paid\nThe lock keeper's diary.\n:::\n", encoding="utf-8"
    )
    file.with_name("log.pdf").write_bytes(b"%PDF-1.4\n")
    session = Session(root, lambda: NOW, pictures=PICTURES)
    written = export(session, tmp_path / "out", [stored.file.path for stored in session.issues.values()])
    assert "index.html" in written
    assert any(name.startswith("pictures/") and name.endswith(".png") for name in written)
    log = next(name for name in written if name.endswith("/log.pdf"))
    page = tab((tmp_path / "out/index.html").as_uri()).settle()
    page.until("says", "Dear Noor")
    assert page.inside("[...inside.images].every((image) => image.complete && image.naturalWidth)")
    assert log in page.inside("[...inside.links].map((link) => link.getAttribute('href'))")
    for key, words in (("4", "Apple Mail"), ("6", "<!doctype html>"), ("3", "Paragraph 39"), ("1", "Dear Noor")):
        page.page.keyboard.press(key)
        page.until("says", words)
    page.page.locator("#options summary").click()
    page.page.get_by_label("A reader without a name").check()
    page.until("says", "Dear reader")
    page.page.get_by_label("Paying readers").check()
    page.until("says", "The lock keeper's diary")
    page.page.locator(".issue", has_text="Frost").click()
    page.until("title", "Frost")
    assert page.wrong == []
