"""Services of the other catalogues from a table or a YAML list: checked whole before a word is written.

A row is one service. In a table lists are separated by semicolons; both Vietnamese heads and the short names are read.
A service that says the same as before is not touched, a changed one becomes a new version.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import InvalidInput, Text
from core.vietnamese import fold
from procedures import policies
from procedures.importing import writing
from procedures.importing.records import Fee, Method, Named, Paper, Record
from procedures.importing.writing import Entry, Outcome
from procedures.models import Procedure
from procedures.search import counting
from procedures.services.procedure_log import note
from procedures.states import (
    NEVER_FILED,
    ApplicantCategory,
    Catalogue,
    Channel,
    DurationUnit,
    FeeKind,
    ProcedureEventKind,
)

MOST_BYTES = 2 * 2**20
MOST_ROWS = 2_000
LEAST_FEE = 1_000
"""Below it a fee has probably lost its thousands."""
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,31}")

HEADS: dict[str, Text] = {
    "code": gettext_lazy("Mã"),
    "name": gettext_lazy("Tên"),
    "catalogue": gettext_lazy("Danh mục"),
    "sector": gettext_lazy("Lĩnh vực"),
    "provider": gettext_lazy("Đơn vị cung cấp"),
    "applicants": gettext_lazy("Đối tượng"),
    "channels": gettext_lazy("Hình thức nộp"),
    "time": gettext_lazy("Thời hạn"),
    "time_unit": gettext_lazy("Đơn vị thời hạn"),
    "fee": gettext_lazy("Phí (đồng)"),
    "how": gettext_lazy("Trình tự thực hiện"),
    "papers": gettext_lazy("Giấy tờ"),
    "results": gettext_lazy("Kết quả"),
    "legal_bases": gettext_lazy("Căn cứ pháp lý"),
    "decision": gettext_lazy("Quyết định công bố"),
}
NEEDED = ("code", "name", "catalogue", "provider")
_LONGEST = {"name": 2_000, "sector": 255, "decision": 255, "provider": 2_000}
_LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import has done, in numbers of services; ``pending`` wait for somebody to accept what is new."""

    created: int
    updated: int
    pending: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Service:
    catalogue: Catalogue
    record: Record


def parse(content: bytes, *, name: str) -> list[Service]:
    """Read a file. Every problem comes with its row and column, ``rows[3].fee``, counted from 1 without the heads.

    :raises InvalidInput: the file or any row of it is wrong.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": [_("Tệp lớn hơn %d MB. Hãy chia thành nhiều tệp.") % (MOST_BYTES >> 20)]})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        fix = _("Tệp không phải UTF-8. Trong Excel hãy lưu theo kiểu “CSV UTF-8”.")
        raise InvalidInput({"file": [fix]}) from problem
    rows = _of_yaml(text) if name.lower().endswith((".yaml", ".yml")) else _of_csv(text)
    if not rows:
        raise InvalidInput({"file": [_("Tệp không có dịch vụ nào. Hãy kiểm tra lại tệp.")]})
    if len(rows) > MOST_ROWS:
        raise InvalidInput({"file": [_("Tệp có hơn %d dòng. Hãy chia thành nhiều tệp.") % MOST_ROWS]})
    problems: dict[str, list[Text]] = {}
    services: list[Service] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        reader = _Row(row)
        service = reader.service()
        if service is not None and service.record.code in seen:
            reader.blame(
                "code", _("Mã này đã có ở dòng %d. Mỗi dịch vụ một dòng.") % seen[service.record.code]
            )
        problems |= {f"rows[{number}].{key}": texts for key, texts in reader.problems.items()}
        if service is not None:
            seen.setdefault(service.record.code, number)
            services.append(service)
    if problems:
        raise InvalidInput(problems, _("Tệp chưa đúng nên chưa ghi gì. Hãy sửa các ô được nêu."))
    return services


def check(services: Sequence[Service]) -> None:
    """Refuse what stands in another catalogue, or would become internal while people can file it.

    :raises InvalidInput: with the row of each.
    """
    rows = Procedure.objects.filter(code__in=[one.record.code for one in services])
    known = {one.code: one for one in rows.select_related("current_version")}
    problems: dict[str, list[Text]] = {}
    for number, service in enumerate(services, start=1):
        there = known.get(service.record.code)
        if there is not None and there.catalogue != service.catalogue:
            label = Catalogue(there.catalogue).label
            problems[f"rows[{number}].code"] = [
                _(
                    "Mã này đang thuộc danh mục “%s”. Hãy dùng mã khác, hoặc chuyển danh mục ở trang thủ tục đó."
                )
                % label
            ]
    if problems:
        raise InvalidInput(problems, _("Tệp chưa đúng nên chưa ghi gì. Hãy sửa các ô được nêu."))


@transaction.atomic
def write(services: Sequence[Service], *, file_name: str, actor: Actor, at: datetime) -> Brought:
    """Write all services or none of them, as published entries that are not open for filing.

    :raises InvalidInput: as `check`.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    check(services)
    entries = [Entry(number, one.record, is_checked=True) for number, one in enumerate(services, start=1)]
    writing.write(entries, file_name=file_name, at=at)
    if refused := [entry for entry in entries if entry.outcome is Outcome.REJECTED]:
        raise InvalidInput({f"rows[{entry.line}]": [entry.problem] for entry in refused})
    ids = dict(
        Procedure.objects.filter(code__in=[one.record.code for one in services]).values_list("code", "pk")
    )
    for service, entry in zip(services, entries, strict=True):
        if entry.outcome is Outcome.CREATED:
            procedure_id = ids[service.record.code]
            Procedure.objects.filter(pk=procedure_id).update(catalogue=service.catalogue)
            note(
                procedure_id,
                ProcedureEventKind.CATALOGUE_CHANGED,
                actor=actor,
                at=at,
                before="",
                after=service.catalogue,
            )
    counting.count_words()
    outcomes = [entry.outcome for entry in entries]
    return Brought(
        created=outcomes.count(Outcome.CREATED),
        updated=outcomes.count(Outcome.UPDATED),
        pending=outcomes.count(Outcome.PENDING),
        unchanged=outcomes.count(Outcome.UNCHANGED),
    )


def example() -> list[list[str]]:
    """Give heads and two rows of a table that can be filled in."""
    return [
        [str(head) for head in HEADS.values()],
        [
            "DN.SN.0001",
            _("Cấp mới đồng hồ nước cho hộ gia đình (minh họa)"),
            str(Catalogue.PUBLIC_UTILITY.label),
            _("Cấp nước"),
            _("Công ty cấp nước của thành phố (minh họa)"),
            str(ApplicantCategory.CITIZEN.label),
            f"{Channel.ONLINE.label}; {Channel.COUNTER.label}",
            "5",
            str(DurationUnit.WORKING_DAY.label),
            "0",
            _("Nộp đơn, đơn vị khảo sát rồi lắp đặt."),
            _("Đơn đề nghị; Bản sao giấy tờ nhà đất"),
            _("Hợp đồng dịch vụ cấp nước"),
            "",
            "",
        ],
    ]


def _of_csv(text: str) -> list[dict[str, Any]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = [
        row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)
    ]
    if not table:
        return []
    names = [_named(head) for head in table[0]]
    unknown = [head for head, name in zip(table[0], names, strict=True) if not name]
    if unknown:
        known = ", ".join(str(head) for head in HEADS.values())
        told = _("Không có cột “%(head)s”. Các cột được dùng: %(known)s.")
        raise InvalidInput({"file": [told % {"head": unknown[0].strip(), "known": known}]})
    return [dict(zip(names, row, strict=False)) for row in table[1:]]


def _of_yaml(text: str) -> list[dict[str, Any]]:
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise InvalidInput(
            {"file": [_("Tệp YAML sai cú pháp: %s") % str(problem).splitlines()[0]]}
        ) from problem
    if not isinstance(loaded, list) or not all(isinstance(one, Mapping) for one in loaded):
        raise InvalidInput({"file": [_("Tệp YAML phải là một danh sách, mỗi mục là một dịch vụ.")]})
    return [{_named(str(key)) or str(key): value for key, value in one.items()} for one in loaded]


def _same(text: str) -> str:
    return " ".join(fold(text).split())


def _named(head: str) -> str:
    asked = _same(head)
    return next((name for name, label in HEADS.items() if asked in (name, _same(str(label)))), "")


class _Row:
    """Reads one row; what is wrong is kept by column."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.problems: dict[str, list[Text]] = {}
        for name in given:
            if name not in HEADS:
                self.blame(name, _("Không có mục này. Các mục được dùng: %s.") % ", ".join(HEADS))

    def blame(self, name: str, text: str) -> None:
        self.problems.setdefault(name, []).append(text)

    def service(self) -> Service | None:
        """Give the service, or None where its row is wrong; `problems` says why."""
        for name in NEEDED:
            if not self._text(name):
                self.blame(name, _("Thiếu “%s”. Hãy ghi vào.") % HEADS[name])
        code = self._text("code")
        if code and not CODE.fullmatch(code):
            self.blame("code", _("Mã chỉ gồm chữ không dấu, số, dấu chấm và gạch nối, tối đa 32 ký tự."))
        catalogue = self._one_of("catalogue", Catalogue)
        if catalogue == Catalogue.ADMINISTRATIVE:
            self.blame(
                "catalogue", _("Thủ tục hành chính được nhập từ danh mục quốc gia. Hãy chọn danh mục khác.")
            )
        channels = self._some_of("channels", Channel)
        if catalogue in NEVER_FILED and Channel.ONLINE in channels:
            self.blame("channels", _("Thủ tục nội bộ không nhận hồ sơ trực tuyến. Hãy bỏ hình thức này."))
        if catalogue in NEVER_FILED and not self._text("decision"):
            self.blame("decision", _("Thủ tục nội bộ phải có quyết định công bố. Hãy ghi số quyết định."))
        applicants = self._some_of("applicants", ApplicantCategory)
        value, unit = self._time()
        fee = self._fee()
        if self.problems:
            return None
        methods = tuple(
            Method(Channel(one), value, unit, unit, "", "", () if fee is None else (fee,)) for one in channels
        )
        return Service(Catalogue(catalogue), self._record(methods, applicants))

    def _record(self, methods: tuple[Method, ...], applicants: list[str]) -> Record:
        texts = {
            "levels_text": "",
            "audiences_text": "",
            "steps": self._text("how"),
            "methods_text": "",
            "components_text": "",
            "legal_bases_text": "",
            "requirements": "",
            "authority": self._text("provider"),
        }
        short = {
            "decision": self._text("decision"),
            "ministry": "",
            "kind": "",
            "field": self._text("sector"),
            "source_url": "",
        }
        said = json.dumps({name: self._said(name) for name in HEADS}, ensure_ascii=False, sort_keys=True)
        return Record(
            code=self._text("code"),
            name=self._text("name"),
            digest=hashlib.sha256(said.encode()).hexdigest(),
            short=short,
            texts=texts,
            levels=(),
            audiences=tuple(applicants),
            methods=methods,
            papers=tuple(Paper("", one, "", 1, 0) for one in self._list("papers")),
            legal_bases=tuple(Named("", one) for one in self._list("legal_bases")),
            results=tuple(Named("", one) for one in self._list("results")),
        )

    def _said(self, name: str) -> Any:
        return self._list(name) if name in ("papers", "legal_bases", "results") else self._text(name)

    def _text(self, name: str) -> str:
        value = self.given.get(name)
        if value is None:
            return ""
        text = "; ".join(str(one) for one in value) if isinstance(value, Mapping | list) else str(value)
        text = text.replace("\x00", "").strip()
        if len(text) > (most := _LONGEST.get(name, _LONGEST_TEXT)):
            self.blame(name, _("Dài hơn %d ký tự. Hãy rút gọn.") % most)
        return text[:most]

    def _list(self, name: str) -> list[str]:
        value = self.given.get(name)
        parts = [str(one) for one in value] if isinstance(value, list) else self._text(name).split(";")
        return [part.strip() for part in parts if part.strip()][:200]

    def _one_of(self, name: str, choices: Any) -> str:
        asked = self._text(name)
        found = self._choice(asked, choices)
        if asked and not found:
            self._blame_choice(name, asked, choices)
        return found

    def _some_of(self, name: str, choices: Any) -> list[str]:
        found = []
        for asked in self._list(name):
            if one := self._choice(asked, choices):
                found.append(one)
            else:
                self._blame_choice(name, asked, choices)
        return list(dict.fromkeys(found))

    def _choice(self, asked: str, choices: Any) -> str:
        return next((one.value for one in choices if _same(asked) in (one.value, _same(str(one.label)))), "")

    def _blame_choice(self, name: str, asked: str, choices: Any) -> None:
        known = ", ".join(str(one.label) for one in choices)
        told = _("Không có “%(asked)s”. Hãy dùng: %(known)s.")
        self.blame(name, told % {"asked": asked[:60], "known": known})

    def _time(self) -> tuple[Decimal | None, str]:
        text = self._text("time").replace(",", ".")
        if not text:
            return None, ""
        try:
            value = Decimal(text)
        except InvalidOperation:
            self.blame("time", _("Thời hạn phải là một con số, ví dụ 5; đơn vị ghi ở cột bên."))
            return None, ""
        if not (value.is_finite() and 0 < value <= 10_000):
            self.blame("time", _("Thời hạn phải lớn hơn 0 và không quá 10.000."))
            return None, ""
        unit = self._one_of("time_unit", DurationUnit)
        if not self._text("time_unit"):
            self.blame("time_unit", _("Có thời hạn thì phải có đơn vị, ví dụ: ngày làm việc."))
        return value, unit

    def _fee(self) -> Fee | None:
        text = re.sub(r"[.,\s](?=\d{3}(\D|$))", "", self._text("fee"))
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            self.blame("fee", _("Phí phải là số tiền bằng đồng, ví dụ 50000; miễn phí ghi 0."))
            return None
        amount = int(text)
        if 0 < amount < LEAST_FEE:
            told = _("Phí %(fee)s đồng có vẻ thiếu hàng nghìn. Hãy ghi đủ, ví dụ %(more)s.")
            self.blame("fee", told % {"fee": text, "more": number_format(amount * 1000, force_grouping=True)})
            return None
        return Fee(FeeKind.FEE, amount, "")
