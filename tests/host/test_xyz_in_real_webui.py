"""Our axes in the plot of a real AUTOMATIC1111 or Forge, through its API."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import browser_page
from PIL import Image
from real_webui import Running
from safetensors.numpy import save_file

from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import open_workspace

pytestmark = [pytest.mark.host, pytest.mark.slow]
PLACE = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def stems(running: Running) -> list[str]:
    """Two saved models of one person, strong enough to be seen."""
    folder = new_person(
        open_workspace(running.data / "my people"),
        name="Änne",
        trigger="ohwx",
        class_word="woman",
        consent="nobody's likeness",
        now=NOW,
    )
    settings = settings_from(load_recipe("demo").values)
    run = create_run(
        folder, Run(folder.slug, "first", 1, "/b", "builtin", settings, "ohwx", "woman")
    )
    run.model.mkdir(parents=True)
    random = np.random.default_rng(7)
    names = [f"t2p_{folder.slug}_first_e{epoch:02d}" for epoch in (1, 2)]
    for epoch, name in enumerate(names, 1):
        tensors = {
            f"{PLACE}.lora_down.weight": random.normal(size=(4, 320)).astype(np.float32),
            f"{PLACE}.lora_up.weight": random.normal(size=(320, 4)).astype(np.float32),
            f"{PLACE}.alpha": np.array(4.0, np.float32),
        }
        told = {"ss_epoch": str(epoch), "ss_steps": str(epoch), "ss_output_name": name}
        save_file(tensors, run.model / f"{name}.safetensors", told)
    return names


def txt2img(running: Running, prompt: str, axes: dict[str, list[str]], **more: Any) -> Any:
    """Ask for a plot; gives what is answered, also when it is refused."""
    script = next(
        info
        for info in running.get("/sdapi/v1/script-info")
        if info["name"] == "x/y/z plot" and not info["is_img2img"]
    )
    known = script["args"][0]["choices"]
    args: list[Any] = []
    for label, values in (*axes.items(), *[("Nothing", [])] * (3 - len(axes))):
        args += [known.index(label), "", values]
    args += [False, True, False, False, False, False, False, 0, False]
    body = {
        "prompt": prompt,
        "seed": 5,
        "steps": 1,
        "width": 64,
        "height": 64,
        "sampler_name": "Euler",
        "script_name": "x/y/z plot",
        "script_args": args,
        **more,
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}/sdapi/v1/txt2img",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=400) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def pixels(coded: str) -> Any:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(coded))).convert("RGB")).astype(int)


def test_saved_models_and_no_lora_are_cells_of_the_plot(running: Running, stems: list[str]) -> None:
    axes = {"[T2P] Saved model": ["no LoRA", *stems], "[T2P] LoRA weight": ["0", "1"]}
    answer = txt2img(running, "photo of {trigger} {class_word}", axes)
    told = [text.partition("\n")[0] for text in json.loads(answer["info"])["infotexts"]]
    cells = dict(zip(told[1:], map(pixels, answer["images"][1:]), strict=False))
    tags = [re.findall("<lora:[^>]*>", text) for text in cells]
    wanted = [[f"<lora:{stem}:{weight}>"] for weight in "01" for stem in stems]
    assert sorted(tag for tag in tags if tag) == sorted(wanted)
    assert all("photo of ohwx woman" in text for text in cells)
    plain = next(p for text, p in cells.items() if "<lora" not in text)
    shown = {text: int(abs(p - plain).max()) for text, p in cells.items()}
    for text, difference in shown.items():
        assert (difference > 0) == (":1>" in text), shown


def test_all_bad_values_are_told_before_the_first_image(running: Running, stems: list[str]) -> None:
    axes = {"[T2P] Saved model": ["t2p_gone", stems[0], "t2p_lost"]}
    answer = txt2img(running, "photo of {trigger}", axes)
    assert "images" not in answer
    said = json.dumps(answer)
    assert "t2p_gone" in said
    assert "t2p_lost" in said


def test_epochs_are_a_range_in_text_mode(running: Running, stems: list[str]) -> None:
    script = running.get("/sdapi/v1/script-info")
    info = next(i for i in script if i["name"] == "x/y/z plot" and not i["is_img2img"])
    place = info["args"][0]["choices"].index("[T2P] Saved model")
    args = [place, "1-2 (+1)", [], 0, "", [], 0, "", []]
    args += [False, True, False, False, False, False, False, 0, True]
    answer = txt2img(running, f"<lora:{stems[1]}:0.5> ohwx", {}, script_args=args)
    told = [text.partition("\n")[0] for text in json.loads(answer["info"])["infotexts"]][1:]
    assert [re.findall("<lora:([^>]*)>", text)[0] for text in told] == [f"{s}:0.5" for s in stems]


@pytest.mark.browser
def test_a_person_fills_and_draws_our_axis_in_the_page(
    running: Running, stems: list[str], tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{running.port}/"
    size = {"width": 1400, "height": 1400}
    with browser_page(address, wait=120_000, viewport=size) as page:
        page.goto(address)
        try:
            _draw_in_page(page)
        finally:
            shots = Path(os.environ.get("T2P_SCREENSHOTS") or tmp_path)
            page.screenshot(path=shots / "xyz-in-page.png")
    grids = list((running.data / "outputs").rglob("xyz_grid-*.png"))
    grids += list((running.data / "output").rglob("xyz_grid-*.png"))
    assert grids
    newest = max(grids, key=lambda path: path.stat().st_mtime_ns)
    # A column without LoRA and one for each saved model, other tests' too, a legend above.
    models = len(list((running.data / "my loras").rglob("t2p_*.safetensors")))
    assert models >= len(stems)
    assert Image.open(newest).width == (1 + models) * 64


def _draw_in_page(page: Any) -> None:
    page.wait_for_selector("#txt2img_generate")
    page.locator("#txt2img_prompt textarea").first.fill("photo of {trigger}")
    for name, value in {"steps": "1", "width": "64", "height": "64"}.items():
        field = page.locator(f"#txt2img_{name} input[type=number]").first
        field.fill(value)
        field.blur()
    _choose(page, "#txt2img_script_container #script_list input", "X/Y/Z plot")
    _choose(page, "#script_txt2img_xyz_plot_x_type input", "[T2P] Saved model")
    page.locator("#xyz_grid_fill_x_tool_button:visible").first.click()
    page.get_by_text("_first_e02").first.wait_for()
    page.locator("#txt2img_generate").click()
    page.locator("#html_log_txt2img").get_by_text("Time taken").first.wait_for()


def _choose(page: Any, selector: str, value: str) -> None:
    field = page.locator(selector).first
    field.click()
    field.fill(value)
    field.press("Enter")
