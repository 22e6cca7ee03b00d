"""The service map: what stands on it, where, on which day, and how it looks."""
