"""The board paper: what it says (`model.py`, `content.py`), and its forms."""
