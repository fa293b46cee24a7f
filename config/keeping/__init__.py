"""Keeping the portal: everything that cannot be had again goes into one file, and comes back into an empty place."""
