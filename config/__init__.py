"""The portal's settings, schedule, addresses and launcher. Loading it gives tasks their Celery application."""

from config.celery import app

__all__ = ["app"]
