"""What templates may load: ``components`` (the pieces of a page), ``tables`` and ``dates``."""
