"""Tables of `t2p.sqlite`, by the steps that lead from one schema version to the next."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE jobs (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            lane TEXT NOT NULL,
            params TEXT NOT NULL,
            person TEXT NOT NULL,
            needs TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            result TEXT NOT NULL,
            created REAL NOT NULL,
            started REAL,
            ended REAL,
            owner TEXT NOT NULL,
            owner_pid INTEGER,
            owner_created REAL,
            deaths INTEGER NOT NULL
        )""",
        "CREATE INDEX jobs_by_state ON jobs (state, lane)",
        """CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            pid INTEGER NOT NULL,
            created REAL NOT NULL,
            until REAL NOT NULL
        )""",
        """CREATE TABLE heartbeats (
            role TEXT NOT NULL,
            pid INTEGER NOT NULL,
            created REAL NOT NULL,
            code_version TEXT NOT NULL,
            first REAL NOT NULL,
            last REAL NOT NULL,
            beats INTEGER NOT NULL,
            leave INTEGER NOT NULL,
            PRIMARY KEY (role, pid)
        )""",
    ),
    (
        "ALTER TABLE jobs ADD COLUMN rank REAL NOT NULL DEFAULT 0",
        "ALTER TABLE jobs ADD COLUMN start_at REAL",
        "ALTER TABLE jobs ADD COLUMN stop TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE jobs ADD COLUMN device TEXT NOT NULL DEFAULT ''",
        "UPDATE jobs SET rank = seq",
    ),
    (
        """CREATE TABLE host_requests (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            what TEXT NOT NULL,
            asked REAL NOT NULL,
            answered REAL,
            answer TEXT NOT NULL DEFAULT ''
        )""",
    ),
    (
        "CREATE INDEX jobs_by_person ON jobs (person, kind)",
        "CREATE INDEX jobs_by_kind ON jobs (kind)",
        "CREATE INDEX jobs_by_rank ON jobs (rank)",
        """CREATE INDEX jobs_over ON jobs (ended)
            WHERE state NOT IN ('queued', 'running', 'stopping')""",
    ),
    (
        "ALTER TABLE jobs ADD COLUMN mark TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE jobs ADD COLUMN untold TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX jobs_untold ON jobs (untold) WHERE untold != ''",
    ),
)
"""Step n leads from version n to n + 1; a step that was released is never changed."""

APPLICATION = 0x74325000
"""Of SQLite's `application_id`, to which the schema version is added: a single damaged byte of one
of the two numbers is told from a newer version by the other one."""
