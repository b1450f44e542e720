import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.library.store.database import SCHEMA_VERSION, Database


def test_a_newer_library_is_refused_in_one_sentence_and_left_alone(tmp_path: Path) -> None:
    Database(tmp_path).close()
    with sqlite3.connect(tmp_path / "library.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = (tmp_path / "library.sqlite").read_bytes()
    with pytest.raises(VocalExplorerError, match="newer Vocal Explorer"):
        Database(tmp_path)
    assert (tmp_path / "library.sqlite").read_bytes() == before


def test_a_file_that_is_no_library_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(VocalExplorerError, match=r"library in .* fails: .*not a database\.$"):
        Database(tmp_path)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(VocalExplorerError, match=r"library folder .* cannot be used"):
        Database(tmp_path / "file" / "library")


def test_an_interrupted_change_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path)
    revision = database.revision()
    with suppress(ZeroDivisionError), database.writing() as connection:
        connection.execute("INSERT INTO tracks VALUES ('a', '', '', '', NULL, 1, NULL)")
        _ = 1 / 0
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM tracks").fetchone()[0] == 0
    assert database.revision() == revision
    database.close()


def test_a_full_disk_is_one_sentence_and_keeps_what_was_there(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 20")
    with pytest.raises(VocalExplorerError, match="full"), database.writing() as connection:
        connection.execute(
            "INSERT INTO tracks VALUES ('a', ?, '', '', NULL, 1, NULL)", ("x" * 10**6,)
        )
    assert database.revision() == 0
    database.close()


def test_many_threads_of_several_databases_write_one_library(tmp_path: Path) -> None:
    databases = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        database = Database(tmp_path / "library")
        databases.append(database)
        for _ in range(20):
            with database.writing() as connection:
                number = connection.execute("SELECT number FROM revision").fetchone()[0]
                connection.execute("UPDATE revision SET number = ?", (number,))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert databases[0].revision() == 80
    for database in databases:
        database.close()
