"""What templates may load: ``components`` (the pieces of a page), ``dates`` and ``navigation``."""
