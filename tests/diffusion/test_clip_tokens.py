import pytest

from lib_t2p.diffusion.clip_vocabulary import count_tokens, write_tokenizer_files


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ohwx woman",
        "ohwx woman, facing the camera, head and shoulders",
        "a photo of a Woman's coat, 35mm film!! (masterpiece:1.2) it's x_y",
        "Zoë Ångström, naïve café — “quoted” 100%",
        "supercalifragilisticexpialidocious " * 9,
    ],
)
def test_tokens_are_counted_as_clip_does(text: str, tmp_path: object) -> None:
    transformers = pytest.importorskip("transformers")
    vocabulary, merges = write_tokenizer_files(tmp_path)  # type: ignore[arg-type]
    tokenizer = transformers.CLIPTokenizer(str(vocabulary), str(merges))
    expected = len(tokenizer(text)["input_ids"]) - 2
    assert count_tokens(text) == expected
