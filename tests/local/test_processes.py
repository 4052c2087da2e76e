from __future__ import annotations

import os
import subprocess
import sys

from danang_portal.local.processes import MARK, belonging_to, end_all, is_alive, start_moment, wait_until

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(99)"


def test_processes_of_a_state_folder_are_found_when_their_parent_is_gone(tmp_path):
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess; subprocess.Popen(['sleep', '99'], start_new_session=True)",
        ],
        env=os.environ | {MARK: str(tmp_path)},
    )
    parent.wait()

    orphans = belonging_to(tmp_path)
    end_all(orphans)

    assert len(orphans) == 1
    assert belonging_to(tmp_path) == []
    assert belonging_to(tmp_path.parent) == []


def test_who_does_not_go_when_asked_is_killed():
    stubborn = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    assert stubborn.stdout is not None
    stubborn.stdout.readline()

    end_all([stubborn.pid], patience=0.2)

    assert not is_alive(stubborn.pid)
    assert stubborn.wait() == -9


def test_two_lives_of_one_process_number_differ_by_their_start():
    assert start_moment(os.getpid()) == start_moment(os.getpid())
    assert start_moment(os.getpid()) is not None
    assert start_moment(2**22 + 1) is None


def test_waiting_ends_when_the_time_is_up():
    assert wait_until(lambda: True, seconds=0)
    assert not wait_until(lambda: False, seconds=0.1)
