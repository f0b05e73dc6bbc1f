"""Blind votes: pictures of two saved models side by side, nobody told which is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.scores.votes.ballots import (
        CHOICES,
        Ballots,
        Choice,
        Vote,
        read_ballots,
        write_ballots,
    )
    from lib_t2p.scores.votes.pairing import Pair, pairs_of
    from lib_t2p.scores.votes.vote_words import VotesBeside, name_of, votes_beside

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
