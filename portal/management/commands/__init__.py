"""Commands that make papers."""
