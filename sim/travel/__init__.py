"""Travel-time providers, one file each."""
