"""Descriptions of directives for editors: their purpose, their syntax, and the values of their settings."""

from __future__ import annotations

from newsletter.blocks.settings import CHOICES
from newsletter.editions import NAMES as READERS

DIRECTIVES = {
    "button": ("A link that stands out.", "button [${1:What it says}](${2:address})\n:::"),
    "callout": ("A few words in a box.", "callout ${1:Heading}\n$0\n:::"),
    "event": (
        "When and where something is.",
        "event [${1:Its name}](${2:address})\ndate: ${3:2024-04-21}\nplace: ${4:place}\n\n$0\n:::",
    ),
    "audio": (
        "Something to listen to.",
        "audio [${1:Listen to this letter}](${2:file.mp3})\nlength: ${3:12 minutes}\n:::",
    ),
    "video": (
        "A video: a picture that links to it.",
        "video [${1:Its name}](${2:address})\nlength: ${3:3:40}\n:::",
    ),
    "post": (
        "A post from another site, quoted.",
        "post [${1:Whose}](${2:address})\n${3:What it says}\n:::",
    ),
    "embed": (
        "A video or a post, depending on the address: a picture or a card that links to it.",
        "embed [${1:Its name}](${2:address})\n$0\n:::",
    ),
    "poll": ("Answers to choose from, each a link.", "poll ${1:Question?}\n- [${2:Answer}](${3:address})\n:::"),
    "gallery": (
        "Two to nine pictures in rows. `ratio` cuts them to one shape.",
        "gallery ${1:What all of them show}\nratio: ${2:3:2}\n![${3:Alt}](${4:one.jpg})\n![${5:Alt}](${6:two.jpg})\n:::",
    ),
    "beside": (
        "A picture beside its text: a cover, a portrait, a product.",
        "beside\nside: ${1|left,right|}\n![${2:Alt}](${3:cover.jpg})\n\n$0\n:::",
    ),
    "columns": (
        "Two or three columns of short text, separated by `---` or each with a heading.",
        "columns\n#### ${1:Up}\n- $2\n#### ${3:Down}\n- $0\n:::",
    ),
    "chart": (
        "The figures of a table as bars, columns, lines, meters or sparklines.",
        """chart ${1:What it shows}
type: ${2|bar,column,line,meter,sparkline|}
unit: ${3:Mt}
source: ${4:Whom they are from}

| ${5:Port} | ${6:2024} |
| --- | --: |
| ${7:Rotterdam} | ${8:436} |
:::""",
    ),
    "stat": (
        "A large number, with its change and what it counts.",
        "stat ${1:436 million}\nchange: ${2:+3.1 % on last year}\n${0:tonnes went through the port.}\n:::",
    ),
    "quote-card": (
        "A large quotation, made to share.",
        "quote-card\n${1:The words.}\n\n— ${2:Whose}\n:::",
    ),
    "toc": ("The table of contents, here.", "toc\n$0"),
    "divider": ("A break between two thoughts.", "divider\n$0"),
    "sponsor": (
        "A sponsor: by its key in newsletter.yaml, or the one booked for the issue.",
        "sponsor ${1:key}\n:::",
    ),
    "only": ("Text for some readers or outputs only.", "only ${1|" + ",".join(READERS) + "|}\n$0\n:::"),
    "paywall": ("All below it is for paying readers.", "paywall\n$0"),
}
"""The description of each directive, and the snippet that writes it, by name."""
SETTINGS = {
    ("event", "date"): "The day, or the first and the last: `2026-12-04 to 2026-12-06`.",
    ("event", "time"): "Hours and minutes: `19:30`, `19:30–21:00`.",
    ("event", "place"): "Where it is.",
    ("audio", "length"): "How long it is, as readers see it.",
    ("video", "length"): "How long it is, as readers see it.",
    ("video", "mark"): "`no` removes the play mark.",
    ("embed", "length"): "How long it is, as readers see it.",
    ("embed", "mark"): "`no` removes the play mark.",
    (
        "gallery",
        "ratio",
    ): "The ratio of width to height that all pictures are cut to, around their middle. Without it they are not cut.",
    ("gallery", "columns"): "How many pictures a row has: 2, 3 or 4.",
    ("beside", "side"): "The side of the picture. In right-to-left scripts, `left` is on the right.",
    ("beside", "width"): "How much of the width the picture takes: `quarter`, `third` or `half`.",
    ("beside", "shape"): "`round` cuts the picture to a disc.",
    ("chart", "type"): "`bar`, `column`, `line`, `meter` or `sparkline`.",
    ("chart", "unit"): "The unit after each figure: `Mt`, `%`.",
    ("chart", "source"): "The source of the figures. It can be a link.",
    ("chart", "max"): "For a meter: the maximum.",
    ("stat", "change"): "The change. With `+` or `−` before it, an arrow shows the direction.",
}
"""The description of each setting, by directive and key."""
VALUES = {
    **CHOICES,
    ("gallery", "ratio"): ("3:2", "4:3", "16:9", "1:1", "2:3"),
    ("video", "mark"): ("no",),
    ("embed", "mark"): ("no",),
}
"""The completions for a setting."""
