"""The painter: what it refuses beforehand, what it keeps between cells, what it writes."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from PIL import Image  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from lib_t2p.diffusion import painter as painter_module  # noqa: E402
from lib_t2p.diffusion.lora_files import LoraFiles  # noqa: E402
from lib_t2p.diffusion.painter import DiffusersPainter  # noqa: E402
from lib_t2p.errors import LoraError  # noqa: E402
from lib_t2p.painting.infotext import read_png_infotext, request_from  # noqa: E402
from lib_t2p.painting.request import CellRequest  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # diffusers under numpy 2

STEM = "lora_te_text_model_encoder_layers_0_mlp_fc1"
CROSS = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k"


@pytest.fixture
def loras(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    folder = tmp_path / "Lora" / "t2p" / "_trial"
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        tensors = {
            f"{STEM}.lora_down.weight": torch.randn(2, 32),
            f"{STEM}.lora_up.weight": torch.randn(64, 2),
            f"{CROSS}.lora_down.weight": torch.randn(2, 32),
            f"{CROSS}.lora_up.weight": torch.randn(32, 2),
        }
        save_file(tensors, folder / f"{name}.safetensors")
    return tmp_path / "Lora"


@pytest.fixture
def request_(sd15_folder: Path) -> CellRequest:
    return CellRequest(
        "red suit",
        5,
        str(sd15_folder),
        steps=2,
        sampler_name="Euler",
        cfg_scale=2,
        width=16,
        height=16,
    )


def test_a_cell_is_a_png_that_can_be_painted_again(loras: Path, request_: CellRequest) -> None:
    asked = replace(request_, prompt="red suit <lora:one:0.5>", clip_skip=2)
    cell = DiffusersPainter(loras).paint(asked)
    with Image.open(io.BytesIO(cell.png)) as picture:
        assert (picture.size, picture.mode) == ((16, 16), "RGB")
        assert picture.info["parameters"] == cell.infotext
    found = read_png_infotext(cell.png)
    assert found is not None
    assert request_from(found, asked.checkpoint) == asked
    assert found.parameters["Lora hashes"].startswith("one: ")
    assert str(loras) not in cell.infotext
    assert "/" not in found.parameters["Model"]


def test_order_of_cells_does_not_change_them(loras: Path, request_: CellRequest) -> None:
    with_one = replace(request_, prompt="red suit <lora:one:0.5>")
    with_two = replace(request_, prompt="red suit <lora:two:0.5>")
    painter = DiffusersPainter(loras)
    first = [painter.paint(r).png for r in (request_, with_one, with_two)]
    second = [painter.paint(r).png for r in (with_two, request_, with_one)]
    assert first == [second[1], second[2], second[0]]
    assert len(set(first)) == 3


def test_checkpoint_and_loras_are_kept_between_equal_cells(
    loras: Path, request_: CellRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    for name in ("load_checkpoint", "MergedLoras", "encode"):
        original: Any = getattr(painter_module, name)

        def counted(*args: Any, _name: str = name, _original: Any = original, **kw: Any) -> Any:
            calls.append(_name)
            return _original(*args, **kw)

        monkeypatch.setattr(painter_module, name, counted)
    painter = DiffusersPainter(loras)
    asked = replace(request_, prompt="red <lora:one:0.5>")
    for seed in range(3):
        painter.paint(replace(asked, seed=seed))
    assert calls == ["load_checkpoint", "MergedLoras", "encode", "encode"]
    painter.unload()
    painter.paint(asked)
    assert calls.count("load_checkpoint") == 2


def test_all_faults_are_named_once_before_anything_is_loaded(
    loras: Path, request_: CellRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(painter_module, "load_checkpoint")
    bad = replace(
        request_,
        prompt="[red:blue:0.5] <lora:gone:1>",
        sampler_name="Magic",
        width=20,
        steps=0,
        checkpoint=str(loras / "none.safetensors"),
    )
    faults = DiffusersPainter(loras).faults([request_, bad, replace(bad, seed=9)])
    assert len(faults) == 6
    for part in ("20x16", "0 steps", "'Magic'", "no checkpoint", "[from:to:when]", "gone.saf"):
        assert any(part in fault for fault in faults), part


def test_a_good_request_has_no_faults(loras: Path, request_: CellRequest) -> None:
    good = replace(request_, prompt="(red:1.2) [suit] <lora:one:0.5> time 10:30")
    assert DiffusersPainter(loras).faults([good]) == []


def test_a_damaged_lora_is_a_fault(loras: Path, request_: CellRequest) -> None:
    (loras / "cut.safetensors").write_bytes(b"\xff" * 20)
    faults = DiffusersPainter(loras).faults([replace(request_, prompt="<lora:cut:1>")])
    assert len(faults) == 1
    assert "cut.safetensors" in faults[0]


@pytest.mark.parametrize(
    ("key", "width"),
    [
        ("lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k", 2048),
        ("lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k", 2048),
        ("lora_te2_text_model_encoder_layers_0_mlp_fc1", 1280),
    ],
)
def test_a_lora_of_another_family_is_a_fault_before_the_first_picture(
    loras: Path, request_: CellRequest, key: str, width: int
) -> None:
    tensors = {f"{key}.lora_down.weight": torch.zeros(2, width)}
    save_file(tensors, loras / "large.safetensors")
    faults = DiffusersPainter(loras).faults([replace(request_, prompt="a <lora:large:1>")])
    assert len(faults) == 1
    assert "large.safetensors was made for SDXL" in faults[0]


def test_a_name_that_stands_for_two_files_is_refused(loras: Path) -> None:
    (loras / "one.safetensors").write_bytes(b"")
    with pytest.raises(LoraError, match="stands for 2 files"):
        LoraFiles(loras).find("one")


def test_a_lora_that_arrives_later_is_found(loras: Path) -> None:
    files = LoraFiles(loras)
    with pytest.raises(LoraError, match="no LoRA late"):
        files.find("late")
    (loras / "late.safetensors").write_bytes(b"")
    assert files.find("late").name == "late.safetensors"


def test_the_hash_is_that_of_the_tensors_only(tmp_path: Path) -> None:
    tensors = {"a": torch.ones(3)}
    save_file(tensors, tmp_path / "x.safetensors", {"note": "first"})
    save_file(tensors, tmp_path / "y.safetensors", {"note": "another one"})
    files = LoraFiles(tmp_path)
    assert files.hash_of("x") == files.hash_of("y")
    assert len(files.hash_of("x")) == 12


def test_a_failed_merge_leaves_the_painter_usable(loras: Path, request_: CellRequest) -> None:
    save_file({f"{STEM}.lora_down.weight": torch.zeros(2, 3)}, loras / "bad.safetensors")
    painter = DiffusersPainter(loras)
    plain = painter.paint(request_).png
    painter.paint(replace(request_, prompt="red suit <lora:one:1>"))
    with pytest.raises(LoraError):
        painter.paint(replace(request_, prompt="red suit <lora:bad:1>"))
    assert painter.paint(request_).png == plain


def test_a_lora_under_its_other_name_is_painted_alike(loras: Path, request_: CellRequest) -> None:
    painter = DiffusersPainter(loras)
    first = painter.paint(replace(request_, prompt="red suit <lora:one:1>"))
    other = painter.paint(replace(request_, prompt="red suit <lyco:one:1>"))
    assert pixels(first.png) == pixels(other.png)


@pytest.mark.parametrize("tag", ["<LORA:one:1>", "<loha:one:1>", "<x:one>", "<width:512>"])
def test_tags_without_effect_are_not_read_as_words(
    loras: Path, request_: CellRequest, tag: str
) -> None:
    painter = DiffusersPainter(loras)
    tagged = replace(request_, prompt=f"red suit {tag}", negative_prompt=f"blue {tag}")
    assert painter.faults([tagged]) == []
    plain = replace(request_, prompt="red suit", negative_prompt="blue")
    assert pixels(painter.paint(tagged).png) == pixels(painter.paint(plain).png)


def test_a_hypernetwork_is_refused_with_the_reason(loras: Path, request_: CellRequest) -> None:
    faults = DiffusersPainter(loras).faults([replace(request_, prompt="woman <hypernet:abc:1>")])
    assert faults == [
        "Our painter knows no hypernetworks: take <hypernet:abc> out, or paint in the WebUI."
    ]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["hada_w1_a", "hada_w1_b"], "LoHa"),
        (["lokr_w1", "lokr_w2"], "LoKr"),
        (["lora_down.weight", "lora_up.weight", "dora_scale"], "LoRA with DoRA"),
        (["diff"], "full difference"),
    ],
)
def test_kinds_that_only_the_webui_paints_are_faults(
    loras: Path, request_: CellRequest, names: list[str], kind: str
) -> None:
    tensors = {f"{CROSS}.{name}": torch.zeros(2, 2) for name in names}
    save_file(tensors, loras / "other.safetensors")
    (fault,) = DiffusersPainter(loras).faults([replace(request_, prompt="a <lora:other:1>")])
    assert f"is of the kind {kind}" in fault
    assert "paint in the WebUI" in fault


def test_public_tags_are_not_read_as_words(
    shared: Path, loras: Path, request_: CellRequest
) -> None:
    path = shared / "cases" / "19-network-tags-other-than-lora" / "prompts.txt"
    if not path.is_file():
        pytest.skip("../shared/cases is not here")
    shutil.copy(loras / "t2p" / "_trial" / "one.safetensors", loras / "abc.safetensors")
    painter = DiffusersPainter(loras)
    for prompt in path.read_text(encoding="utf-8").splitlines():
        faults = painter.faults([replace(request_, prompt=prompt)])
        assert bool(faults) is ("hypernet" in prompt)


def pixels(png: bytes) -> bytes:
    return Image.open(io.BytesIO(png)).tobytes()
