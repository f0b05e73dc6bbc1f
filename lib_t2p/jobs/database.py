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
from lib_t2p.jobs.database_repair import (
    free_name,
    has_room,
    is_newer,
    is_sound,
    is_surely_corruption,
    make_usable,
    may_be_damage,
    move_aside,
    schema_version,
    set_aside,
)
from lib_t2p.jobs.job_reading import RowDamage
from lib_t2p.jobs.notices import tell
from lib_t2p.jobs.rebuild import rebuild_jobs
from lib_t2p.jobs.schema import APPLICATION, MIGRATIONS
from lib_t2p.workspace import Workspace

BUSY_SECONDS = 30.0
_MOST_OPENINGS = 20
_ACTIVE = "state IN ('queued', 'running', 'stopping')"
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError, RowDamage)
_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_version = schema_version


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
        return self._run(work, "BEGIN")[0]

    def write(
        self,
        work: Callable[[sqlite3.Connection], _T],
        again: Callable[[sqlite3.Connection, _T], _T] | None = None,
    ) -> _T:
        """Run `work` as the only writer; an exception undoes it.

        `work` runs again when the database turns out to be damaged and was rebuilt.

        Args:
            work: what is to be written.
            again: is run instead of a second `work`, with the answer of the first, when the files
                were taken away or set aside while `work` ran and its changes went with them.

        Raises:
            WorkspaceError: the disk is full, or the database cannot be opened.
        """
        answer, kept = self._run(work, "BEGIN IMMEDIATE")
        if kept:
            return answer
        if again is None:
            return self._run(work, "BEGIN IMMEDIATE")[0]
        first, once_more = answer, again
        return self._run(lambda connection: once_more(connection, first), "BEGIN IMMEDIATE")[0]

    def check(self) -> None:
        """Look for damage that no query meets, such as of an index; repair it.

        Damage of a job that is over is found when somebody asks for that job.
        """
        try:
            if is_sound(self._connect, self._migrations, _ACTIVE):
                return
        except sqlite3.Error as error:
            _log.info("%s could not be checked: %s", self._path, error)
            return
        self._repair(RowDamage("found by a check"))

    def _run(self, work: Callable[[sqlite3.Connection], _T], begin: str) -> tuple[_T, bool]:
        """Gives the answer, and whether the database lies where it lay when `work` began."""
        try:
            for surely in (False, True):
                try:
                    return self._once(work, begin)
                except _DAMAGE as error:
                    if not may_be_damage(error):
                        raise
                    self._repair(error, surely=surely)
            return self._once(work, begin)
        except _DAMAGE as error:
            raise WorkspaceError(
                f"{self._path} cannot be used ({error}): check the free space and the rights "
                "of the folder."
            ) from error

    def _once(self, work: Callable[[sqlite3.Connection], _T], begin: str) -> tuple[_T, bool]:
        connection, identity = self._open()
        with closing(connection), _transaction(connection, begin):
            answer = work(connection)
        return answer, identity == self.identity()

    def _open(self) -> tuple[sqlite3.Connection, tuple[int, int] | None]:
        for _ in range(_MOST_OPENINGS):
            identity = self.identity()
            connection = self._connect()
            try:
                current = _version(connection) == len(self._migrations)
            except _DAMAGE:
                connection.close()
                raise
            if current and identity == self.identity():
                return connection, identity
            connection.close()
            if not current:
                with self._lock():
                    self._migrate()
        raise sqlite3.OperationalError("another program replaces it again and again")

    def identity(self) -> tuple[int, int] | None:
        """Which file it is now: another one after it was lost or set aside."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def _migrate(self) -> None:
        newest = len(self._migrations)
        with closing(self._connect()) as connection:
            version = _version(connection)
            if version > newest and is_newer(connection, newest):
                raise NewerSchemaError(
                    f"{self._path} was written by a newer Text to Person (schema {version}, "
                    f"this one knows {newest}): update the extension."
                )
            if version > newest:
                raise RowDamage("its schema version is damaged")
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
                connection.execute(f"PRAGMA application_id={APPLICATION + newest}")

    def _keep_copy(self, connection: sqlite3.Connection, version: int) -> None:
        copy = free_name(self._path, f"schema{version}")
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
        _log.info("kept the database of schema %d as %s", version, copy.name)

    def _repair(self, error: Exception, *, surely: bool = False) -> None:
        """Make the database usable; one process does it, the others wait and find it done.

        Args:
            error: that showed the damage.
            surely: it came again after all looked well.
        """
        with self._lock():
            for moved in make_usable(self._path):
                tell(self._workspace, f"{moved.stem} was no file: it was moved to {moved}.")
            if not self._must_go(error, surely):
                return
            kept = set_aside(self._path)
            if kept is not None:
                tell(
                    self._workspace,
                    f"The queue's database was damaged ({error}). It was kept as {kept.name} and "
                    "rebuilt from the folders of the jobs: nothing needs to be done.",
                )

    def _must_go(self, error: Exception, surely: bool) -> bool:
        try:
            sound = is_sound(self._connect, self._migrations)
        except sqlite3.Error:
            # It cannot be reached: on a full disk that is no damage, and a new one would not help.
            return surely and has_room(self._path.parent)
        return not sound or (surely and is_surely_corruption(error) and has_room(self._path.parent))

    @contextmanager
    def _lock(self) -> Iterator[None]:
        path = self._path.with_name(self._path.name + ".lock")
        try:
            if path.is_dir():
                move_aside(path, "damaged")
            with platforms.exclusive_lock(path):
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
