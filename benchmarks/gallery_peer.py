"""A page of gradio's own beside ours."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from lib_t2p.hosts.standalone.ports import ADDRESS, free_port


def serve_peer(blocks: gr.Blocks, pictures: Path) -> str:
    """Serve a page that shows pictures of a folder; gives its address."""
    port = free_port(17_990)
    blocks.launch(
        server_name=ADDRESS,
        server_port=port,
        quiet=True,
        prevent_thread_lock=True,
        allowed_paths=[str(pictures)],
    )
    return f"http://{ADDRESS}:{port}/"
