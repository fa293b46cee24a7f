"""Pages in a real Chromium: how they look, whether axe finds anything, whether a keyboard is enough."""
