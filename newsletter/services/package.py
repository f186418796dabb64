"""The other files of an export: texts for separate fields of the service, instructions, and the manifest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING

from newsletter.records import dataclass
from newsletter.services.base import Form, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.language import Language

MADE_BY = "newsletter export"
"""The value by which a manifest of ours is recognized."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time possible in a zip, used for every file in it."""


@dataclass(frozen=True, slots=True)
class PackedLetter:
    """The issue in the form that a service accepts."""

    name: str
    """The name of its files, without extension."""
    suffix: str
    """The end of other file names, for the paid edition, so that both editions may be in one folder."""
    slug: str
    edition: str
    """`paid` or `free` if there are two editions, else empty."""
    subject: str
    preheader: str
    html: str
    text: str
    """Empty if the service makes the plain text itself."""
    pictures: Mapping[str, bytes]
    """The pictures by their path."""
    hosted: bool
    """Whether the email shows its pictures from the web archive."""


def package(packed: PackedLetter, service: Service, language: Language) -> dict[str, bytes]:
    """All files of an export, by relative path. The same issue gives the same bytes."""
    files = {f"{packed.name}.html": packed.html.encode()}
    if packed.text:
        files[f"{packed.name}.txt"] = packed.text.encode()
    files[f"{packed.name}.subject.txt"] = f"{packed.subject}\n".encode()
    if packed.preheader:
        files[f"{packed.name}.preheader.txt"] = f"{packed.preheader}\n".encode()
    files |= packed.pictures
    files[f"README{packed.suffix}.txt"] = _readme(packed, service, language).encode()
    files[f"manifest{packed.suffix}.json"] = _manifest(packed, service, language, files).encode()
    return files


def general_names(suffix: str) -> tuple[str, str]:
    """The files of an export with common names, which a folder may have already."""
    return f"README{suffix}.txt", f"manifest{suffix}.json"


def wrote(manifest: bytes) -> Mapping[str, str] | None:
    """The hash of each file that an export wrote, from its manifest; None if this is not a manifest of ours."""
    try:
        value = json.loads(manifest)
        if value["made_by"] == MADE_BY:
            return {name: about["sha256"] for name, about in value["files"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        pass
    return None


def is_ours(name: str, content: bytes, manifest: bytes) -> bool:
    """Whether a README or a manifest is unchanged since the export with this manifest."""
    files = wrote(manifest)
    return files is not None and (content == manifest or files.get(name) == hashlib.sha256(content).hexdigest())


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip. It is not compressed: pictures already are, and compression differs between programs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = 3  # as on Unix, so that the bytes are the same on every system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _readme(packed: PackedLetter, service: Service, language: Language) -> str:
    """The instructions for the service, in the language of the issue."""
    head = f"{packed.subject} → {service.title}"
    lines = [f"{language.numeral(number)}. {step}" for number, step in enumerate(_steps(packed, service, language), 1)]
    more = [language.say("export_more", service=service.title, url=service.docs)] if service.docs else []
    return "\n".join([head, "", *lines, "", *more]).rstrip() + "\n"


def _steps(packed: PackedLetter, service: Service, language: Language) -> Iterator[str]:
    if packed.pictures and not packed.hosted:
        folder = min(packed.pictures).rpartition("/")[0]
        yield language.say("export_upload", folder=f"{folder}/")
    elif packed.pictures:
        yield language.say("export_pictures")
    if service.form is Form.PASTED:
        yield language.say("export_paste", file=f"{packed.name}.html")
    else:
        yield language.say("export_draft", service=service.title)
        yield language.say("export_html", file=f"{packed.name}.html")
    if packed.text:
        yield language.say("export_text", file=f"{packed.name}.txt")
    yield language.say("export_subject", file=f"{packed.name}.subject.txt")
    if packed.preheader:
        yield language.say("export_preheader", file=f"{packed.name}.preheader.txt")
    yield language.say("export_test")


def _manifest(packed: PackedLetter, service: Service, language: Language, files: Mapping[str, bytes]) -> str:
    """The manifest: the issue, the service, and a hash of each file, for programs that use the export."""
    value = {
        "made_by": MADE_BY,
        "service": service.name,
        "form": service.form.value,
        "issue": packed.slug,
        "edition": packed.edition or None,
        "language": language.code,
        "subject": packed.subject,
        "preheader": packed.preheader,
        "html": f"{packed.name}.html",
        "text": f"{packed.name}.txt" if packed.text else None,
        "pictures": {"hosted": packed.hosted, "files": sorted(packed.pictures)},
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
