"""Tags of the admin site."""
