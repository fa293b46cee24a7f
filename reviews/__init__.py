"""The domain: reviews, their action plans, and what becomes of every action."""
