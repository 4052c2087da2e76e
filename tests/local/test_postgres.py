from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from danang_portal.local import postgres_account
from danang_portal.local.postgres import Postgres
from danang_portal.local.processes import is_alive, wait_until


def kinds_that_work_here() -> list[str]:
    """Root may be refused user namespaces (in a chroot, in some containers); then the other way is used."""
    if os.geteuid() != 0:
        return ["owner"]
    works = postgres_account._namespace_works(postgres_account.packaged_programs(), Path("/"))
    return ["namespace", "system user"] if works else ["system user"]


@pytest.fixture(params=kinds_that_work_here())
def postgres(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Postgres]:
    # Spaces, Vietnamese letters, closed to others, and longer than the 107 bytes a socket's path may have.
    home = tmp_path / "nhà riêng của tôi" / ("một thư mục có tên rất dài " * 4).strip()
    home.mkdir(parents=True)
    home.chmod(0o700)
    home.parent.chmod(0o700)
    server = Postgres(home / "postgres", password="mật khẩu", log=home / "log", account=request.param)
    yield server
    server.destroy()


def run(server: Postgres, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(
        host="127.0.0.1", port=server.port(), user="portal", password=server.password, dbname="portal"
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_rows_are_there_again_after_a_stop_and_a_start(postgres):
    postgres.start()
    run(postgres, "CREATE TABLE note AS SELECT 'Đà Nẵng' AS place")

    postgres.stop()
    assert postgres.pid() is None
    postgres.start()

    assert run(postgres, "SELECT place FROM note") == [("Đà Nẵng",)]


def test_a_second_starter_adopts_the_server_that_runs(postgres):
    postgres.start()
    second = Postgres(postgres.folder, password=postgres.password, log=postgres.log)

    second.start()

    assert (second.pid(), second.url) == (postgres.pid(), postgres.url)


def test_after_a_kill_it_starts_again_on_its_port_with_every_acknowledged_row(postgres):
    postgres.start()
    port = postgres.port()
    run(postgres, "CREATE TABLE note (id int)")
    for number in range(50):
        run(postgres, f"INSERT INTO note VALUES ({number})")
    pid = postgres.pid()

    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), seconds=5)
    postgres.start(port=port)

    assert postgres.port() == port
    assert run(postgres, "SELECT count(*) FROM note") == [(50,)]


def test_another_program_under_the_old_process_number_is_not_taken_for_the_server(postgres):
    postgres.start()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n0\n5432\n\n127.0.0.1\n")

    assert postgres.pid() is None


def test_a_set_up_cut_short_is_done_again(postgres):
    half = postgres.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    postgres.start()

    assert run(postgres, "SELECT 1") == [(1,)]


def test_it_asks_for_the_password_and_opens_no_socket_file(postgres):
    postgres.start()

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(
            host="127.0.0.1", port=postgres.port(), user="portal", password="đoán", dbname="portal"
        )
    assert run(postgres, "SHOW unix_socket_directories") == [("",)]


def test_the_extensions_of_the_search_are_in_the_package(postgres):
    postgres.start()

    run(postgres, "CREATE EXTENSION unaccent")
    run(postgres, "CREATE EXTENSION pg_trgm")

    assert run(postgres, "SELECT unaccent('Đường Nguyễn Văn Linh')") == [("Duong Nguyen Van Linh",)]
