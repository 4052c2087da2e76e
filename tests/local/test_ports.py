from __future__ import annotations

import socket

import pytest

from danang_portal.local import ports


def test_a_portal_keeps_its_ports_from_run_to_run(tmp_path):
    first = ports.assign(tmp_path / "ports.json", ["web", "smtp"])

    assert ports.assign(tmp_path / "ports.json", ["web", "smtp"]) == first
    assert len(set(first.values())) == 2


def test_a_port_that_another_program_took_meanwhile_is_replaced(tmp_path):
    first = ports.assign(tmp_path / "ports.json", ["web", "smtp"])
    with socket.create_server((ports.HOST, first["web"])):
        second = ports.assign(tmp_path / "ports.json", ["web", "smtp"])

    assert second["web"] != first["web"]
    assert second["smtp"] == first["smtp"]


def test_a_wanted_port_that_is_taken_is_refused_with_a_way_out(tmp_path):
    with socket.create_server((ports.HOST, 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(ports.PortTaken, match=f"Port {port} for web is in use .* make run PORT="):
            ports.assign(tmp_path / "ports.json", ["web"], wanted={"web": port})
