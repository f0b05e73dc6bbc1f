"""The HTTP interface under `/t2p/v1`; the only room that imports fastapi."""
