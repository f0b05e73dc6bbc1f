"""A CLIP of random numbers, small enough to be made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTextModel

from lib_t2p.diffusion.clip_score import ClipJudge
from lib_t2p.diffusion.clip_vocabulary import write_tokenizer_files
from lib_t2p.errors import InputError, SetupError

TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
HEADS = {"num_attention_heads": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("modèles") / "tiny clip"
    torch.manual_seed(1)
    config = CLIPConfig(
        text_config={**TEXT, **HEADS, "eos_token_id": 49407, "bos_token_id": 49406},
        vision_config={**TEXT, **HEADS, "image_size": 32, "patch_size": 8},
        projection_dim=24,
    )
    CLIPModel(config).save_pretrained(found)
    try:
        write_tokenizer_files(found)
    except SetupError as error:
        pytest.skip(str(error))
    return found


def picture(seed: int, height: int = 64, width: int = 48) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_a_score_is_the_cosine_of_both_towers(folder: Path) -> None:
    judge = ClipJudge(folder)
    prompts = ["a red dress", "a dog at night", "a red dress"]
    pictures = [picture(1), picture(2, 40, 90), picture(3)]
    scores = judge.scores(pictures, prompts)
    logits = []
    model = CLIPModel.from_pretrained(folder).eval()
    for seen, prompt in zip(pictures, prompts, strict=True):
        pixels = judge._pixels(images=[seen], return_tensors="pt")["pixel_values"]
        tokens = judge._tokens(prompt, return_tensors="pt")
        with torch.inference_mode():
            logits.append(float(model(pixel_values=pixels, **tokens).logits_per_image))
    scale = float(model.logit_scale.exp())
    assert scores == pytest.approx([logit / scale for logit in logits], abs=1e-5)
    assert scores[0] != scores[1]


def test_scores_do_not_depend_on_the_batch(folder: Path) -> None:
    judge = ClipJudge(folder)
    pictures, prompts = [picture(n) for n in range(4)], ["one", "two", "three", "four"]
    alone = [judge.scores([p], [t])[0] for p, t in zip(pictures, prompts, strict=True)]
    assert judge.scores(pictures, prompts) == pytest.approx(alone, abs=1e-5)


def test_a_long_prompt_is_cut_where_clip_ends(folder: Path) -> None:
    judge = ClipJudge(folder)
    long = "dress, " * 60
    assert judge.scores([picture(1)], [long]) == judge.scores([picture(1)], [long + "and a dog"])


def test_other_weights_have_another_name(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tiny clip"
    CLIPModel(CLIPConfig.from_pretrained(folder)).save_pretrained(copy)
    write_tokenizer_files(copy)
    names = {ClipJudge(folder).name, ClipJudge(copy).name}
    assert len(names) == 2
    assert all(name.startswith("tiny clip ") for name in names)


def test_a_folder_with_the_text_tower_alone_is_refused(tmp_path: Path) -> None:
    CLIPTextModel(CLIPTextConfig(**TEXT, **HEADS)).save_pretrained(tmp_path)
    write_tokenizer_files(tmp_path)
    with pytest.raises(InputError, match="'clip_text_model': a CLIP model with both towers"):
        ClipJudge(tmp_path)


def test_weights_that_lack_a_tower_are_refused(folder: Path, tmp_path: Path) -> None:
    model = CLIPModel.from_pretrained(folder)
    weights = {k: v for k, v in model.state_dict().items() if not k.startswith("vision_model")}
    model.save_pretrained(tmp_path, state_dict=weights)
    write_tokenizer_files(tmp_path)
    with pytest.raises(InputError, match="lacks .* of its parts"):
        ClipJudge(tmp_path)


def test_what_is_no_model_is_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="config.json is missing"):
        ClipJudge(tmp_path)
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    with pytest.raises(InputError, match="holds no CLIP model that can be read"):
        ClipJudge(tmp_path)
