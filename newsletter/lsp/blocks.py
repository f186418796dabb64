"""What an editor says of directives: what each is, what is written for it, and what its settings may be."""

from __future__ import annotations

from newsletter.blocks.settings import CHOICES
from newsletter.editions import NAMES as READERS

DIRECTIVES = {
    "button": ("A link that is to be followed.", "button [${1:What it says}](${2:address})\n:::"),
    "callout": ("A few words in a box of their own.", "callout ${1:Heading}\n$0\n:::"),
    "event": (
        "When and where something is.",
        "event [${1:Its name}](${2:address})\ndate: ${3:2024-04-21}\nplace: ${4:place}\n\n$0\n:::",
    ),
    "audio": (
        "Something to listen to.",
        "audio [${1:Listen to this letter}](${2:file.mp3})\nlength: ${3:12 minutes}\n:::",
    ),
    "video": (
        "A film: a picture of it that leads there.",
        "video [${1:Its name}](${2:address})\nlength: ${3:3:40}\n:::",
    ),
    "post": (
        "A post that stands elsewhere, in its own words.",
        "post [${1:Whose}](${2:address})\n${3:What it says}\n:::",
    ),
    "embed": (
        "A film or a post, whichever its address is known to be: a picture or a card that leads there.",
        "embed [${1:Its name}](${2:address})\n$0\n:::",
    ),
    "poll": ("Answers to choose from, each a link.", "poll ${1:Question?}\n- [${2:Answer}](${3:address})\n:::"),
    "gallery": (
        "Two to nine pictures in rows, cut to one shape where `ratio` says so.",
        "gallery ${1:What all of them show}\nratio: ${2:3:2}\n![${3:Alt}](${4:one.jpg})\n![${5:Alt}](${6:two.jpg})\n:::",
    ),
    "beside": (
        "A picture beside its text: a cover, a portrait, a product.",
        "beside\nside: ${1|left,right|}\n![${2:Alt}](${3:cover.jpg})\n\n$0\n:::",
    ),
    "columns": (
        "Two or three columns of short text, parted by `---` or each under a heading.",
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
        "A figure set large, with how it has changed and what it counts.",
        "stat ${1:436 million}\nchange: ${2:+3.1 % on last year}\n${0:tonnes went through the port.}\n:::",
    ),
    "quote-card": (
        "Somebody's words set large, to be shared.",
        "quote-card\n${1:The words.}\n\n— ${2:Whose}\n:::",
    ),
    "toc": ("The list of contents, here.", "toc\n$0"),
    "divider": ("A break between two thoughts.", "divider\n$0"),
    "sponsor": (
        "Whoever pays for this place: by the key in newsletter.yaml, or whoever is booked for the issue.",
        "sponsor ${1:key}\n:::",
    ),
    "only": ("What not every reader gets.", "only ${1|" + ",".join(READERS) + "|}\n$0\n:::"),
    "paywall": ("All below it is for paying readers.", "paywall\n$0"),
}
"""By name: what it is, and what is written for it, as a snippet."""
SETTINGS = {
    ("event", "date"): "The day, or the first and the last: `2026-12-04 to 2026-12-06`.",
    ("event", "time"): "Hours and minutes: `19:30`, `19:30–21:00`.",
    ("event", "place"): "Where it is.",
    ("audio", "length"): "How long it is, as readers see it.",
    ("video", "length"): "How long it is, as readers see it.",
    ("video", "mark"): "`no` leaves the play mark out.",
    ("embed", "length"): "How long it is, as readers see it.",
    ("embed", "mark"): "`no` leaves the play mark out.",
    ("gallery", "ratio"): "Width and height that all are cut to, around their middle; without it they are whole.",
    ("gallery", "columns"): "How many stand in a row: 2, 3 or 4.",
    ("beside", "side"): "On which side the picture stands; in a script from right to left, `left` is the right.",
    ("beside", "width"): "How much of the width the picture takes: `quarter`, `third` or `half`.",
    ("beside", "shape"): "`round` cuts the picture to a disc.",
    ("chart", "type"): "`bar`, `column`, `line`, `meter` or `sparkline`.",
    ("chart", "unit"): "What stands behind each figure: `Mt`, `%`.",
    ("chart", "source"): "Whom the figures are from; may be a link.",
    ("chart", "max"): "Of a meter: what is all of it.",
    ("stat", "change"): "How it has changed: with `+` or `−` before it, an arrow shows the way.",
}
"""By directive and key: what the setting is."""
VALUES = {
    **CHOICES,
    ("gallery", "ratio"): ("3:2", "4:3", "16:9", "1:1", "2:3"),
    ("video", "mark"): ("no",),
    ("embed", "mark"): ("no",),
}
"""What is offered for a setting."""
