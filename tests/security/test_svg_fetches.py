"""A cleaned SVG loads nothing when it is opened alone, however its author hides an address in it."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from newsletter.pictures import UnreadablePictureError, clean_svg
from newsletter.pictures.svg_reading import SVG

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

WEB = "//evil.example/x"
VALUES = [
    *(f"url({WEB})", f"url( '{WEB}' )", f'url("{WEB}")', f"URL({WEB})", f"url({WEB}", f"url('{WEB}'", f"url('{WEB}", f"url(#a) url({WEB}"),
    *(f"url(\n{WEB}\n)", f"url(/**/{WEB})", f"url('{WEB}' crossorigin(anonymous))", f"u\\72l({WEB})", f"\\75rl({WEB})", f"\\000075\\000072l({WEB})"),
    *(f"ur\\6c ({WEB})", f"u\\\nrl({WEB})", f"src('{WEB}')", f'src("{WEB}")', f"SRC('{WEB}')", f"image('{WEB}')", f"image-set('{WEB}' 1x)"),
    *(f"-webkit-image-set(url({WEB}) 1x)", f'image-set("{WEB}" 1x, url(#a) 2x)', f"cross-fade(url({WEB}), red)", f"-webkit-cross-fade('{WEB}', '{WEB}', 50%)"),
    *(f"imag\\65-set('{WEB}' 1x)", f"image\\2dset('{WEB}' 1x)", "attr(data-x url)", f"var(--a, url({WEB}))", f"url(https:{WEB})", "url(data:image/svg+xml,<svg/>)"),
    *("url(file:///etc/passwd)", "url(\\\\evil.example\\x)", "expression(alert(1))", "url(javascript:alert(1))", "url(#a", "url(x.svg#a)", f"url(.{WEB[1:]})"),
]  # fmt: skip
SHEETS = [
    *("@import '{web}';", '@import "{web}";', "@import url({web});", "@import url({web}", "@IMPORT '{web}'", "@\\69mport '{web}';", "@import/**/'{web}';"),
    *("@font-face{{font-family:a;src:url({web})}}", "@font-face{{src:url({web}", "@charset 'x';@import '{web}';", "<!--@import '{web}';-->"),
    *("rect{{fill:red}}@import '{web}'", "@media all{{@import '{web}';}}", "@namespace url({web});", "@layer a;@import '{web}' layer(a);"),
]  # fmt: skip
PLACES = [
    *('<rect width="9" height="9" style="{key}:{value}"/>', '<rect width="9" height="9" {key}="{value}"/>', "<style>rect{{{key}:{value}}}</style><rect/>"),
    *("<style>rect{{{key}:{value}</style><rect/>", "<style><![CDATA[rect{{{key}:{value}}}]]></style><rect/>", '<style media="all"><g/>rect{{{key}:{value}}}</style><rect/>'),
    *('<rect><set attributeName="{key}" to="{value}"/></rect>', '<rect><animate attributeName="{key}" values="none;{value}" dur="1s"/></rect>'),
    *('<g style="--a:{value};{key}:var(--a)"><rect/></g>', '<svg {key}="{value}"/>', '<text {key}="{value}">x</text>'),
]  # fmt: skip
KEYS = ["fill", "filter", "mask", "clip-path", "cursor", "background-image", "marker-start", "content", "list-style"]
ELEMENTS = [
    *('<image href="{web}" width="9" height="9"/>', '<image xlink:href="{web}"/>', '<use href="{web}#a"/>', '<use xlink:href="x.svg#a"/>', '<feImage href="{web}"/>'),
    *('<filter id="f"><feImage xlink:href="{web}"/></filter><rect filter="url(#f)"/>', '<linearGradient xlink:href="{web}#a"/>', '<pattern href="{web}#a"/>'),
    *('<textPath href="{web}#a"/>', '<mpath href="{web}#a"/>', '<script href="{web}"/>', '<a href="{web}"><rect/></a>', '<image href="#a"/>', '<image href="?x"/>'),
    *('<image src="{web}"/>', '<g xml:base="https:{web}"><use href="#a"/></g>', '<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="{web}"/></foreignObject>'),
    *('<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="{web}"/>', '<h:link xmlns:h="http://www.w3.org/1999/xhtml" rel="stylesheet" href="{web}"/>', '<video href="{web}"/>'),
    *('<image><set attributeName="href" to="{web}"/></image>', '<image><set attributeName=" xlink:href " to="{web}"/></image>', '<image href=" {web}"/>', '<image href="data:image/svg+xml,x"/>'),
    *("<style><g/>@import '{web}';</style>", "<style>rect{{}}<title/>@import '{web}';</style>", "<style>@imp<g/>ort '{web}';</style>", "<style><style>@import '{web}';</style>@import '{web}';</style>"),
    *('<iframe href="{web}"/>', '<audio href="{web}"/>', '<link xmlns="http://www.w3.org/1999/xhtml" href="{web}"/>', '<handler>fetch("{web}")</handler>', '<cursor href="{web}"/>', '<tref href="{web}"/>'),
]  # fmt: skip


def svg(body: str) -> bytes:
    return f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{body}</svg>'.encode()


def shapes() -> list[str]:
    escaped = [value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for value in VALUES]
    made = [place.format(key=key, value=value) for place, key, value in product(PLACES, KEYS, escaped)]
    made += [f"<style>{sheet.format(web=WEB).replace('<', '&lt;')}</style><rect/>" for sheet in SHEETS]
    made += [f"<style><g/>{sheet.format(web=WEB).replace('<', '&lt;')}</style><rect/>" for sheet in SHEETS]
    return made + [element.format(web=WEB) for element in ELEMENTS]


def fetches(content: str) -> bool:
    """Whether a text may name a file to load, by a stricter rule than that of browsers."""
    for found in re.finditer(r"(?:href|style|[\w-]+)=\"([^\"]*)\"|<style[^>]*>(.*?)</style>", content, re.DOTALL):
        css = (found[1] if found[1] is not None else found[2]).replace("&quot;", '"')
        if re.search(r"@import|image-set|cross-fade|\bsrc\(|\bimage\(|\battr\(", css, re.IGNORECASE):
            return True
        if "\\" in css and "(" in css:
            return True
        for start in re.finditer(r"url\(", css, re.IGNORECASE):
            if not re.match(r"\s*(?:#[^)'\"]*|'#[^)']*'|\"#[^)\"]*\")\s*\)", css[start.end() :]):
                return True
    return "evil.example" in re.sub(r">[^<]*<", "><", content) and bool(re.search(r'href="(?!#|data:)', content))


def test_nothing_that_loads_other_files_is_left() -> None:
    bad = []
    for body in (tried := shapes()):
        try:
            clean = clean_svg(svg(body)).content.decode()
        except UnreadablePictureError:
            continue
        if fetches(clean):
            bad.append((body, clean))
    assert not bad
    assert len(tried) > 3000


PIECES = st.sampled_from(
    [
        "url(",
        "URL(",
        "u\\72l(",
        ")",
        "'",
        '"',
        "#a",
        WEB,
        " ",
        "\n",
        "/*",
        "*/",
        "src(",
        "image-set(",
        "image(",
        "@import ",
        ";",
        "{",
        "}",
        "fill:",
        "\\",
        "red",
        "data:image/png;base64,",
        "<g/>",
    ]
)


@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.sampled_from(["<style>rect{{fill:{}}}</style>", "<style>{}</style>", '<rect style="{}"/>', '<rect fill="{}"/>']),
)
def test_no_combination_of_pieces_loads_other_files(value: str, place: str) -> None:
    if "<g/>" in value and '="' in place:
        value = value.replace("<g/>", "")
    body = place.format(value.replace('"', "&quot;"))
    assert not fetches(clean_svg(svg(body)).content.decode())


def test_a_browser_that_opens_the_svg_requests_nothing(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    pictures = []
    # Many in one file, as nested drawings, because a page for each would take minutes.
    bodies = shapes()
    for number, start in enumerate(range(0, len(bodies), 60)):
        parts = []
        for body in bodies[start : start + 60]:
            try:
                parts.append(clean_svg(svg(body)).content.decode())
            except UnreadablePictureError:
                continue
        path = tmp_path / f"{number}.svg"
        path.write_text(f'<svg xmlns="{SVG}">{"".join(parts)}</svg>', encoding="utf-8")
        pictures.append(path)
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for path in pictures:
            page.goto(path.as_uri())
    assert asked == [path.as_uri() for path in pictures]


def test_drawing_elements_are_unchanged() -> None:
    body = (
        '<defs><linearGradient id="a"></linearGradient></defs><style>.b{fill:url(#a);font:12px "Noto Sans"}/* a note */</style>'
        '<rect id="image(1)" class="b" fill="url(#a)" style="mask:url(\'#a\')" data-name="C:\\x" aria-label="src(1)"></rect>'
        '<use href="#a"></use><path d="M0 0L9 9"></path>'
    )
    clean = clean_svg(svg(body))
    assert clean.lost == ()
    assert clean.content.decode().endswith(f"{body}</svg>")
