"""Telling what is wrong with `t2p.sqlite`, and making room for a new one."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from lib_t2p.errors import WorkspaceError
from lib_t2p.jobs.job_reading import RowDamage, from_row
from lib_t2p.jobs.schema import APPLICATION

PARTS = ("-wal", "-shm", "")
"""Endings of the files of a database; the main one last, so that nobody reads it without the
others."""
Connect = Callable[[], sqlite3.Connection]
_BUSY = ("locked", "busy", "interrupted")
_CORRUPT = ("malformed", "not a database", "no such", "has no column", "decode", "unsupported")
_PROBE = b"\0" * (128 << 10)
_TRIES, _TRY_SECONDS = 100, 0.05


def may_be_damage(error: Exception) -> bool:
    """Whether an error of SQLite may come from the state of its files."""
    if isinstance(error, (UnicodeDecodeError, RowDamage)):
        return True
    text = str(error)
    return isinstance(error, sqlite3.DatabaseError) and not any(word in text for word in _BUSY)


def is_corruption(error: Exception) -> bool:
    """Whether an error says that the content is damaged, not only that it cannot be reached."""
    return is_surely_corruption(error) or any(word in str(error) for word in _CORRUPT)


def is_surely_corruption(error: Exception) -> bool:
    """Whether an error cannot come from a query of ours that is wrong."""
    plain = type(error) is sqlite3.DatabaseError
    return plain or isinstance(error, (UnicodeDecodeError, RowDamage))


def is_newer(connection: sqlite3.Connection, newest: int) -> bool:
    """Whether a newer version made it: two numbers of the file say so."""
    version = schema_version(connection)
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    return version > newest and mark == APPLICATION + version


def schema_version(connection: sqlite3.Connection) -> int:
    """The number of steps of the schema that were done."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_sound(connect: Connect, migrations: Sequence[Sequence[str]], rows: str = "1") -> bool:
    """Whether a database has the tables of its version, with rows as they were written.

    Args:
        connect: opens it.
        migrations: steps between schema versions.
        rows: SQL that says which jobs are looked at.

    Raises:
        sqlite3.OperationalError: it cannot be reached, which says nothing of its content.
    """
    try:
        with closing(connect()) as connection:
            version = schema_version(connection)
            if version > len(migrations):
                return is_newer(connection, len(migrations))
            if _shape(connection) != _shape_of(migrations[:version]):
                return False
            if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return False
            for table in ("leases", "heartbeats") if version else ():
                connection.execute(f"SELECT * FROM {table}").fetchall()
            if version == len(migrations):
                for row in connection.execute(f"SELECT * FROM jobs WHERE {rows}"):
                    from_row(row)
            connection.execute("BEGIN IMMEDIATE")
            # Only a change shows that changes are possible.
            connection.execute(f"PRAGMA user_version={version}")
            connection.execute("ROLLBACK")
            return True
    except (sqlite3.DatabaseError, UnicodeDecodeError, RowDamage) as error:
        if is_corruption(error):
            return False
        raise


def make_usable(path: Path) -> list[Path]:
    """Move what is no file out of the way of a database, and make its files writable.

    Returns:
        Where it was moved to.

    Raises:
        WorkspaceError: it could not be moved.
    """
    moved = []
    for ending in PARTS:
        part = path.with_name(path.name + ending)
        if os.path.lexists(part) and not part.is_file():
            moved.append(move_aside(part, "damaged"))
        elif part.is_file() and not os.access(part, os.R_OK | os.W_OK):
            with suppress(OSError):
                part.chmod(part.stat().st_mode | stat.S_IRUSR | stat.S_IWUSR)
    return moved


def set_aside(path: Path) -> Path | None:
    """Rename all files of a database; gives the new name of the main one, None without one.

    Raises:
        WorkspaceError: another program keeps one open, on Windows.
    """
    kept = free_name(path, "damaged")
    for ending in PARTS:
        part = path.with_name(path.name + ending)
        if os.path.lexists(part):
            _rename(part, kept.with_name(kept.name + ending))
    return kept if os.path.lexists(kept) else None


def move_aside(path: Path, word: str) -> Path:
    """Rename whatever lies at a path; gives its new name.

    Raises:
        WorkspaceError: it may not be renamed.
    """
    kept = free_name(path, word)
    _rename(path, kept)
    return kept


def free_name(path: Path, word: str) -> Path:
    """The first of `path.word-1`, `path.word-2` and so on that is not taken."""
    number = 1
    while os.path.lexists(path.with_name(f"{path.name}.{word}-{number}")):
        number += 1
    return path.with_name(f"{path.name}.{word}-{number}")


def has_room(folder: Path) -> bool:
    """Whether a file may be written there: else nothing is damaged, and nothing can be mended."""
    probe = folder / f"t2p.probe-{os.getpid()}"
    try:
        probe.write_bytes(_PROBE)
    except OSError:
        return False
    finally:
        with suppress(OSError):
            probe.unlink()
    return True


def _rename(path: Path, target: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            path.rename(target)
            return
        except FileNotFoundError:
            return
        except PermissionError as error:
            # On Windows nobody may rename a file that another process reads at this moment.
            if os.name != "nt" or not left:
                raise WorkspaceError(_in_use(path)) from error
            time.sleep(_TRY_SECONDS)
        except OSError as error:
            raise WorkspaceError(_in_use(path)) from error


def _in_use(path: Path) -> str:
    return (
        f"{path} is damaged and cannot be moved away, or is in use by another program: close the "
        "WebUI and the studio, then start again."
    )


def _shape(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Tables and indexes with their columns."""
    names = [
        (str(row[0]), str(row[1]))
        for row in connection.execute("SELECT type, name FROM sqlite_master ORDER BY name")
    ]
    return {
        f"{kind} {name}": [
            tuple(row)
            for row in connection.execute(
                'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)'
                if kind == "table"
                else "SELECT name, '', seqno, '', 0 FROM pragma_index_info(?)",
                (name,),
            )
        ]
        for kind, name in names
    }


def _shape_of(steps: Sequence[Sequence[str]]) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in steps:
            for statement in step:
                connection.execute(statement)
        return _shape(connection)
