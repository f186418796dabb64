"""Makes the editions of a parsed issue, finds the files that they use, and renders them."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsletter.editions import MAILED
from newsletter.editions.names import Readers
from newsletter.files import can_be_read
from newsletter.late import late
from newsletter.model import Directive, Enclosure, OpenedDirective, Rendering
from newsletter.names import composed_address, goes_out, in_address, same_file_key, slugify, spelled
from newsletter.project.cache import digest
from newsletter.walk import images_in, links_in, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.config.publication import Publication
    from newsletter.model import Block, ImageFile, Issue
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.layout import Surroundings, Whole
    from newsletter.render.letter import Letter, Neighbour

PAID = "paid"
"""The folder of files for paying readers, inside the folder of the email."""


def letter_of(
    project: Project,
    parsed: ParsedIssue,
    *,
    paid: bool = False,
    previous: Neighbour | None = None,
    following: Neighbour | None = None,
    picture_base: str | None = None,
    lapsed: Collection[str] = (),
) -> Letter:
    """The issue laid out for readers: for paying ones, or for all others (the free edition).

    `picture_base` precedes the names of pictures in the email. By default it is the address of the web page; for
    files of paying readers, which are not there, `paid_base`. `lapsed` are the sponsors that its page no longer
    shows.
    """
    from newsletter.render.layout import Surroundings, compose

    around = Surroundings(
        parsed.house,
        project.publication,
        project.language(parsed.issue.language),
        lambda issue, standing: (
            pictures_of(project, parsed, issue, standing),
            attachments_of(project, parsed, issue, standing),
        ),
        previous,
        following,
        picture_base,
        slugs_of(project, parsed),
        lapsed,
    )
    letter = compose(whole_issue(project, parsed), around, paid=paid)
    if letter.edition != "paid":
        return letter
    from newsletter.render.layout import standing_of

    standing = standing_of(whole_issue(project, parsed), Readers())
    return _with_paid_files(letter, around, *around.files(free_part(project, parsed), standing))


def whole_issue(project: Project, parsed: ParsedIssue) -> Whole:
    """The whole issue, with the readers of each part."""
    from newsletter.render.layout import whole_of

    if parsed.whole is None:
        language = project.language(parsed.issue.language)
        parsed.whole = whole_of(parsed.issue, parsed.house, project.publication, language, parsed.matched)
    return parsed.whole


def free_part(project: Project, parsed: ParsedIssue) -> Issue:
    """The part of the issue that free readers get."""
    from newsletter.editions import for_readers

    return for_readers(parsed.issue, paid=False, limits=whole_issue(project, parsed).limits)


def has_paid_edition(project: Project, parsed: ParsedIssue) -> bool:
    """Whether paying readers get something different."""
    return whole_issue(project, parsed).editions


def paid_base(letter: Letter) -> str:
    """The address of the files for paying readers, which are never in the web archive; ends in "/"."""
    paid_url = letter.publication.paid_url
    return f"{paid_url}{in_address(letter.issue.slug)}/" if paid_url else f"{letter.page_url}{PAID}/"


def has_paid_pictures(paid: Letter, free: Letter) -> bool:
    """Whether the paid edition has pictures that the free edition does not publish."""
    return not set(paid.images.values()) <= set(free.images.values())


def _with_paid_files(
    letter: Letter, around: Surroundings, images: Mapping[str, ImageFile], attachments: Mapping[str, str]
) -> Letter:
    """The paid edition. Its addresses lead to its own files if the free edition does not publish all of them.

    `images` and `attachments` are those of the free edition.
    """
    base = paid_base(letter)
    changes: dict[str, Any] = {
        "attachments": {href: name if href in attachments else base + name for href, name in letter.attachments.items()}
    }
    if around.picture_base is None and not set(letter.images.values()) <= set(images.values()):
        changes["picture_base"] = base
    mailed = {output: replace(letter.shown_in(output), **changes) for output in MAILED}
    return replace(letter, variants={**letter.variants, **mailed}, **changes)


def render(project: Project, letter: Letter) -> Rendering:
    """Every output of an edition."""
    from newsletter.render.page import render_page

    return replace(render_email(project, letter), page=render_page(letter, project.page_theme))


def render_email(project: Project, letter: Letter, *, traced: bool = False) -> Rendering:
    """The email of a letter and its text part, with placeholders for tokens (see tokens.py).

    With `traced`, the parts and pieces that the HTML is made of are reported.
    """
    from newsletter.render import email
    from newsletter.render.text import render_text

    mail, theme = letter.shown_in("email"), project.email_theme
    html, parts, pieces = email.trace_email(mail, theme) if traced else (email.render_email(mail, theme), (), ())
    return Rendering(
        subject=letter.subject,
        preheader=letter.preheader,
        html=html,
        text=render_text(letter),
        images=tuple(dict.fromkeys(mail.images.values())),
        parts=parts,
        pieces=pieces,
    )


LOGO_WIDTH = 200
"""The largest width of a logo in CSS pixels, if newsletter.yaml does not set one."""
LOGO_HEIGHT = 96
"""The largest height of the logo in CSS pixels."""
PORTRAIT_WIDTH = 72
"""The width of an author's portrait in CSS pixels."""
SPONSOR_WIDTH = 240
"""The largest width of a sponsor's picture in CSS pixels."""


def pictures_of(
    project: Project, parsed: ParsedIssue, issue: Issue, standing: Sequence[Block] = ()
) -> Mapping[str, ImageFile]:
    """The local pictures of `issue`, all of the parsed one or what somebody gets of it, by their address as written.

    Those of newsletter.yaml and of `standing` matter are among them, see `of_publication`.
    """
    portraits, logos = _portraits(issue, project.publication), _logos(project.publication)
    paying = _of_sponsors(issue, project.publication)
    issue = _with_standing(issue, standing) if standing else issue
    sources = [image.src for image in images_in(issue)]
    if issue.cover:
        sources.append(issue.cover.src)
    drawn = any(opened.name == "chart" for opened in issue.opened)
    if not (sources or portraits or logos or paying or drawn):
        return {}
    from newsletter.blocks.pictures import small_pictures
    from newsletter.render.directives.embeds import marked_sources

    marked, unmarked = marked_sources(issue)
    return {
        **_of_publication(project, portraits, logos, paying),
        **_planned(project, parsed, [src for src in sources if src not in unmarked]),
        **_planned(project, parsed, marked, mark=True),
        **_small(project, parsed, small_pictures(issue)),
        **(_drawn(project, issue) if drawn else {}),
    }


def _with_standing(issue: Issue, standing: Sequence[Block]) -> Issue:
    """The issue with the pictures of standing matter added; the same object if there are none."""
    charts = [block for block in walk_blocks(standing) if isinstance(block, Directive) and block.name == "chart"]
    if not charts and next(images_in(standing), None) is None:
        return issue
    opened = (OpenedDirective(block.name, span=block.span) for block in charts)
    return replace(issue, opening=(*issue.opening, *standing), opened=(*issue.opened, *opened))


def _portraits(issue: Issue, publication: Publication) -> list[str]:
    authors = [publication.authors[key] for key in issue.authors if key in publication.authors]
    return [author.picture for author in authors if author.picture]


def _of_sponsors(issue: Issue, publication: Publication) -> list[str]:
    if not publication.sponsors:
        return []
    from newsletter.blocks.sponsors import shown_in

    return [sponsor.picture for sponsor in shown_in(issue, publication) if sponsor.picture]


def _logos(publication: Publication) -> list[str]:
    theme = publication.theme
    return [logo for logo in (theme.logo, theme.logo_dark) if logo] if theme.logo else []


def logo_of(project: Project) -> ImageFile | None:
    """The logo for light mode in emails; None if there is no usable one."""
    from newsletter.render.letter import of_publication

    logos = _logos(project.publication)
    return _of_publication(project, [], logos, []).get(of_publication(logos[0])) if logos else None


def planned_picture(project: Project, folder: str, src: str) -> ImageFile | None:
    """The plan for the picture `src` of an issue in `folder`, relative to the workspace; None if it is not a local picture."""
    from newsletter.render.images.plan import plan_images

    covers = {} if project.covers is None else project.covers
    if (folder, src) not in covers:
        root, design = project.workspace.root, project.design
        ground = design.light["card"]
        made = plan_images([src], root / folder, root, shown_width=design.column, ground=ground)
        covers[folder, src] = made.get(src)
    return covers[folder, src]


def _planned(
    project: Project,
    parsed: ParsedIssue,
    sources: Sequence[str],
    *,
    mark: bool = False,
    width: int = 0,
    crop: str = "",
) -> dict[str, ImageFile]:
    known, how = parsed.pictures, f"{'mark' if mark else ''}{width or ''}{crop}"
    cover = parsed.issue.cover.src if parsed.issue.cover and project.covers is not None and not how else ""
    if cover in sources and (cover, how) not in known:
        known[cover, how] = planned_picture(project, parsed.file.folder, cover)
    new = [src for src in sources if (src, how) not in known]
    if new:
        from newsletter.render.images.plan import plan_images
        from newsletter.render.letter import path_of_publication

        root, design = project.workspace.root, project.design
        # A background: email clients change their own to dark, and the lines of a drawing would not be visible on it.
        for shared in {bool(path_of_publication(src)) for src in new}:
            named = {(path_of_publication(src) or src): src for src in new if bool(path_of_publication(src)) is shared}
            made = plan_images(
                named,
                root if shared else root / parsed.file.folder,
                root,
                shown_width=width or design.column,
                mark=mark,
                ground=design.light["card"],
                crop=crop,
            )
            known.update({(src, how): made.get(path) for path, src in named.items()})
    return {src: image for src in sources if (image := known[src, how])}


def _small(project: Project, parsed: ParsedIssue, wanted: Iterable[tuple[str, str]]) -> dict[str, ImageFile]:
    """The pictures of galleries, by address, each cropped to its ratio."""
    from newsletter.blocks.pictures import SHOWN

    small = {}
    for src, ratio in wanted:
        image = _planned(project, parsed, [src.rpartition("#")[0]], width=SHOWN, crop=ratio)
        small.update(dict.fromkeys((src,), *image.values()) if image else {})
    return small


def _drawn(project: Project, issue: Issue) -> dict[str, ImageFile]:
    """The drawings of charts, by name."""
    from newsletter.render.directives.chart import drawings_of
    from newsletter.render.images.plan import plan_drawing

    design, language = project.design, project.language(issue.language)
    drawings = drawings_of(issue, language, {"light": design.light, "dark": design.dark})
    return {name: plan_drawing(svg, "chart", *size) for name, svg, size in drawings}


def _of_publication(
    project: Project, portraits: list[str], logos: list[str], paying: list[str]
) -> dict[str, ImageFile]:
    from newsletter.render.letter import of_publication

    known = project.pictures
    for path in (*portraits, *logos, *paying):
        if path not in known:
            # Clients that make the background dark do not change pictures, and dark text on it would not be visible.
            ground = project.design.light["card"] if logos and path == logos[0] else ""
            known[path] = (
                _logo(project, path, ground)
                if path in logos
                else _shown(project, path, SPONSOR_WIDTH if path in paying else PORTRAIT_WIDTH)
            )
    return {of_publication(path): image for path in (*portraits, *logos, *paying) if (image := known[path])}


def _logo(project: Project, path: str, ground: str) -> ImageFile | None:
    width = project.publication.theme.logo_width
    planned = _shown(project, path, width or LOGO_WIDTH, ground)
    if not width and planned and planned.height > LOGO_HEIGHT:
        return _shown(project, path, round(planned.width * LOGO_HEIGHT / planned.height), ground)
    return planned


def _shown(project: Project, path: str, width: int, ground: str = "") -> ImageFile | None:
    from newsletter.render.images.plan import plan_images

    root = project.workspace.root
    return plan_images([path], root, root, shown_width=width, ground=ground).get(path)


def attachments_of(
    project: Project, parsed: ParsedIssue, issue: Issue, standing: Sequence[Block] = ()
) -> Mapping[str, str]:
    """Other files that `issue` links to in its folder (audio, a PDF), and `standing` matter beside its snippets.

    They are by their address as in the letter (see `of_publication`), each with the name to publish.
    """
    from newsletter.render.letter import path_of_publication

    root, home = project.workspace.root, parsed.file.folder
    attached = {
        link.href: _published_name(link.href, root / home)
        for link in links_in(issue)
        if goes_out(link.href) and can_be_read(root / attached_path(project, home, link.href))
    }
    for link in links_in(standing):
        path = path_of_publication(link.href)
        if path and can_be_read(root / attached_path(project, home, link.href)):
            attached[link.href] = _name_beside(path, attached.values(), root)
    return attached


def shared_attachments(project: Project, parsed: ParsedIssue) -> Iterator[str]:
    """The files to which the snippets of an issue link, relative to the workspace, whether they exist or not."""
    from newsletter.render.layout import blocks_of
    from newsletter.render.letter import path_of_publication

    for link in links_in(blocks_of(whole_issue(project, parsed).standing)):
        if path_of_publication(link.href):
            yield attached_path(project, parsed.file.folder, link.href)


def _name_beside(path: str, taken: Collection[str], root: Path) -> str:
    """The name under which a snippet's file is published among the files of the issue; `path` is its path in the workspace."""
    folder, _, href = path.rpartition("/")
    name = _published_name(href, root / folder)
    if same_file_key(name) not in map(same_file_key, taken):
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{digest(path)[:6]}.{ending}" if dot else f"{name}-{digest(path)[:6]}"


def slugs_of(project: Project, parsed: ParsedIssue) -> Mapping[str, str]:
    """The slugs of other issues to whose files the issue links, by the address as written up to the file."""
    root, folder = project.workspace.root, parsed.file.folder
    found = {}
    for link in links_in(parsed.issue):
        href = re.split("[?#]", link.href, maxsplit=1)[0]
        if href.endswith(".md") and "{{" not in href and href not in found:
            path = posixpath.normpath(posixpath.join(folder, spelled(root / folder, unquote(href))))
            if slug := "" if "\0" in path else project.slug_at(path):
                found[href] = slug
    return found


def attached_path(project: Project, folder: str, href: str) -> str:
    """The path of an attachment in the workspace.

    That of an issue is in its `folder`, that of a snippet beside the snippet.
    """
    from newsletter.render.letter import path_of_publication

    shared = path_of_publication(href)
    folder, _, name = shared.rpartition("/") if shared else (folder, "", href)
    return f"{folder}/{_on_disk(name, project.workspace.root / folder)}"


def _on_disk(href: str, folder: Path) -> str:
    return spelled(folder, unquote(href))


def enclosures_of(project: Project, letter: Letter) -> tuple[Enclosure, ...]:
    """The recordings of an issue for feeds: local files, and those on other hosts for which the issue gives the facts."""
    from newsletter.markdown.recordings import TYPES
    from newsletter.project.audio import recording_lengths, remote_recordings

    root, folder, shown = project.workspace.root, letter.issue.path.rpartition("/")[0], letter.shown_in("feed")
    seconds = recording_lengths(shown)
    beside = (
        Enclosure(
            letter.page_url + name,
            media_type,
            (root / attached_path(project, folder, href)).stat().st_size,
            seconds.get(href, 0),
        )
        for href, name in shown.attachments.items()
        if (media_type := TYPES.get(name.rpartition(".")[2].lower()))
    )
    return (*beside, *remote_recordings(shown))


_SIGNS = re.compile(r"[^\x00-\x7f\w]")
_OURS = late(r"(?:index|page|email|email-paid)\.[a-z]+|style\.css|paid|for-[^.]*", re.IGNORECASE)
"""Names of files and folders that a build or an export writes beside an issue's attachments."""


def _published_name(href: str, folder: Path) -> str:
    """A file name that works in any address and is not that of an output: `annual%20report.pdf` becomes `annual-report-6f1e2d.pdf`."""
    if "%" not in href and not _OURS.fullmatch(same_file_key(href)):
        return href
    # Two Unicode forms of a name give one address, unless both exist as files.
    if _on_disk(href, folder) != _on_disk(same := composed_address(href), folder):
        same = href
    stem, dot, ending = unquote(href).rpartition(".")
    # The hash keeps different names apart that would otherwise become the same.
    return "-".join(filter(None, (_plain(stem if dot else ending), digest(same)[:6]))) + (dot and f".{_plain(ending)}")


def _plain(name: str) -> str:
    # Unlike in addresses of issues, only ASCII separates words, so that published addresses stay.
    return slugify(_SIGNS.sub("", unicodedata.normalize("NFKD", name)))
