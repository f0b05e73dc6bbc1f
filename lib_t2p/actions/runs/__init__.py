"""What a person does with runs, logs, LoRAs and trainers."""
