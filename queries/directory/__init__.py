"""The directory of help: what fits somebody's wish, from the facts of a public release."""
