"""What editors show of each key of house.yaml and of the front matter, in Markdown."""

from __future__ import annotations

ROOT = {
    "name": "What the kind is called, for people; else it is the folder's name.",
    "extends": "Another kind that this one is built on: what stands here is laid over it, key by key; `key:` alone takes something away.",
    "front": "The front matter: the fields that matter in this kind, in the order in which `newsletter new` writes them.",
    "other_fields": "Whether front matter may have fields that are not listed.",
    "file_name": "What the name of an issue's folder or file must fit, with fields: `{date:yyyy-MM-dd}-{slug}`. Or a list, of which one.",
    "opening": "What stands before the first heading.",
    "sections": "The sections, each by a short name in small letters that readers never see.",
    "order": "`fixed`: sections come as listed; `free`: in any order. Or their names in order; those in a list within it either way round.",
    "sets": "Sections of which an issue must have some: a list of their names, or a block.",
    "groups": "Headings one level above, under which sections stand.",
    "forgive": "In what headings may differ from what is asked: `case`, `quotes`, `dashes`, `emoji`; `all`, `nothing`.",
    "words": "How many, in the whole issue: `7`, `5-9`, `at least 5`, `at most 9`.",
    "contains": "Text that must stand here: one, a list, or each with how often.",
    "contents": "Whether a list of topics, made from all items, stands after the opening.",
    "cover": "Whether the cover stands under the title of the e-mail too, as on the web page.",
    "author_box": "Whether portrait and lines of the authors stand at the end.",
    "standing": "What the tool adds to every issue: the name of a file in `snippets/`, and where it goes.",
    "figures": "What pictures need.",
    "links": "What links need.",
    "text": "What the text needs.",
    "spelling": "How words are written: the right one, and the wrong ones that it stands for: `GitHub: [Github]`.",
    "avoid": "Jargon and spam words, as a list, or each with what to do about it.",
    "never": "Words that must not be published, found exactly as written.",
    "severity": "The weight of rules, by code or the beginning of one: `error`, `warning` or `off`.",
    "section_level": "How many `#` open a section; items have one more.",
    "allow_html": "Whether raw HTML is let through, cleaned.",
    "variants": "Several formats under one kind: each by a name, with `when` it holds and what is different then.",
}
WHEN = "What a field of the front matter must be for the variant to hold: a text, a list of texts, or `{pattern: …}`."
MOMENT = "The number or the date of an issue: `120`, `number 2024`, `2024-01-31`."
SINCE = "The first issue for which this holds, by number or date."
UNTIL = "The last issue for which this holds, by number or date."
IS = "What holds between `since` and `until`."
ERAS = "What is different for some issues: a list of blocks, each with `since` or `until` and the keys that change."

OPENING = {
    "required": "Whether an issue must have one.",
    "words": "How many: `7`, `5-9`, `at least 5`, `at most 9`; `0` for no opening.",
    "contains": "Text that must stand here: one, a list, or each with how often.",
    "hint": "What `newsletter new` writes there for you to replace.",
}
SECTION = {
    "heading": "Its heading, or a list of those it may have, with fields: `News of {date:MMMM yyyy}`, `Issue {number}`, `{title}`, `{any}`. Without one, any heading.",
    "required": "Whether an issue must have it.",
    "repeat": "How often it may come.",
    "words": "How many it has, items included.",
    "figures": "How many pictures of their own line.",
    "contains": "Text that must stand here: one, a list, or each with how often.",
    "items": "What its items, or stories, need.",
    "contents": "Whether a list of its items stands before the first.",
    "look": "How it is set: `roundup`, `recommendation` (the cover beside the text), `events` or `sign-off`.",
    "place": "Whether it is the `first` or the `last` of all sections.",
    "forgive": "In what its heading may differ from what is asked: `case`, `quotes`, `dashes`, `emoji`; `all`, `nothing`.",
    "only": "Whom it is for, and in which outputs: `paid` or `free`, `email`, `text`, `web`, `feed`. Without it, everybody gets it everywhere.",
    "hint": "What `newsletter new` writes in it for you to replace.",
}
ITEMS = {
    "shape": "How items are written: `heading` (### Title), `bullet` (- Title), `lead` (**Title.** text) or `numbered` (1. Title).",
    "count": "How many: `7`, `5-9`, `at least 5`, `at most 9`.",
    "numbered": "Whether they are numbered 1, 2, 3 …",
    "last": "What holds instead for the last one; what is not said here is as for the others.",
}
ITEM = {
    "link": "Whether the title is a link.",
    "links_to": "The kinds of links, of those under `links`, that the title may be.",
    "author": "Whether an author is named: `[Title](address) by Author`.",
    "picture": "Whether it has a picture.",
    "credit": "Whether its pictures say who made them.",
    "categories": "`any`: titles are `Category: headline`; a list: one of these; `none`.",
    "title": "How many characters the title has.",
    "words": "How many, below the title.",
    "length": "How many characters all that it says has, its title included.",
    "full_stop": "Whether it ends in a full stop.",
    "bold": "Whether the title is in bold.",
    "look": "`roundup`: many short entries.",
    "entries": "Of a round-up: how many bullets or paragraphs with a bold lead.",
    "hint": "What `newsletter new` writes in each for you to replace.",
}
SET = {"sections": "The names of sections.", "count": "How many of them an issue has; else at least one."}
GROUP = {
    "heading": "Its heading, or a list of those it may have.",
    "sections": "The names of the sections under it.",
    "required": "Whether an issue must have it.",
}
FIGURES = {
    "caption": "Whether every picture on a line of its own has a caption.",
    "credit": "Whether it says who made it.",
    "credit_words": "Words that begin a credit, besides Photo, Credit, Image, Source, Picture and Illustration.",
    "weight": "How heavy a picture file may be, in kilobytes.",
    "width": "How wide a picture must be, in pixels.",
    "formats": "The only formats allowed.",
}
LINKS = {
    "kinds": "Kinds of links, each with its domains: `source: [github.com, arxiv.org]`.",
    "http": "Whether `http:` is let through, where `https:` is asked for otherwise.",
    "tracking": "Whether addresses may have tracking parameters.",
    "shorteners": "Whether shortened addresses are let through.",
    "repeats": "The sections in which an address may stand that the issue has elsewhere.",
}
TEXT = {
    "quotes": "Which quotation marks: `typographic` (“ ”) or `straight`.",
    "sentence": "How many words a sentence has.",
    "paragraph": "How many words a paragraph has.",
    "placeholders": "What stands for text to come in this publication, found as a word of its own.",
}
FIELD = {
    "required": "Whether an issue must have it.",
    "length": "Of a text in characters, of a list in entries; of a number its value.",
    "pattern": "A regular expression that the whole text must fit; best in single quotes.",
    "choices": "The only texts it may have.",
    "form": "What the text must fit, with fields: `Issue #{number}`. Or a list, of which one.",
    "consecutive": "Of `number`: whether it goes on from the issue before.",
    "type": "What it holds.",
    "fields": "The fields inside it; it is `nested` then.",
    "hint": "What `newsletter new` writes for you to replace.",
}

STANDARD = {
    "kind": "Which house format the issue has; else the publication's.",
    "title": "The issue's title.",
    "subtitle": "One line below the title.",
    "number": "The number of the issue.",
    "date": "When it goes out: `2024-01-31`, or with a time.",
    "updated": "When it was revised.",
    "slug": "Its name in addresses; else the folder's, without the date.",
    "authors": "Keys of the publication's authors, or full names.",
    "summary": "One or two sentences, for feeds, link previews and, unless `preheader` is given, the inbox.",
    "preheader": "What inboxes show beside the subject.",
    "subject": "The subject of the e-mail; else the title.",
    "language": "BCP 47 tag; else the publication's.",
    "tags": "Topics.",
    "cover": "The picture that stands for the issue: a file, or `{image: …, alt: …, caption: …, credit: …}`.",
    "draft": "`true` keeps it out of archive and feeds, and makes what is only missing a warning.",
    "id": "Its identity in feeds, where that is not its folder's name.",
}
PICTURE = {
    "image": "The file.",
    "alt": "What it shows, for who does not see it.",
    "caption": "What stands below it.",
    "credit": "Who made it.",
}
