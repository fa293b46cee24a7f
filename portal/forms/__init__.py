"""Forms: shape and parsing only. What may be done, and when, the domain decides."""
