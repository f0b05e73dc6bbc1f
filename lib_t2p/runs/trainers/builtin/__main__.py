"""`python -m lib_t2p.runs.trainers.builtin --run FOLDER`."""

from __future__ import annotations

from lib_t2p.runs.trainers.builtin.program import main

raise SystemExit(main())
