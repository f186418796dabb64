"""Elements and attributes: how each is known, and what a letter loses without it."""

from __future__ import annotations

from newsletter.check.rules.clients.signs import Feature, Harm, address, attribute, element

_LOST, _LOOKS, _LESS = Harm.LOST, Harm.LOOKS, Harm.LESS
_FORM = "a form cannot be filled in or sent"
_TO_THE_WEB = "Link to a page that has it."
_A_PICTURE = "Show a picture that links to it."
_PLAIN = "its words are read as if they stood there without it"

ELEMENTS = (
    # What cannot be seen or used where it is missing.
    Feature("html-audio", _LOST, (element("audio"),), "nothing can be heard", "Use `::: audio`, which links to it."),
    Feature("html-video", _LOST, (element("video"),), "no video is shown", _A_PICTURE),
    Feature("html-svg", _LOST, (element("svg"),), "the drawing is taken out", "Save it as a PNG and use a picture."),
    Feature("html-object", _LOST, (element("object", "embed"),), "what it embeds is taken out", _A_PICTURE),
    Feature("html-dialog", _LOST, (element("dialog"),), "what it says is taken out, or stands open", _TO_THE_WEB),
    Feature("html-form", _LOST, (element("form"),), _FORM, _TO_THE_WEB),
    Feature("html-select", _LOST, (element("select"),), _FORM, _TO_THE_WEB),
    Feature("html-textarea", _LOST, (element("textarea"),), _FORM, _TO_THE_WEB),
    Feature(
        "html-input-text",
        _LOST,
        (element("input", having="type=|text|email|search|url|tel|number|password"),),
        _FORM,
        _TO_THE_WEB,
    ),
    Feature("html-input-checkbox", _LOST, (element("input", having="type=checkbox"),), _FORM, _TO_THE_WEB),
    Feature("html-input-radio", _LOST, (element("input", having="type=radio"),), _FORM, _TO_THE_WEB),
    Feature("html-input-submit", _LOST, (element("input", having="type=submit"),), _FORM, _TO_THE_WEB),
    Feature("html-button-submit", _LOST, (element("button", having="type=|submit"),), _FORM, _TO_THE_WEB),
    Feature("html-input-reset", _LESS, (element("input", having="type=reset"),), "the form is not emptied"),
    Feature("html-button-reset", _LESS, (element("button", having="type=reset"),), "the form is not emptied"),
    Feature("html-input-hidden", _LESS, (element("input", having="type=hidden"),), "the form that it is in is told"),
    Feature(
        "html-image-maps",
        _LOST,
        (attribute("usemap"),),
        "parts of the picture cannot be clicked",
        "Link the picture as a whole.",
    ),
    Feature("html-img", _LOST, (element("img"),), "no picture is shown"),
    Feature("html-table", _LOST, (element("table"),), "rows and columns fall apart"),
    # What is shown, but otherwise.
    Feature("html-meter", _LOOKS, (element("meter"),), "no bar is shown", "Write the number."),
    Feature("html-progress", _LOOKS, (element("progress"),), "no bar is shown", "Write the number."),
    Feature("html-marquee", _LOOKS, (element("marquee"),), "the text stands still", "Leave it out."),
    Feature(
        "html-base", _LOOKS, (element("base"),), "addresses that build on it lead nowhere", "Write whole addresses."
    ),
    Feature(
        "html-link",
        _LOOKS,
        (element("link", having="rel=.*\\bstylesheet\\b", shown='`<link rel="stylesheet">`'),),
        "the style sheet is not loaded",
        "Put the rules into head.css.",
    ),
    Feature("html-bdi", _LESS, (element("bdi"),), "a name in another script may stand a word too far left or right"),
    Feature("html-ruby", _LOOKS, (element("ruby"),), "readings stand behind the word, not above it"),
    Feature("html-rt", _LESS, (element("rt"),), "as `<ruby>`, which is told"),
    Feature("html-rp", _LESS, (element("rp"),), "as `<ruby>`, which is told"),
    Feature("html-lists", _LOOKS, (element("ul", "ol", "dl", shown="lists"),), "no bullets or numbers"),
    Feature("html-h1-h6", _LOOKS, (element("h1", "h2", "h3", "h4", "h5", "h6", shown="headings"),), _PLAIN),
    Feature("html-pre", _LOOKS, (element("pre"),), "lines of code run together"),
    Feature("html-p", _LOOKS, (element("p"),), "paragraphs run together"),
    Feature("html-div", _LOOKS, (element("div"),), _PLAIN),
    Feature("html-span", _LOOKS, (element("span"),), _PLAIN),
    Feature("html-strong", _LOOKS, (element("strong", "b", shown="`<strong>`"),), "the words are not bold"),
    # Finish.
    Feature(
        "html-semantics",
        _LESS,
        (
            element(
                "article",
                "aside",
                "details",
                "figcaption",
                "figure",
                "footer",
                "header",
                "main",
                "mark",
                "nav",
                "section",
                "summary",
                "time",
                shown="HTML5’s elements",
            ),
        ),
        "they become plain boxes; `<details>` stands open",
    ),
    Feature("html-picture", _LESS, (element("picture"),), "its `<img>` is shown"),
    Feature("html-abbr", _LESS, (element("abbr"),), _PLAIN),
    Feature("html-acronym", _LESS, (element("acronym"),), _PLAIN),
    Feature("html-address", _LESS, (element("address"),), _PLAIN),
    Feature("html-blockquote", _LESS, (element("blockquote"),), _PLAIN),
    Feature("html-code", _LESS, (element("code"),), _PLAIN),
    Feature("html-del", _LESS, (element("del"),), _PLAIN),
    Feature("html-dfn", _LESS, (element("dfn"),), _PLAIN),
    Feature("html-hr", _LESS, (element("hr"),), "no line is drawn"),
    Feature("html-small", _LESS, (element("small"),), _PLAIN),
    Feature("html-strike", _LESS, (element("strike", "s", shown="`<strike>`"),), _PLAIN),
    Feature("html-wbr", _LESS, (element("wbr"),), "a long word breaks elsewhere"),
    Feature(
        "html-body",
        _LESS,
        (element("body"),),
        "it becomes a box in their page; what the letter needs stands on its own boxes",
    ),
    Feature("html-style", _LESS, (element("style"),), "only what stands on the elements counts; that is why it does"),
    Feature(
        "html-meta-color-scheme",
        _LESS,
        (element("meta", having="name=(?:supported-)?color-schemes?", shown='`<meta name="color-scheme">`'),),
        "the letter is shown light, or the program darkens it by itself",
    ),
)

ATTRIBUTES = (
    Feature("html-hidden", _LOST, (attribute("hidden"),), "what is hidden is shown", "Hide it by `display: none`."),
    Feature("html-popover", _LOST, (attribute("popover", "popovertarget"),), "what it holds stands open", _TO_THE_WEB),
    Feature(
        "html-background",
        _LOOKS,
        (attribute("background"),),
        "no picture behind it",
        "Give it a `bgcolor`, and text that can be read on that.",
    ),
    Feature("html-dir", _LOOKS, (attribute("dir", value="rtl"),), "text runs from the wrong side"),
    Feature("html-align", _LESS, (attribute("align"),), "it stands at the start of the line"),
    Feature("html-valign", _LESS, (attribute("valign"),), "cells stand in the middle of their row"),
    Feature("html-cellpadding", _LESS, (attribute("cellpadding"),), "cells stand closer, or not so close"),
    Feature("html-cellspacing", _LESS, (attribute("cellspacing"),), "cells stand closer, or not so close"),
    Feature("html-width", _LOOKS, (attribute("width"),), "it is as wide as it happens to be"),
    Feature("html-height", _LESS, (attribute("height"),), "it is as high as it happens to be"),
    Feature("html-srcset", _LESS, (attribute("srcset", "sizes"),), "the picture of `src` is shown"),
    Feature("html-loading-attribute", _LESS, (attribute("loading"),), "the picture is loaded at once"),
    Feature("html-lang", _LESS, (attribute("lang"),), "a screen reader may read it in the reader’s own language"),
    Feature("html-role", _LESS, (attribute("role"),), "a screen reader may tell of tables that only lay things out"),
    Feature("html-aria-hidden", _LESS, (attribute("aria-hidden"),), "a screen reader reads it, too"),
    Feature("html-aria-label", _LESS, (attribute("aria-label"),), "a screen reader reads the words themselves"),
    Feature(
        "html-aria-labelledby", _LESS, (attribute("aria-labelledby"),), "a screen reader reads the words themselves"
    ),
    Feature(
        "html-aria-describedby", _LESS, (attribute("aria-describedby"),), "a screen reader reads the words themselves"
    ),
    Feature("html-aria-live", _LESS, (attribute("aria-live"),), "nothing changes in a letter"),
    Feature("html-required", _LESS, (attribute("required"),), "the form that it is in is told"),
    Feature("html-target", _LESS, (attribute("target"),), "they open links in a window as they please"),
    Feature("css-inert-attribute", _LESS, (attribute("inert"),), "it can be clicked after all"),
)

LINKS = (
    Feature(
        "html-anchor-links",
        _LESS,
        (address("#", shown="a link within the letter"),),
        "the link does nothing; what it leads to stands in the same letter",
    ),
    Feature(
        "html-mailto-links",
        _LOST,
        (address("mailto:", shown="a `mailto:` link"),),
        "the link does nothing",
        "Write the address out.",
    ),
)
