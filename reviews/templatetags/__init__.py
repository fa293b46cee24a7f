"""Template tags of the domain's admin pages."""
