"""Settings files of kohya's world: GUI JSON, sd-scripts TOML and the metadata of LoRAs."""
