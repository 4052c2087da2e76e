"""The people around a dossier, each with one hand on the wire, and a look into the database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2

from danang_portal.local.stack import Stack
from tests.journeys.by_wire import Hand

CONFIRMATION = {
    "ho_ten": "Trần Thị Hai (minh họa)",
    "ngay_sinh": "22/02/1992",
    "so_dinh_danh": "048192000022",
    "noi_cu_tru": "Số 2 đường Minh Họa",
    "tinh_trang": "Chưa đăng ký kết hôn với ai",
    "muc_dich": "Vay vốn",
}


def rows(stack: Stack, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the database itself what is there."""
    connection = psycopg2.connect(stack.env["DATABASE_URL"], connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()
    finally:
        connection.close()


def wait_for(what: str, condition: Callable[[], Any], *, seconds: float = 90) -> Any:
    """Ask again and again until the answer is truthy, and give it."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return answer


BADGE = {
    "ten_don_vi": "Công ty TNHH Vận tải Ví Dụ (minh họa)",
    "ma_so": "0400000055",
    "loai_phu_hieu": "Xe tải",
    "bien_so": "43C-123.45",
    "nhan_hieu": "Xe tải minh họa",
    "so_cho": "3",
    "gia_tri_den": "31/12/2030",
}


class Office:
    """Takes the steps of a dossier over HTTP, as the pages do: Hải Châu ward and a confirmation of marital status,
    unless another place and another result are named."""

    def __init__(self, stack: Stack, *, place: str = "haichau", result: dict[str, str] | None = None) -> None:
        self.stack, self.result = stack, result or CONFIRMATION
        passwords = {row["login"]: row["password"] for row in json.loads(stack.accounts_file.read_text())}
        self.citizen = Hand(stack).sign_in_as_citizen("cong-dan-2", "222222")
        self.one_stop, self.specialist, self.signer, self.clerk = (
            Hand(stack).sign_in_as_officer(f"{name}.{place}", passwords[f"{name}.{place}"])
            for name in ("motcua1", "chuyenvien", "lanhdao", "vanthu")
        )

    def file(self, key: str) -> str:
        """File under ``key``, told at an address of its own; give the tracking number."""
        answer = self.citizen.file(key=key, email=f"{key}@example.vn")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["tracking_no"])

    def accept(self, tracking_no: str) -> None:
        files = rows(
            self.stack,
            "SELECT c.id FROM dossiers_dossiercomponent c JOIN dossiers_dossier d ON d.id = c.dossier_id"
            " WHERE c.replaced_at IS NULL AND d.tracking_no = %s",
            tracking_no,
        )
        for [file] in files:
            self._press(self.one_stop, tracking_no, f"thanh-phan/{file}/kiem-tra/", state="correct")
        self._press(self.one_stop, tracking_no, "tiep-nhan/")

    def take(self, tracking_no: str) -> None:
        self._press(self.specialist, tracking_no, "nhan-xu-ly/")

    def draft(self, tracking_no: str) -> None:
        self._press(self.specialist, tracking_no, "ket-qua/", **self.result, version=0, action="submit")

    def sign(self, tracking_no: str) -> None:
        self._press(self.signer, tracking_no, "ket-qua/ky/")

    def issue(self, tracking_no: str) -> None:
        self._press(self.clerk, tracking_no, "ket-qua/phat-hanh/")

    def receive(self, tracking_no: str) -> None:
        page = self.citizen.press(f"/ho-so/{tracking_no}/nhan-ket-qua/", on="/ho-so/")
        assert page.status_code == 200, page.text

    def _press(self, hand: Hand, tracking_no: str, path: str, **data: Any) -> None:
        page = hand.press(f"/can-bo/ho-so/{tracking_no}/{path}", on="/can-bo/", **data)
        assert page.status_code == 200, (
            f"{path}: {page.status_code}\n{page.text[:2000]}\n{self._last_words()}"
        )

    def _last_words(self) -> str:
        """Give the end of the portal's own log, which goes when the test ends: what a page of 503 does not tell."""
        return (self.stack.log_folder / "web.log").read_text(errors="replace")[-6000:]

    def issue_at_once(self, tracking_no: str) -> None:
        """Bring a filed dossier to its result."""
        self.accept(tracking_no)
        self.take(tracking_no)
        self.draft(tracking_no)
        self.wait_until([tracking_no], "awaiting_sign_off")
        self.sign(tracking_no)
        self.wait_until([tracking_no], "signed")
        self.issue(tracking_no)
        self.wait_until([tracking_no], "completed")

    def wait_until(self, tracking_nos: Iterable[str], status: str, *, seconds: float = 90) -> None:
        """Wait until the worker has brought all of them to a status."""
        wanted = set(tracking_nos)

        def arrived() -> bool:
            query = "SELECT tracking_no FROM dossiers_dossier WHERE status = %s AND tracking_no = ANY(%s)"
            return {row[0] for row in rows(self.stack, query, status, list(wanted))} == wanted

        wait_for(f"all {status}", arrived, seconds=seconds)
