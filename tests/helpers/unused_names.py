"""Names that nothing of ours uses, and who does: the allow-list of `tests/test_unused_code.py`."""

from __future__ import annotations

READ_BY_OTHERS = {
    "_bigtiff": "Pillow's reader of TIFF",
    "__annotations__": "gradio, which asks an event for its types",
    "__class__": "torch, for a layer whose class is changed in place",
    "allow_fp16": "torch's GradScaler",
    "allowed_paths": "gradio",
    "blocked_paths": "gradio",
    "do_GET": "http.server",
    "do_not_save_to_config": "the WebUI",
    "forge_hash": "Forge",
    "formatter_class": "argparse",
    "handle_data": "html.parser",
    "handle_endtag": "html.parser",
    "handle_starttag": "html.parser",
    "intra_op_num_threads": "onnxruntime",
    "log_message": "http.server",
    "log_severity_level": "onnxruntime",
    "normalizer": "tokenizers",
    "position_ids": "transformers",
    "post_quant_conv": "diffusers",
    "pre_tokenizer": "tokenizers",
    "preload": "the WebUI",
    "row_factory": "sqlite3",
    "seekable": "Pillow and zipfile, of what is opened as a file",
    "should_exit": "uvicorn",
    "show_error": "gradio",
}
"""Name -> the package that reads or calls it."""

READ_BY_NAME = {
    "activation_text": "the card's JSON",
    "checkpoint_loads": "the result of a job, for benchmarks",
    "commit": "the table of sd-scripts' tags; git is asked for it",
    "control_mode": "ControlNet, by the names of its fields",
    "lora_loads": "as checkpoint_loads",
    "negative_text": "the card's JSON",
    "pixel_perfect": "ControlNet",
    "request_from": "tests: what is written into a PNG paints the picture again",
    "resize_mode": "ControlNet",
    "run_job": "the demo's record, by `once`",
    "state_class": "the template of a sweep's page",
    "threshold_a": "ControlNet",
    "threshold_b": "ControlNet",
    "z_kind": "the form of grids, by the names of its fields",
    "z_values": "as z_kind",
}
"""Name -> by what it is read as a text."""

FOLDERS_READ_BY_OTHERS = (
    "lib_t2p/environment/injected",
    "lib_t2p/runs/trainers/sd_scripts/injected",
)
"""Programs that run inside sd-scripts and set its constants."""

STAND_INS = ("lib_t2p/runs/trainers/builtin/unused_packages.py",)
"""Files that stand in for a package, so that its callers find the names they expect."""

TABLES = ("lib_t2p/settings/options",)
"""Folders whose fields are rows of a table."""
