"""Guides of a procedure: add, replace, order, withdraw; a worker scans each file and marks each sample.

Nothing here opens a new version: a guide is shown beside whatever version is in force, and the log says who changed what.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import scanner, stamping, uploads
from core.actor import Actor
from core.errors import Conflict, InvalidInput
from core.uploads import Limits, UploadRefused, videos
from core.uploads.kinds import Kind
from procedures import policies
from procedures.beside import Guide, guide_path
from procedures.models import Procedure
from procedures.services.procedure_log import note
from procedures.states import GuideKind, GuideState, ProcedureEventKind

MARK = "MẪU"
MOST = 30
"""So many guides stand beside one procedure."""
LONGEST_CAPTIONS = 200_000
LONGEST_TRANSCRIPT = 50_000
POSTER = Limits(max_bytes=5 * 2**20, kinds=frozenset({Kind.JPEG, Kind.PNG}))
_ADDRESS = URLValidator(schemes=["https"])
_NEVER_IN_AN_ADDRESS = frozenset('"<>\\^`{|} ')
SHOWN = (GuideState.WAITING, GuideState.READY, GuideState.REFUSED)
"""States in which a guide still has a place in the order."""


class SignedSample(UploadRefused):
    """A mark would break the signature, and a signature has no place on a sample."""

    code = "upload_signed_sample"
    wording = gettext_lazy(
        "Tệp “%(name)s” có chữ ký số. Hồ sơ mẫu không dùng bản đã ký: hãy xuất lại tệp không ký, với dữ liệu minh họa."
    )


class NoGuide(Conflict):
    """The guide is not there any more: withdrawn or replaced meanwhile."""

    code = "no_guide"
    message = gettext_lazy("Tài liệu này vừa được gỡ hoặc thay. Hãy tải lại trang.")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands beside a file."""

    title: str
    title_en: str = ""
    url: str = ""
    transcript: str = ""
    captions: str = ""


def add(
    *,
    procedure_id: int,
    kind: str,
    words: Words,
    actor: Actor,
    at: datetime,
    upload: IO[bytes] | None = None,
    upload_name: str = "",
    poster: IO[bytes] | None = None,
    replaces: int | None = None,
) -> Guide:
    """Put a guide behind the others, or in the place of one; it is shown when `prepare` has found it good.

    Opens no transaction while files are read. What is sent twice is there once.

    :raises InvalidInput: a title, a file, an address is missing or wrong.
    :raises UploadRefused: the file cannot be taken.
    :raises Conflict: there are too many; `NoGuide`: what is to be replaced is not there any more.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    guide = Guide(procedure_id=procedure_id, kind=kind, replaces_id=replaces)
    _set_words(guide, words)
    if kind == GuideKind.LINK:
        guide.state = GuideState.READY
        return _insert(guide, actor=actor, at=at)
    if upload is None:
        raise InvalidInput({"file": [_("Hãy chọn tệp.")]})
    stored = _store(guide, upload, upload_name, poster)
    try:
        kept = _insert(guide, actor=actor, at=at)
    except BaseException:
        _delete(stored)
        raise
    if kept is not guide:
        _delete(stored)
    return kept


@transaction.atomic
def change(*, guide_id: int, words: Words, actor: Actor, at: datetime) -> Guide:
    """Change what stands beside a file: names, address, transcript, captions.

    :raises InvalidInput, NoGuide, NotAllowed: as `add`.
    """
    policies.require_configure(actor)
    guide = _locked(guide_id)
    before = _words_of(guide)
    _set_words(guide, words)
    after = _words_of(guide)
    if before != after:
        guide.save()
        changed = sorted(name for name, value in after.items() if before[name] != value)
        _note(guide, ProcedureEventKind.GUIDE_CHANGED, actor=actor, at=at, changed=changed)
    return guide


@transaction.atomic
def move(*, guide_id: int, up: bool, actor: Actor, at: datetime) -> None:
    """Let a guide change places with its neighbour; at the end of the list nothing happens.

    :raises NoGuide: it is not there any more.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    guide = _locked(guide_id)
    order = list(
        Guide.objects.filter(procedure=guide.procedure_id, state__in=SHOWN).order_by("position", "pk")
    )
    at_place = [one.pk for one in order].index(guide.pk)
    other = at_place + (-1 if up else 1)
    if not 0 <= other < len(order):
        return
    order[at_place], order[other] = order[other], order[at_place]
    for position, one in enumerate(order, start=1):
        one.position = position
    Guide.objects.bulk_update(order, ["position"])
    _note(guide, ProcedureEventKind.GUIDE_MOVED, actor=actor, at=at, place=other + 1)


@transaction.atomic
def withdraw(*, guide_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Show a guide no more; its files stay for the log. Withdrawn twice, it is withdrawn.

    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    guide = Guide.objects.select_for_update(of=("self",)).get(pk=guide_id)
    if guide.state not in SHOWN:
        return
    guide.state = GuideState.WITHDRAWN
    guide.save(update_fields=["state", "updated_at"])
    _note(guide, ProcedureEventKind.GUIDE_WITHDRAWN, actor=actor, at=at, reason=reason)


def prepare(*, guide_id: int, at: datetime) -> bool:
    """Scan a guide's file and mark it where it is a sample, then show it. For the worker; may run twice.

    Gives False where the scanner does not answer: nothing is shown unscanned, the sweep asks again.
    """
    guide = Guide.objects.filter(pk=guide_id, state=GuideState.WAITING).first()
    if guide is None:
        return True
    for stored in (guide.source, guide.poster):
        if not stored:
            continue
        with stored.open("rb") as content:
            verdict = scanner.scan(cast(BinaryIO, content), timeout=120.0)
        if verdict.outcome is scanner.Outcome.UNAVAILABLE:
            return False
        if verdict.outcome is scanner.Outcome.INFECTED:
            _refuse(guide, _("Tệp có mã độc nên không được dùng. Hãy thay bằng tệp khác."), at=at)
            return True
    if guide.kind == GuideKind.VIDEO:
        _show(guide, file=str(guide.source.name), size=guide.size, sha256=guide.source_sha256, at=at)
        return True
    _mark(guide, at=at)
    return True


def waiting(*, limit: int = 50) -> list[int]:
    """Give the guides that wait: no worker took the hint, or the scanner was away."""
    rows = Guide.objects.filter(state=GuideState.WAITING).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _mark(guide: Guide, *, at: datetime) -> None:
    with guide.source.open("rb") as source, SpooledTemporaryFile(max_size=2 * 2**20) as marked:
        target, kind = cast(BinaryIO, marked), str(guide.source.name).rpartition(".")[2]
        stamping.stamp(cast(BinaryIO, source), target, kind=kind, text=MARK)
        size, digest = target.seek(0, 2), _digest(target)
        path = _save(guide, target, f"mau-{digest[:32]}.{kind}")
        _show(guide, file=path, size=size, sha256=digest, at=at)


def _digest(content: BinaryIO) -> str:
    """Hash a file from its beginning, and leave it there."""
    content.seek(0)
    digest = hashlib.sha256()
    while chunk := content.read(64 * 1024):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


@transaction.atomic
def _show(guide: Guide, *, file: str, size: int, sha256: str, at: datetime) -> None:
    row = Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)
    if row.state != GuideState.WAITING:
        return
    row.state, row.file, row.size, row.sha256 = GuideState.READY, file, size, sha256
    row.save()
    _take_over(row)
    _note(row, ProcedureEventKind.GUIDE_READY, actor=Actor.system(), at=at, sha256=sha256)


@transaction.atomic
def _refuse(guide: Guide, problem: str, *, at: datetime) -> None:
    row = Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)
    if row.state != GuideState.WAITING:
        return
    paths = [str(one.name) for one in (row.source, row.poster) if one]
    row.state, row.problem, row.source, row.poster = GuideState.REFUSED, problem, "", ""
    row.save()
    transaction.on_commit(partial(_delete, paths), robust=True)
    _note(row, ProcedureEventKind.GUIDE_REFUSED, actor=Actor.system(), at=at, problem=problem)


def _take_over(guide: Guide) -> None:
    """Take the place of the guide that this one replaces."""
    if guide.replaces_id is None:
        return
    old = Guide.objects.select_for_update(of=("self",)).get(pk=guide.replaces_id)
    if old.state in SHOWN:
        Guide.objects.filter(pk=guide.pk).update(position=old.position)
        Guide.objects.filter(pk=old.pk).update(state=GuideState.REPLACED)


@transaction.atomic
def _insert(guide: Guide, *, actor: Actor, at: datetime) -> Guide:
    Procedure.objects.select_for_update(of=("self",)).get(pk=guide.procedure_id)
    beside = Guide.objects.filter(procedure=guide.procedure_id, state__in=SHOWN)
    if guide.replaces_id and not beside.filter(pk=guide.replaces_id).exists():
        raise NoGuide()
    twin = beside.filter(
        kind=guide.kind,
        title=guide.title,
        url=guide.url,
        source_sha256=guide.source_sha256,
        replaces=guide.replaces_id,
    ).first()
    if twin is not None:
        return twin
    if guide.replaces_id and beside.filter(replaces=guide.replaces_id, state=GuideState.WAITING).exists():
        raise Conflict(_("Đang có một bản thay chờ kiểm tra. Hãy đợi bản đó hiển thị, hoặc gỡ nó trước."))
    if beside.count() >= MOST:
        raise Conflict(_("Thủ tục này đã có %d tài liệu. Hãy gỡ bớt trước khi thêm.") % MOST)
    guide.position = (beside.aggregate(last=Max("position"))["last"] or 0) + 1
    guide.save(force_insert=True)
    if guide.state == GuideState.READY:
        _take_over(guide)
    _note(
        guide,
        ProcedureEventKind.GUIDE_ADDED,
        actor=actor,
        at=at,
        sha256=guide.source_sha256,
        replaces=guide.replaces_id,
    )
    return guide


def _sample_limits() -> Limits:
    return Limits(max_bytes=settings.UPLOAD_MAX_BYTES, max_pages=50)


def _store(guide: Guide, upload: IO[bytes], name: str, poster: IO[bytes] | None) -> list[str]:
    """Check files and put them on the disk; give their paths. The same content has the same path."""
    if guide.kind == GuideKind.VIDEO:
        checked = videos.inspect(upload, name=name, max_bytes=settings.GUIDE_VIDEO_MAX_BYTES)
        guide.media_type, guide.name, guide.size = checked.media_type, checked.name, checked.size
        guide.source_sha256, guide.seconds = checked.sha256, checked.seconds
        guide.source = _save(guide, upload, f"{checked.sha256[:32]}.{checked.extension}")
    else:
        with uploads.inspect(upload, name=name, limits=_sample_limits()) as clean:
            if clean.signed:
                raise SignedSample(clean.name)
            guide.media_type, guide.name, guide.size = clean.media_type, clean.name, clean.size
            guide.source_sha256, guide.pages = clean.sha256, clean.pages
            guide.source = _save(guide, clean.content, f"{clean.sha256[:32]}.{clean.extension}")
    stored = [str(guide.source.name)]
    if poster is not None and guide.kind == GuideKind.VIDEO:
        try:
            with uploads.inspect(poster, name=_("ảnh bìa"), limits=POSTER) as clean:
                guide.poster = _save(guide, clean.content, f"{clean.sha256[:32]}.{clean.extension}")
        except BaseException:
            _delete(stored)
            raise
        stored.append(str(guide.poster.name))
    return stored


def _save(guide: Guide, content: IO[bytes], name: str) -> str:
    return default_storage.save(guide_path(guide, name), File(content))


def _delete(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def _locked(guide_id: int) -> Guide:
    """Lock a guide and its neighbours, whose order may change. :raises NoGuide:"""
    guide = Guide.objects.filter(pk=guide_id).first()
    if guide is None:
        raise NoGuide()
    Procedure.objects.select_for_update(of=("self",)).get(pk=guide.procedure_id)
    guide = Guide.objects.select_for_update(of=("self",)).get(pk=guide_id)
    if guide.state not in SHOWN:
        raise NoGuide()
    return guide


def _is_address(text: str) -> bool:
    try:
        _ADDRESS(text)
    except ValidationError:
        return False
    return text.isprintable() and not _NEVER_IN_AN_ADDRESS.intersection(text)


def _words_of(guide: Guide) -> dict[str, str]:
    return {name: getattr(guide, name) for name in ("title", "title_en", "url", "transcript", "captions")}


def _set_words(guide: Guide, words: Words) -> None:
    problems: dict[str, list[Any]] = {}
    title = " ".join(words.title.split())
    if not title:
        problems["title"] = [_("Hãy ghi tên của tài liệu, ví dụ: Tờ khai đã điền mẫu.")]
    if guide.kind == GuideKind.LINK and not _is_address(words.url):
        problems["url"] = [_("Hãy ghi địa chỉ đầy đủ, bắt đầu bằng https://.")]
    captions = words.captions.replace("\r\n", "\n").strip().removeprefix("\ufeff")
    if captions and (not captions.startswith("WEBVTT") or "-->" not in captions):
        problems["captions"] = [
            _("Phụ đề phải theo định dạng WebVTT: dòng đầu là WEBVTT, mỗi câu có dòng giờ với -->.")
        ]
    elif len(captions) > LONGEST_CAPTIONS:
        problems["captions"] = [
            _("Phụ đề dài hơn %d ký tự. Hãy chia video thành nhiều đoạn.") % LONGEST_CAPTIONS
        ]
    if guide.kind == GuideKind.VIDEO and not (words.transcript.strip() or captions):
        problems["transcript"] = [_("Hãy ghi lời trong video hoặc phụ đề, cho người không nghe được.")]
    if len(words.transcript) > LONGEST_TRANSCRIPT:
        problems["transcript"] = [_("Lời trong video dài hơn %d ký tự. Hãy rút gọn.") % LONGEST_TRANSCRIPT]
    if problems:
        raise InvalidInput(problems)
    guide.title, guide.title_en = title[:160], " ".join(words.title_en.split())[:160]
    guide.url = words.url if guide.kind == GuideKind.LINK else ""
    is_video = guide.kind == GuideKind.VIDEO
    guide.transcript = words.transcript.strip() if is_video else ""
    guide.captions = captions if is_video else ""


def _note(
    guide: Guide, kind: ProcedureEventKind, *, actor: Actor, at: datetime, reason: str = "", **data: Any
) -> None:
    note(
        guide.procedure_id, kind, actor=actor, at=at, reason=reason, guide=guide.pk, title=guide.title, **data
    )
