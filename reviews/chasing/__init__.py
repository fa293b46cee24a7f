"""Chasing: who is reminded of what, when, and how the message reaches them.

Downward: ``planning``, ``delivery`` → ``checking``, ``outbox``, ``composing`` → ``selection`` → ``recipients``,
``anchors`` → ``policy``.
"""
