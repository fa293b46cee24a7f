"""How a plan is brought in: read in a sandbox, understood, matched, staged, mended, confirmed.

``sandbox`` and everything it imports (``readers``, ``tables``, ``layouts``, ``columns``, ``rows`` and below) know
nothing of Django: they read files that strangers made, in a process of their own. ``running`` starts that process.
``matching``, ``staging`` and ``resources`` stand on this side of it.
"""
