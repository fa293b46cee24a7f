"""How a plan is brought in: read in a sandbox, understood, matched, staged, mended, confirmed.

``sandbox`` and everything it imports (``readers``, ``understanding``, ``ours``) know nothing of Django: they read files
that strangers made, in a process of their own. ``running`` starts that process. What stands beside them here takes its
answer on: ``receiving``, ``staging``, ``mending``, ``confirming`` in ``pieces``, ``undoing``; and ``again``, where the
review is there already.
"""
