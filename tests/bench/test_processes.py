from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench import processes

BUSY = "import time\nwhile time.process_time() < 0.2: pass"


def test_work_of_a_child_counts_while_it_lives_and_when_it_is_dead():
    child = subprocess.Popen(
        [sys.executable, "-c", f"{BUSY}\nprint('busy', flush=True)\ninput()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.readline()

    assert child.pid in processes.family(os.getpid())
    assert processes.cpu_seconds(child.pid) >= 0.15

    before = processes.cpu_seconds(os.getpid())
    child.communicate(b"\n")

    assert processes.cpu_seconds(os.getpid()) >= before


def test_a_process_that_is_gone_has_used_nothing_and_has_no_parent():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert processes.cpu_seconds(child.pid) == 0
    with pytest.raises(ProcessLookupError):
        processes.parent(child.pid)


def test_memory_is_told_in_mebibytes():
    used = processes.memory(os.getpid())

    assert used.processes >= 1
    assert 10 < used.largest < 10_000
    assert used.shared_out > 0
