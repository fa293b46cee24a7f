"""Chasing: who is reminded of what, when, and how the message reaches them.

Downward: ``planning``, ``delivery`` → ``reminding``, ``returned`` → ``checking``, ``outbox``, ``composing``,
``kinds`` → ``selection`` → ``recipients``, ``anchors`` → ``policy``.
"""
