"""Answers over the whole country at once: coverage as arrays, and how referrals hold together."""
