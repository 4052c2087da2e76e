"""The people around a dossier of Hải Châu ward, each with one hand on the wire, and a look into the database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2

from danang_portal.local.stack import Stack
from tests.journeys.by_wire import Hand

RESULT = {
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


class Office:
    """Takes the steps of a confirmation of marital status over HTTP, as their pages do."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        passwords = {row["login"]: row["password"] for row in json.loads(stack.accounts_file.read_text())}
        self.citizen = Hand(stack).sign_in_as_citizen("cong-dan-2", "222222")
        self.one_stop, self.specialist, self.signer, self.clerk = (
            Hand(stack).sign_in_as_officer(f"{name}.haichau", passwords[f"{name}.haichau"])
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
            " WHERE d.tracking_no = %s",
            tracking_no,
        )
        for [file] in files:
            self._press(self.one_stop, tracking_no, f"thanh-phan/{file}/kiem-tra/", state="correct")
        self._press(self.one_stop, tracking_no, "tiep-nhan/")

    def take(self, tracking_no: str) -> None:
        self._press(self.specialist, tracking_no, "nhan-xu-ly/")

    def draft(self, tracking_no: str) -> None:
        self._press(self.specialist, tracking_no, "ket-qua/", **RESULT, version=0, action="submit")

    def sign(self, tracking_no: str) -> None:
        self._press(self.signer, tracking_no, "ket-qua/ky/")

    def issue(self, tracking_no: str) -> None:
        self._press(self.clerk, tracking_no, "ket-qua/phat-hanh/")

    def receive(self, tracking_no: str) -> None:
        page = self.citizen.press(f"/ho-so/{tracking_no}/nhan-ket-qua/", on="/ho-so/")
        assert page.status_code == 200, page.text

    def _press(self, hand: Hand, tracking_no: str, path: str, **data: Any) -> None:
        page = hand.press(f"/can-bo/ho-so/{tracking_no}/{path}", on="/can-bo/", **data)
        assert page.status_code == 200, f"{path}: {page.status_code}\n{page.text[:2000]}"

    def wait_until(self, tracking_nos: Iterable[str], status: str, *, seconds: float = 90) -> None:
        """Wait until the worker has brought all of them to a status."""
        wanted = set(tracking_nos)

        def arrived() -> bool:
            query = "SELECT tracking_no FROM dossiers_dossier WHERE status = %s AND tracking_no = ANY(%s)"
            return {row[0] for row in rows(self.stack, query, status, list(wanted))} == wanted

        wait_for(f"all {status}", arrived, seconds=seconds)
