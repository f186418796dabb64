from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.rules.clients.css import OTHERS, WORD
from newsletter.check.rules.clients.features import Harm, feature_table
from newsletter.check.rules.clients.html import is_for_word, template_uses, uses_in
from newsletter.check.rules.clients.problems import problems
from newsletter.check.rules.clients.support import SHIPPED, facts, support
from newsletter.config.clients import CLIENTS, LEAST_READERS, shares_of
from newsletter.render.email.compiler import compile_mjml

FEATURES = feature_table().features
NOT_LOOKED_FOR = feature_table().not_looked_for
QUIET = {"html-div", "html-span", "html-p", "html-style", "css-selector-type", "css-selector-class", "css-unit-px"}


def slugs(html: str) -> set[str]:
    return {use.feature.slug for use in uses_in(html)}


def shown(html: str, slug: str) -> list[str]:
    return [use.shown for use in uses_in(html) if use.feature.slug == slug]


# ── The table ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_feature_of_can_i_email_is_detected_or_excluded_with_a_reason():
    looked_for = {feature.slug for feature in FEATURES}
    assert looked_for | NOT_LOOKED_FOR.keys() == facts().rows.keys(), "place new ones in features.txt"
    assert not looked_for & NOT_LOOKED_FOR.keys()


def test_every_feature_explains_its_effect_and_gives_advice():
    assert [feature.slug for feature in FEATURES if not feature.why] == []
    assert all(not feature.why.endswith(".") for feature in FEATURES)
    assert all(feature.advice.endswith((".", "")) for feature in FEATURES)


def test_the_table_is_small_dated_and_names_its_source():
    text = SHIPPED.read_text(encoding="utf-8")
    assert len(text) < 30_000
    assert facts().updated >= "2026-05-13"
    assert "caniemail" in facts().package
    assert "Permission is hereby granted" in text
    assert "HTeuMeuLeu" in text


def test_the_table_has_every_client_that_newsletter_yaml_may_name():
    known = frozenset().union(*(support(slug).missing | support(slug).partial for slug in facts().rows))
    assert {client.key for client in CLIENTS} == known


# ── Detected features ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<video src=a.mp4></video>", "html-video"),
        ("<AUDIO>", "html-audio"),
        ("<svg viewBox='0 0 1 1'/>", "html-svg"),
        ("<input>", "html-input-text"),
        ("<input type=checkbox>", "html-input-checkbox"),
        ("<button>Go</button>", "html-button-submit"),
        ("<details><summary>More</summary></details>", "html-semantics"),
        ("<p hidden>x</p>", "html-hidden"),
        ("<img usemap=#m>", "html-image-maps"),
        ("<a href='#more'>More</a>", "html-anchor-links"),
        ("<a href='mailto:me@letters.example'>Me</a>", "html-mailto-links"),
        ("<img src='https://p.example/ship.webp?w=600#top'>", "image-webp"),
        ("<img src='data:image/png;base64,AAAA'>", "image-base64"),
        ("<td background='ship.avif'>", "image-avif"),
        ("<p style='background:#fff url(ship.svg)'>", "image-svg"),
        ("<p style='background: url(\"data:image/svg+xml;utf8,<svg>\")'>", "image-base64"),
        ("<p style='DISPLAY: inline-flex'>", "css-display-flex"),
        ("<p style='display:grid'>", "css-display-grid"),
        ("<p style='flex-flow: column wrap'>", "css-flex-direction"),
        ("<p style='position:absolute'>", "css-position"),
        ("<p style='width:calc(100% - 2px)'>", "css-unit-calc"),
        ("<p style='color:rgba(0,0,0,.5)'>", "css-rgba"),
        ("<p style='color:rgb(0 0 0 / 50%)'>", "css-rgba"),
        ("<p style='margin:-1.5REM'>", "css-unit-rem"),
        ("<p style='width:fit-content'>", "css-intrinsic-size"),
        ("<p style='color:red!important'>", "css-important"),
        ("<p style='font-family:system-ui,sans-serif'>", "css-sytem-ui"),
        ("<p style='background:linear-gradient(red,blue)'>", "css-linear-gradient"),
        ("<meta content=x name='color-scheme'>", "html-meta-color-scheme"),
        ("<link rel='stylesheet' href='https://letters.example/a.css'>", "html-link"),
        ("<style>@import 'a.css';</style>", "css-at-import"),
        ("<style>@font-face{font-family:x;src:url(x.woff2)}</style>", "css-at-font-face"),
        ("<style>@supports (display:grid){a{color:red}}</style>", "css-at-supports"),
        ("<style>@media (prefers-color-scheme:dark){a{color:red}}</style>", "css-at-media-prefers-color-scheme"),
        ("<style media='(orientation: landscape)'>a{color:red}</style>", "css-at-media-orientation"),
        ("<style>a:hover{color:red}</style>", "css-pseudo-class-hover"),
        ("<style>p::after{content:'}'}</style>", "css-pseudo-element-after"),
        ("<style>[data-x='a b']{color:red}</style>", "css-selector-attribute"),
        ("<style>a>b{color:red}</style>", "css-selector-child"),
        ("<style>a ~ b{color:red}</style>", "css-selector-general-sibling"),
        ("<style>.a.b{color:red}</style>", "css-selector-chaining"),
        ("<style>a{color:red; b{color:blue}}</style>", "css-nesting"),
        ("<style>a{--x:1px;width:var(--x)}</style>", "css-variables"),
        ("<style>/* no */ a{color:red}</style>", "css-comments"),
    ],
)
def test_a_feature_is_detected(html: str, wanted: str):
    assert wanted in slugs(html)


@pytest.mark.parametrize(
    ("html", "unwanted"),
    [
        ("<p>position:absolute <b title='<video>'>x</b></p>", "css-position"),
        ("<p title='display:flex'>x</p>", "css-display-flex"),
        ("<p style='position:relative'>", "css-position"),
        ("<p style='font-family:\"Calc(\"'>", "css-unit-calc"),
        ("<p style='color:#1rem11'>", "css-unit-rem"),
        ("<p style=\"font-family:'2rem'\">", "css-unit-rem"),
        ("<a href='#'>x</a>", "html-anchor-links"),
        ("<a href='https://letters.example/ship.webp'>x</a>", "image-webp"),
        ("<!-- <video></video> -->", "html-video"),
        ("<style>a[title='b > c']{color:red}</style>", "css-selector-child"),
        ("<style>@font-face{src:url(x.svg)}</style>", "image-svg"),
        ("<input type=checkbox>", "html-input-text"),
        ("<link rel=icon href=x>", "html-link"),
    ],
)
def test_text_that_only_resembles_a_feature_is_ignored(html: str, unwanted: str):
    assert unwanted not in slugs(html)


def test_a_use_has_the_position_of_the_feature():
    html = '<p>Ships</p>\n<td class="a" style="margin:0; display:flex">'
    (use,) = (use for use in uses_in(html) if use.feature.slug == "css-display-flex")
    assert html[use.start : use.end] == "display:flex"
    assert use.shown == "`display: flex`"


def test_a_use_in_a_style_sheet_has_the_position_of_the_feature():
    html = "<head><style>p{margin:0}\n@media (max-width:9px){.a > b{gap:3px}}</style>"
    (use,) = (use for use in uses_in(html) if use.feature.slug == "css-gap")
    assert html[use.start : use.end] == "gap:3px"
    parts = {"css-selector-class", "css-selector-child", "css-selector-type"}
    assert use.guards == {"html-style", "css-at-media"} | parts


@pytest.mark.parametrize(
    ("html", "slug", "expected"),
    [
        ("<input type='radio'>", "html-input-radio", '`<input type="radio">`'),
        ("<p style='background:#fff url(a.png)'>", "css-background-image", "`background: … url()`"),
        ("<style>a::before{color:red}</style>", "css-pseudo-element-before", "`::before`"),
        ("<p style='width:2vw'>", "css-unit-vw", "the unit `vw`"),
        ("<b style='position: ABSOLUTE'>", "css-position", "`position: absolute`"),
    ],
)
def test_a_feature_is_named_as_it_was_written(html: str, slug: str, expected: str):
    assert shown(html, slug) == [expected]


# ── Audiences ────────────────────────────────────────────────────────────────────────────────────────────────────


def audiences(html: str) -> set[int]:
    return {use.audience for use in uses_in(html) if use.feature.slug == "html-video"}


@pytest.mark.parametrize(
    ("html", "readers"),
    [
        ("<!--[if mso]><video></video><![endif]-->", {WORD}),
        ("<!--[if mso | IE]><p><video></p><![endif]-->", {WORD}),
        ("<!--[if (gte mso 9)|(IE)]><video><![endif]-->", {WORD}),
        ("<!--[if lte mso 11]><video><![endif]-->", set()),
        ("<!--[if IE 8]><video><![endif]-->", set()),
        ("<!--[if !mso]><!--><video><!--<![endif]-->", {OTHERS}),
        ("<!--[if !mso]><!-- --><video><!-- <![endif]-->", {OTHERS}),
        ("<![if !mso]><video><![endif]>", {OTHERS}),
        ("<!--[if gte mso 9]><!--><video><!--<![endif]-->", {WORD | OTHERS}),
        ("<!--[if !mso]><!--><p><!--<![endif]--><video>", {WORD | OTHERS}),
        ("<!--[if mso]><style>a{}</style><![endif]--><video>", {WORD | OTHERS}),
    ],
)
def test_a_conditional_comment_determines_its_audience(html: str, readers: set[int]):
    assert audiences(html) == readers


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        ("mso", True),
        ("!mso", False),
        ("true", True),
        ("mso 15", False),
        ("mso 16", True),
        ("gt mso 14", True),
        ("lt mso 16", False),
        ("!(mso)", False),
        ("!(IE)&(mso)", True),
        ("(IE)|(gte mso 9)&(!vml)", True),
        ("mso 1.2.3", False),
        ("", False),
        ("&", False),
    ],
)
def test_a_condition_is_evaluated_as_word_does(condition: str, true: bool):
    assert is_for_word(condition) is true


# ── Fallbacks ──────────────────────────────────────────────────────────────────────────────────────────────────


def harm(html: str, slug: str) -> set[Harm]:
    return {problem.harm for problem in problems(html) if problem.feature.slug == slug}


@pytest.mark.parametrize(
    ("html", "slug"),
    [
        ("<video><a href='https://v.example/'><img src=still.jpg></a></video>", "html-video"),
        ("<p style='width:40px;width:calc(50% - 2px)'>", "css-unit-calc"),
        ("<p style='color:#ccc;color:rgba(0,0,0,.2)'>", "css-rgba"),
        ("<p style='background-color:#fff;background-image:url(a.png)'>", "css-background-image"),
        ("<p bgcolor='#fff' style='background:linear-gradient(red,blue)'>", "css-linear-gradient"),
        ("<p style='display:none;opacity:0;visibility:hidden'>", "css-visibility"),
        ("<p hidden style='display:none'>", "html-hidden"),
        ("<video src=a.mp4 style='display:none'></video>", "html-video"),
        (
            "<style>noinput.mj-menu-checkbox{display:block} .mj-menu-checkbox:checked~a{color:red}</style>",
            "css-pseudo-class-checked",
        ),
        ("<pre style='white-space:pre-wrap'>", "css-white-space"),
        ("<!--[if mso]><i hidden>x</i><![endif]-->", "html-hidden"),
        ("<link rel=stylesheet href='https://fonts.example/x.css'>", "html-link"),
        ("<style>@import url(https://fonts.example/x.css);</style>", "css-at-import"),
    ],
)
def test_a_feature_with_a_fallback_does_little_harm(html: str, slug: str):
    assert harm(html, slug) == {Harm.LESS}


def test_a_later_declaration_is_not_a_fallback():
    assert harm("<p style='width:calc(50% - 2px);width:40px'>", "css-unit-calc") == {Harm.LOOKS}


def clients(html: str, slug: str) -> frozenset[str]:
    return frozenset().union(*(problem.clients for problem in problems(html) if problem.feature.slug == slug))


def test_vml_is_a_fallback_for_background_images_in_outlook_on_windows():
    behind = "<td style='background:url(a.png)'>"
    assert "outlook-windows" in clients(behind, "css-background-image")
    drawn = f"{behind}<!--[if gte mso 9]><v:rect><v:fill src='a.png'/></v:rect><![endif]-->"
    assert "outlook-windows" not in clients(drawn, "css-background-image")


@pytest.mark.parametrize(
    "mjml",
    [
        '<mj-section background-url="a.jpg"><mj-column><mj-text>x</mj-text></mj-column></mj-section>',
        '<mj-hero height="300px" background-url="a.jpg"><mj-text>x</mj-text></mj-hero>',
        "<mj-section><mj-column><mj-navbar><mj-navbar-link href='b'>x</mj-navbar-link></mj-navbar></mj-column></mj-section>",
        "<mj-section><mj-column><mj-accordion><mj-accordion-element><mj-accordion-title>x</mj-accordion-title><mj-accordion-text>y</mj-accordion-text></mj-accordion-element></mj-accordion></mj-column></mj-section>",
        "<mj-section><mj-group><mj-column><mj-image src='a.png' /></mj-column></mj-group></mj-section>",
    ],
)
def test_the_output_of_mjml_does_no_harm_in_popular_clients(mjml: str):
    html = compile_mjml(f"<mjml><mj-body>{mjml}</mj-body></mjml>")
    assert [
        problem.shown
        for problem in problems(html)
        if problem.harm is not Harm.LESS and sum(shares_of({})[client] for client in problem.clients) >= LEAST_READERS
    ] == []


def test_html_hidden_from_outlook_does_it_no_harm():
    assert "outlook-windows" not in clients(
        "<!--[if !mso]><!--><p style='display:flex'><!--<![endif]-->", "css-display-flex"
    )
    assert clients("<!--[if mso]><p style='display:flex'><![endif]-->", "css-display-flex") == {"outlook-windows"}


def test_a_declaration_in_a_rule_counts_only_for_clients_that_apply_the_rule():
    everywhere = clients("<style>p{transform:none}</style>", "css-transform")
    assert {"outlook-windows", "gmail-web"} <= everywhere
    assert "gmail-mobile-web" not in everywhere  # reads no style element
    on_phones = clients("<style>@media (max-width:599px){p{transform:none}}</style>", "css-transform")
    assert "gmail-web" in on_phones
    assert "outlook-windows" not in on_phones
    at_night = clients("<style>@media (prefers-color-scheme:dark){p{transform:none}}</style>", "css-transform")
    assert "gmail-web" not in at_night
    assert "outlook-web" in at_night


# ── Templates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def template_slugs(path: str, source: str) -> set[str]:
    return {use.feature.slug for use in template_uses(path, source)}


def test_features_are_found_in_template_sources():
    source = "{# <video> #}\n{% if a %}<p style='display:{{ x }};gap:{{ y }}px'>{% endif %}"
    found = template_uses("templates/theme/email/callout.html", source)
    assert {use.feature.slug for use in found} == {"html-p", "css-gap"}
    (gap,) = (use for use in found if use.feature.slug == "css-gap")
    assert source[gap.start : gap.end].startswith("gap:")


def test_mjml_attributes_count_as_declarations():
    source = '<mj-section background-url="a.webp" border-radius="4px"><mj-text width="2rem">'
    found = template_slugs("templates/theme/email/row.mjml", source)
    assert {"css-background-image", "image-webp", "css-border-radius", "css-unit-rem"} <= found
    assert "css-pseudo-class-checked" in template_slugs("x/row.mjml", "<mj-accordion>")
    assert "css-rgba" in template_slugs("x/head.mjml", "<mj-style>p{color:rgba(0,0,0,.1)}</mj-style>")


def test_tokens_in_prose_css_are_not_css_variables():
    assert "css-variables" not in template_slugs("templates/theme/email/prose.css", "p { color: var(--ink) }")
    assert "css-variables" in template_slugs("templates/theme/email/head.css", "p { color: var(--ink) }")


# ── Any HTML ────────────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        "<",
        ">",
        "<!--",
        "-->",
        "[if mso]>",
        "<![endif]",
        "<style>",
        "</style>",
        "<p ",
        "style='",
        "'",
        '"',
        "{",
        "}",
        ";",
        "@media",
        "(",
        ")",
        "a:hover",
        "/*",
        "*/",
        "url(",
        "display:flex",
        "=",
        "<video",
        "&quot;",
        "{{",
        "}}",
        "{%",
        "<mj-x ",
        ":",
        "\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_any_html_can_be_read(html: str):
    for use in uses_in(html):
        assert 0 <= use.start <= use.end <= len(html)
    for path in ("a/prose.css", "a/head.css", "a/row.mjml"):
        template_uses(path, html)
    problems(html)


def test_every_kind_of_sign_has_features():
    assert all(feature_table().signs.values())
