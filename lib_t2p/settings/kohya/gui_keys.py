"""Keys of kohya_ss's GUI JSON that are no option of sd-scripts, from GUI v22 to v26."""

from __future__ import annotations

from lib_t2p.settings.options.table import all_options

LAUNCH = (
    "num_cpu_threads_per_process",
    "num_processes",
    "num_machines",
    "multi_gpu",
    "gpu_ids",
    "main_process_port",
    "dynamo_mode",
    "dynamo_use_dynamic",
    "dynamo_use_fullgraph",
    "extra_accelerate_launch_args",
)
"""What accelerate is told."""

BLOCKS = (
    "down_lr_weight",
    "mid_lr_weight",
    "up_lr_weight",
    "block_lr_zero_threshold",
    "block_dims",
    "block_alphas",
    "conv_block_dims",
    "conv_block_alphas",
    "rank_dropout",
    "module_dropout",
)
"""Arguments of networks.lora and its relatives."""

PLUS = ("loraplus_lr_ratio", "loraplus_unet_lr_ratio", "loraplus_text_encoder_lr_ratio")

CONVOLUTION = ("conv_dim", "conv_alpha")

LYCORIS = (
    "LyCORIS_preset",
    "factor",
    "unit",
    "use_cp",
    "use_tucker",
    "use_scalar",
    "rank_dropout_scale",
    "constrain",
    "rescaled",
    "train_norm",
    "decompose_both",
    "train_on_input",
    "bypass_mode",
    "dora_wd",
)

MODULES = {
    "Standard": "networks.lora",
    "Kohya LoCon": "networks.lora",
    "LoRA-FA": "networks.lora_fa",
    "Kohya DyLoRA": "networks.dylora",
    "Kohya LoHa": "networks.loha",
    "Kohya LoKr": "networks.lokr",
}
"""The GUI's LoRA_type -> network_module; all LyCORIS ones are lycoris.kohya."""

NATIVE = ("use_tucker", "rank_dropout", "module_dropout")
"""Arguments of networks.loha and networks.lokr beside the convolutions'; kohya_ss 26 hands them
over for these two alone."""

ALGORITHMS = {
    "LoCon": "locon",
    "LyCORIS/LoCon": "locon",
    "LyCORIS/LoHa": "loha",
    "LyCORIS/LoKr": "lokr",
    "LyCORIS/DyLoRA": "dylora",
    "LyCORIS/GLoRA": "glora",
    "LyCORIS/iA3": "ia3",
    "LyCORIS/Diag-OFT": "diag-oft",
    "LyCORIS/BOFT": "boft",
    "LyCORIS/Native Fine-Tuning": "full",
}
"""LoRA_type -> algo of lycoris.kohya."""

SPECIAL = (
    "LoRA_type",
    "additional_parameters",
    "epoch",
    "lora_network_weights",
    "lr_warmup",
    "lr_warmup_steps",
    "max_resolution",
    "max_train_epochs",
    "no_token_padding",
    "noise_offset_type",
    "optimizer",
    "sdpa",
    "sdxl",
    "sdxl_cache_text_encoder_outputs",
    "sdxl_no_half_vae",
    "stop_text_encoder_training",
    "t5xxl_lr",
    "use_wandb",
)
"""Keys whose meaning is read one by one."""

SILENT = (
    "file_path",
    "lowvram",
    "model_list",
    "save_as",
    "save_as_bool",
    "show_timesteps",
    "show_timesteps_resolution",
    "train_inpainting",
    "train_lora_ggpo",
    "ggpo_beta",
    "ggpo_sigma",
    "enable_all_linear",
    "model_type",
)
"""The GUI's own state, or without effect on SD1.5 and SDXL."""

OTHER_FAMILIES = {
    "flux1_checkbox": "Flux",
    "sd3_checkbox": "SD3",
    "hunyuan_image_checkbox": "Hunyuan",
    "lumina_checkbox": "Lumina",
    "anima_checkbox": "Anima",
}
"""A tick that says that another family is trained -> its name."""

OFF_AT_ZERO = (
    "adaptive_noise_scale",
    "clip_skip",
    "ip_noise_gamma",
    "max_timestep",
    "max_train_epochs",
    "max_train_steps",
    "min_snr_gamma",
    "min_timestep",
    "multires_noise_discount",
    "multires_noise_iterations",
    "network_dropout",
    "noise_offset",
    "sample_every_n_epochs",
    "sample_every_n_steps",
    "save_every_n_epochs",
    "save_every_n_steps",
    "save_last_n_epochs",
    "save_last_n_epochs_state",
    "save_last_n_steps",
    "save_last_n_steps_state",
    "scale_weight_norms",
    "v_pred_like_loss",
    "vae_batch_size",
)
"""Options that the GUI switches off by a 0."""

MODERN = ("extra_accelerate_launch_args", "log_with", "main_process_port", "loss_type")
"""Keys that came with GUI v23 and v24, which hand settings over in a TOML file."""


def plain_keys() -> dict[str, str]:
    """GUI key -> option, where the value means the same in both."""
    taken = {"xformers", *SPECIAL}
    return {o.gui_key: n for n, o in all_options().items() if o.gui_key and o.gui_key not in taken}


def known_keys() -> frozenset[str]:
    """Every key that is read or known to mean nothing here."""
    lists = (LAUNCH, BLOCKS, PLUS, CONVOLUTION, LYCORIS, SPECIAL, SILENT, tuple(OTHER_FAMILIES))
    return frozenset(plain_keys()) | {key for keys in lists for key in keys} | {"xformers"}
