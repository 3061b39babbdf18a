"""One module per command: `add_arguments` declares it and `run` does it."""
