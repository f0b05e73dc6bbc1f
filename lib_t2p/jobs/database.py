"""Opening `t2p.sqlite`: one short connection a call, migrated, repaired when damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from lib_t2p import platforms
from lib_t2p.errors import NewerSchemaError, WorkspaceError
from lib_t2p.jobs.rebuild import rebuild_jobs
from lib_t2p.jobs.schema import MIGRATIONS
from lib_t2p.workspace import Workspace

BUSY_SECONDS = 30.0
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Database:
    """The database of a workspace; safe to use from any thread and process.

    Args:
        workspace: where it lies.
        migrations: steps between schema versions.
        on_network: tells whether a folder lies on a network drive.

    Raises:
        WorkspaceError: the workspace lies on a network drive.
    """

    def __init__(
        self,
        workspace: Workspace,
        migrations: Sequence[Sequence[str]] = MIGRATIONS,
        on_network: Callable[[Path], bool] = platforms.is_network_drive,
    ) -> None:
        self._workspace = workspace
        self._path = workspace.database
        self._migrations = migrations
        if not self._path.exists() and on_network(workspace.root):
            raise WorkspaceError(
                f"{workspace.root} lies on a network drive, where the job database would be "
                "damaged by two programs at once: choose a folder on a local disk."
            )

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run `work` on a consistent view of the database."""
        return self._run(work, "BEGIN")

    def write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run `work` as the only writer; an exception undoes it.

        `work` runs again when the database turns out to be damaged and was rebuilt.

        Raises:
            WorkspaceError: the disk is full, or the database cannot be opened.
        """
        return self._run(work, "BEGIN IMMEDIATE")

    def _run(self, work: Callable[[sqlite3.Connection], _T], begin: str) -> _T:
        try:
            try:
                return self._once(work, begin)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._set_aside_if_damaged()
                return self._once(work, begin)
        except sqlite3.Error as error:
            raise WorkspaceError(
                f"{self._path} cannot be used ({error}): check the free space and the rights "
                "of the folder."
            ) from error

    def _once(self, work: Callable[[sqlite3.Connection], _T], begin: str) -> _T:
        with closing(self._open()) as connection, _transaction(connection, begin):
            return work(connection)

    def _open(self) -> sqlite3.Connection:
        connection = self._connect()
        try:
            if _version(connection) == len(self._migrations):
                return connection
        except sqlite3.Error:
            connection.close()
            raise
        connection.close()
        with self._lock():
            self._migrate()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def _migrate(self) -> None:
        newest = len(self._migrations)
        with closing(self._connect()) as connection:
            version = _version(connection)
            if version > newest:
                raise NewerSchemaError(
                    f"{self._path} was written by a newer Text to Person (schema {version}, "
                    f"this one knows {newest}): update the extension."
                )
            if version == newest:
                return
            if version:
                self._keep_copy(connection, version)
            connection.execute("PRAGMA journal_mode=WAL")
            with _transaction(connection, "BEGIN IMMEDIATE"):
                # Another process may have migrated it since.
                version = _version(connection)
                for step in self._migrations[version:]:
                    for statement in step:
                        connection.execute(statement)
                if not version:
                    rebuild_jobs(connection, self._workspace)
                connection.execute(f"PRAGMA user_version={newest}")

    def _keep_copy(self, connection: sqlite3.Connection, version: int) -> None:
        copy = _free_name(self._path, f"schema{version}")
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
        _log.info("kept the database of schema %d as %s", version, copy.name)

    def _set_aside_if_damaged(self) -> None:
        with self._lock():
            if _is_sound(self._connect):
                return
            kept = _free_name(self._path, "damaged")
            try:
                for suffix in ("", "-wal", "-shm"):
                    part = self._path.with_name(self._path.name + suffix)
                    if part.exists():
                        part.rename(kept.with_name(kept.name + suffix))
            except OSError as error:
                raise WorkspaceError(
                    f"{self._path} is damaged and in use by another program: close the WebUI "
                    "and the studio, then start again."
                ) from error
            _log.warning("%s was damaged: kept as %s, rebuilt", self._path.name, kept.name)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            with platforms.exclusive_lock(self._path.with_name(self._path.name + ".lock")):
                yield
        except OSError as error:
            raise WorkspaceError(
                f"No permission to write {self._path.parent}: choose another folder or change "
                "its rights."
            ) from error


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    text = str(error)
    return "malformed" in text or "not a database" in text or "no such table" in text


def _is_sound(connect: Callable[[], sqlite3.Connection]) -> bool:
    try:
        with closing(connect()) as connection:
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            answer = connection.execute("PRAGMA quick_check").fetchone()[0]
            return answer == "ok" and bool(tables) == bool(_version(connection))
    except sqlite3.DatabaseError:
        return False


def _free_name(path: Path, word: str) -> Path:
    number = 1
    while path.with_name(f"{path.name}.{word}-{number}").exists():
        number += 1
    return path.with_name(f"{path.name}.{word}-{number}")
