"""Action plans as documents: read, understood by their headers, and drafted as rows of our tables.

A draft is for review. Every row says where it stands and how sure the reading is (`draft.py`), and
nothing of it is published before somebody has looked.
"""
