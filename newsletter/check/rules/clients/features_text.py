"""Declarations about words: how each is known, and what a letter loses without it."""

from __future__ import annotations

from newsletter.check.rules.clients.signs import Feature, Harm, properties, word

_LOOKS, _LESS = Harm.LOOKS, Harm.LESS

TEXT = (
    Feature("css-font", _LOOKS, (properties("font"),), "another font"),
    Feature("css-font-size", _LOOKS, (properties("font-size"),), "another size"),
    Feature("css-line-height", _LOOKS, (properties("line-height"),), "lines stand closer"),
    Feature("css-text-align", _LOOKS, (properties("text-align"),), "text stands at the start of the line"),
    Feature("css-text-decoration", _LOOKS, (properties("text-decoration"),), "links are, or are not, underlined"),
    Feature(
        "css-white-space",
        _LOOKS,
        (properties("white-space", r"\bpre"),),
        "lines of code and verse run together",
        "Put it into `<pre>`.",
    ),
    Feature(
        "css-white-space", _LESS, (properties("white-space", r"nowrap|normal|break-spaces"),), "a line may break there"
    ),
    Feature("css-white-space-collapse", _LESS, (properties("white-space-collapse"),), "spaces are one"),
    Feature("css-font-weight", _LESS, (properties("font-weight"),), "it is bold or not, nothing between"),
    Feature("css-font-kerning", _LESS, (properties("font-kerning"),), "the font’s own kerning"),
    Feature("css-font-size-adjust", _LESS, (properties("font-size-adjust"),), "the font’s own size"),
    Feature("css-font-stretch", _LESS, (properties("font-stretch"),), "the font’s own width"),
    Feature(
        "css-sytem-ui",
        _LESS,
        (word("system-ui", "ui-serif", "ui-sans-serif", "ui-rounded", "ui-monospace"),),
        "the next font of the list is used",
    ),
    Feature("css-letter-spacing", _LESS, (properties("letter-spacing"),), "the font’s own spacing"),
    Feature("css-word-spacing", _LESS, (properties("word-spacing"),), "the font’s own spacing"),
    Feature("css-text-transform", _LESS, (properties("text-transform"),), "words are set as they are written"),
    Feature("css-text-indent", _LESS, (properties("text-indent"),), "the line begins at the margin"),
    Feature("css-text-align-last", _LESS, (properties("text-align-last"),), "the last line stands as the others"),
    Feature("css-text-justify", _LESS, (properties("text-justify"),), "spaces are spread as they like"),
    Feature("css-text-overflow", _LESS, (properties("text-overflow"),), "the line is cut without dots, or not at all"),
    Feature("css-text-shadow", _LESS, (properties("text-shadow"),), "no shadow"),
    Feature("css-text-wrap", _LESS, (properties("text-wrap"),), "lines break as they come"),
    Feature(
        "css-text-decoration-color",
        _LESS,
        (properties("text-decoration-color"),),
        "the line has the colour of the text",
    ),
    Feature(
        "css-text-decoration-line",
        _LESS,
        (properties("text-decoration-line"),),
        "links have the line that the program gives them",
    ),
    Feature("css-text-decoration-style", _LESS, (properties("text-decoration-style"),), "a plain line"),
    Feature("css-text-decoration-thickness", _LESS, (properties("text-decoration-thickness"),), "the font’s own line"),
    Feature(
        "css-text-decoration-skip-ink", _LESS, (properties("text-decoration-skip-ink"),), "the line runs as it likes"
    ),
    Feature("css-text-underline-offset", _LESS, (properties("text-underline-offset"),), "the line stands closer"),
    Feature("css-text-underline-position", _LESS, (properties("text-underline-position"),), "the line stands closer"),
    Feature(
        "css-text-emphasis",
        _LESS,
        (properties("text-emphasis text-emphasis-style text-emphasis-color -webkit-text-emphasis"),),
        "no dots above the words",
    ),
    Feature(
        "css-text-emphasis-position",
        _LESS,
        (properties("text-emphasis-position"),),
        "the dots stand where they usually do",
    ),
    Feature("css-hyphens", _LESS, (properties("hyphens -webkit-hyphens"),), "words are not divided"),
    Feature("css-hyphenate-character", _LESS, (properties("hyphenate-character"),), "a plain hyphen"),
    Feature(
        "css-hyphenate-limit-chars", _LESS, (properties("hyphenate-limit-chars"),), "words are divided as they come"
    ),
    Feature("css-overflow-wrap", _LESS, (properties("overflow-wrap"),), "a very long word may run out of its box"),
    Feature("css-word-wrap", _LESS, (properties("word-wrap"),), "a very long word may run out of its box"),
    Feature("css-word-break", _LESS, (properties("word-break"),), "a very long word may run out of its box"),
    Feature("css-tab-size", _LESS, (properties("tab-size"),), "tabs are eight wide"),
    Feature("css-list-style", _LESS, (properties("list-style"),), "plain bullets and numbers"),
    Feature("css-list-style-type", _LESS, (properties("list-style-type"),), "plain bullets and numbers"),
    Feature("css-list-style-image", _LESS, (properties("list-style list-style-image", r"url\("),), "plain bullets"),
    Feature(
        "css-list-style-position", _LESS, (properties("list-style-position"),), "bullets stand where they usually do"
    ),
    Feature("css-user-select", _LESS, (properties("user-select -webkit-user-select"),), "text can be copied, or not"),
    Feature("css-cursor", _LESS, (properties("cursor"),), "a plain pointer"),
    Feature("css-accent-color", _LESS, (properties("accent-color"),), "the form that it is in is told"),
    Feature(
        "css-color-scheme",
        _LESS,
        (properties("color-scheme"),),
        "the letter is shown light, or the program darkens it by itself",
    ),
    Feature("css-animation", _LESS, (properties("animation animation-name"),), "nothing moves"),
    Feature("css-transition", _LESS, (properties("transition transition-property"),), "it changes at once"),
)
