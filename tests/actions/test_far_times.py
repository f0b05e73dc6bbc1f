from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lib_t2p.actions.job_queue import parse_when
from lib_t2p.errors import InputError

NOW = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize("typed", ["9999-12-31T23:59:59-14:00", "2126-07-01 00:00"])
def test_a_time_that_no_clock_will_show_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="too far away"):
        parse_when(typed, NOW)
