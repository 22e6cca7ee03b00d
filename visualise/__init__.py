"""How it looks: maps and pictures of what the queries answer."""
