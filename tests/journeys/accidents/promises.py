"""What must hold at the end, whatever happened on the way."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from danang_portal.local.folders import REPO
from danang_portal.local.stack import Stack
from tests.journeys.office import rows, wait_for
from tests.simulators.mail import MailServer

WAY = ["submit", "accept", "forward", "assign", "submit_for_signature", "sign", "issue", "hand_over"]
TOLD_OF = ["submit", "accept", "issue", "hand_over"]


def all_is_well(stack: Stack, mail: MailServer, tracking_nos: list[str]) -> None:
    """Wait until the work is done, then look at everything that was promised for these dossiers."""
    work_is_done(stack)
    for tracking_no in tracking_nos:
        [(dossier_id, code, status, address)] = rows(
            stack,
            "SELECT id, code, status, contact_email FROM dossiers_dossier WHERE tracking_no = %s",
            tracking_no,
        )
        assert status == "returned"
        events = rows(
            stack, "SELECT action FROM dossiers_dossierevent WHERE dossier_id = %s ORDER BY seq", dossier_id
        )
        assert [action for [action] in events] == WAY
        papers = rows(
            stack, "SELECT form, file, sha256 FROM dossiers_paper WHERE dossier_id = %s", dossier_id
        )
        assert sorted(form for form, _file, _sha256 in papers) == [
            "acknowledgement",
            "control_sheet",
            "receipt",
        ]
        results = rows(stack, "SELECT file, sha256 FROM results_vault_result WHERE dossier_code = %s", code)
        assert len(results) == 1
        for file, sha256 in [*results, *(paper[1:] for paper in papers)]:
            assert hashlib.sha256(stored(stack, file)).hexdigest() == sha256
        notices = rows(
            stack, "SELECT topic FROM notifications_notice WHERE dossier_id = %s ORDER BY id", dossier_id
        )
        assert sorted(topic for [topic] in notices) == sorted(f"dossier.{action}" for action in TOLD_OF)
        letters = Counter(letter["subject"] for letter in mail.messages(to=address))
        assert sorted(letters.values()) == [1] * len(TOLD_OF), letters
    numbers_have_neither_gap_nor_double(stack)
    history_holds(stack)


def work_is_done(stack: Stack) -> None:
    """Wait until nothing is left to relay, to make and to send."""
    for what, left in {
        "the outbox is empty": "SELECT 1 FROM outbox_message",
        "papers are made": "SELECT 1 FROM dossiers_paper WHERE state <> 'ready'",
        "letters are out": "SELECT 1 FROM notifications_emaildelivery WHERE state <> 'sent'",
    }.items():
        wait_for(what, partial(_is_empty, stack, left), seconds=120)


def _is_empty(stack: Stack, query: str) -> bool:
    return not rows(stack, query)


def stored(stack: Stack, file: str) -> bytes:
    return (Path(stack.env.get("MEDIA_DIR") or stack.state / "files") / file).read_bytes()


def numbers_have_neither_gap_nor_double(stack: Stack) -> None:
    taken = [
        int(str(number).partition("/")[0])
        for [number] in rows(stack, "SELECT number FROM results_vault_result")
    ]
    assert sorted(taken) == list(range(1, len(taken) + 1))
    codes = rows(stack, "SELECT code FROM dossiers_dossier WHERE code IS NOT NULL")
    assert sorted(int(code.rpartition("-")[2]) for [code] in codes) == list(range(1, len(codes) + 1))


def history_holds(stack: Stack) -> None:
    command = [sys.executable, "manage.py", "verify_history"]
    done = subprocess.run(command, cwd=REPO, env=stack.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["breaches"] == 0
