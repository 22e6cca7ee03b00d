"""Other people's formats, each turned into rows of our tables; nothing here builds or publishes."""
