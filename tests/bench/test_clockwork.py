"""The due-date benchmark counts the same due dates in all its ways."""

from __future__ import annotations

import json

from bench import clockwork


def test_each_round_tells_what_a_due_date_costs_in_every_way(capsys):
    clockwork.run(300, rounds=2)

    rounds = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [set(one) for one in rounds] == [{"bare", "bulk", "single"}] * 2
