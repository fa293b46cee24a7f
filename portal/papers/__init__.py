"""Papers: what a plan looks like when it is read, printed or taken away.

``layouts`` say once what stands in which cell; ``html``, ``docx``, ``xlsx`` and ``csv`` each render that. Everything
comes from ``reviews.as_at.plan_as_at``, so that two formats of one day cannot differ.
"""
