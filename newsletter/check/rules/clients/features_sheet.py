"""What only a style element has: rules that begin with @, media queries, and the parts of selectors.

A letter is laid out by what stands on its elements, so that missing one of these costs finish. What is inside of a rule counts
only for the mail programs that read the rule: see scan.py.
"""

from __future__ import annotations

from newsletter.check.rules.clients.signs import Feature, Harm, at_rule, media, pseudo, selector

_LOST, _LOOKS, _LESS = Harm.LOST, Harm.LOOKS, Harm.LESS
_PLAIN = "the letter is shown as for everybody"
_PASSED = "the rule is passed over; what stands on the elements counts"
_STILL = "nothing changes under the pointer"

AT_RULES = (
    Feature("css-at-media", _LESS, (at_rule("media"),), "the letter is shown as on a wide screen"),
    Feature(
        "css-at-media-prefers-color-scheme",
        _LESS,
        (media("prefers-color-scheme"),),
        "the letter is shown light, or the program darkens it by itself",
    ),
    Feature("css-at-media-prefers-reduced-motion", _LESS, (media("prefers-reduced-motion"),), _PLAIN),
    Feature("css-at-media-orientation", _LESS, (media("orientation"),), _PLAIN),
    Feature("css-at-media-hover", _LESS, (media("hover", "any-hover"),), _PLAIN),
    Feature(
        "css-at-media-device-pixel-ratio",
        _LESS,
        (media("-webkit-device-pixel-ratio", "-webkit-min-device-pixel-ratio", "-webkit-max-device-pixel-ratio"),),
        _PLAIN,
    ),
    Feature("css-at-supports", _LESS, (at_rule("supports"),), _PASSED),
    Feature("css-at-font-face", _LESS, (at_rule("font-face"),), "the next font of the list is used"),
    Feature(
        "css-at-import", _LOOKS, (at_rule("import"),), "the style sheet is not loaded", "Put the rules into head.css."
    ),
    Feature("css-at-keyframes", _LESS, (at_rule("keyframes", "-webkit-keyframes"),), "nothing moves"),
    Feature(
        "css-nesting",
        _LOOKS,
        (selector("&", "rules within rules"),),
        "the inner rules are passed over",
        "Write each rule by itself.",
    ),
    Feature(
        "css-comments",
        _LESS,
        (selector("/*", "comments in a style element"),),
        "the rule behind one may be passed over",
    ),
)

SELECTORS = (
    Feature("css-selector-type", _LESS, (selector("type", "selectors by element"),), _PASSED),
    Feature("css-selector-class", _LESS, (selector("class", "selectors by class"),), _PASSED),
    Feature("css-selector-id", _LESS, (selector("id", "selectors by id"),), _PASSED),
    Feature("css-selector-universal", _LESS, (selector("universal", "the selector `*`"),), _PASSED),
    Feature("css-selector-attribute", _LESS, (selector("attribute", "selectors by attribute"),), _PASSED),
    Feature("css-selector-chaining", _LESS, (selector("chaining", "selectors such as `a.b`"),), _PASSED),
    Feature("css-selector-grouping", _LESS, (selector("grouping", "selectors such as `a, b`"),), _PASSED),
    Feature("css-selector-descendant", _LESS, (selector("descendant", "selectors such as `a b`"),), _PASSED),
    Feature("css-selector-child", _LESS, (selector("child", "selectors such as `a > b`"),), _PASSED),
    Feature("css-selector-adjacent-sibling", _LESS, (selector("adjacent", "selectors such as `a + b`"),), _PASSED),
    Feature("css-selector-general-sibling", _LESS, (selector("sibling", "selectors such as `a ~ b`"),), _PASSED),
)

PSEUDOS = (
    Feature(
        "css-pseudo-class-checked",
        _LOST,
        (pseudo("checked"),),
        "what opens by a click stays shut",
        "Show it to all, or link to a page.",
    ),
    Feature(
        "css-pseudo-element-before",
        _LOOKS,
        (pseudo("before"),),
        "what it writes is not there",
        "Write it into the text.",
    ),
    Feature(
        "css-pseudo-element-after", _LOOKS, (pseudo("after"),), "what it writes is not there", "Write it into the text."
    ),
    Feature("css-pseudo-class-hover", _LESS, (pseudo("hover"),), _STILL),
    Feature("css-pseudo-class-active", _LESS, (pseudo("active"),), _STILL),
    Feature("css-pseudo-class-focus", _LESS, (pseudo("focus"),), _STILL),
    Feature("css-pseudo-class-focus-visible", _LESS, (pseudo("focus-visible"),), _STILL),
    Feature("css-pseudo-class-focus-within", _LESS, (pseudo("focus-within"),), _STILL),
    Feature("css-pseudo-class-target", _LESS, (pseudo("target"),), "what a link leads to is not marked"),
    Feature("css-pseudo-class-link", _LESS, (pseudo("link"),), _PASSED),
    Feature("css-pseudo-class-visited", _LESS, (pseudo("visited"),), "a link that was followed looks as before"),
    Feature("css-pseudo-class-default", _LESS, (pseudo("default"),), _PASSED),
    Feature("css-pseudo-class-lang", _LESS, (pseudo("lang"),), _PASSED),
    Feature("css-pseudo-class-has", _LESS, (pseudo("has"),), _PASSED),
    Feature("css-pseudo-class-not", _LESS, (pseudo("not"),), _PASSED),
    Feature("css-pseudo-class-first-child", _LESS, (pseudo("first-child"),), _PASSED),
    Feature("css-pseudo-class-first-of-type", _LESS, (pseudo("first-of-type"),), _PASSED),
    Feature("css-pseudo-class-last-child", _LESS, (pseudo("last-child"),), _PASSED),
    Feature("css-pseudo-class-last-of-type", _LESS, (pseudo("last-of-type"),), _PASSED),
    Feature("css-pseudo-class-nth-child", _LESS, (pseudo("nth-child"),), _PASSED),
    Feature("css-pseudo-class-nth-last-child", _LESS, (pseudo("nth-last-child"),), _PASSED),
    Feature("css-pseudo-class-nth-of-type", _LESS, (pseudo("nth-of-type"),), _PASSED),
    Feature("css-pseudo-class-nth-last-of-type", _LESS, (pseudo("nth-last-of-type"),), _PASSED),
    Feature("css-pseudo-class-only-child", _LESS, (pseudo("only-child"),), _PASSED),
    Feature("css-pseudo-class-only-of-type", _LESS, (pseudo("only-of-type"),), _PASSED),
    Feature("css-pseudo-element-first-letter", _LESS, (pseudo("first-letter"),), "a plain first letter"),
    Feature("css-pseudo-element-first-line", _LESS, (pseudo("first-line"),), "a plain first line"),
    Feature("css-pseudo-element-marker", _LESS, (pseudo("marker"),), "plain bullets and numbers"),
    Feature("css-pseudo-element-placeholder", _LESS, (pseudo("placeholder"),), "the form that it is in is told"),
)
