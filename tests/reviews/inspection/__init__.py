"""The inspection of a standing portal."""
