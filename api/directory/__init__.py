"""The public directory of help: pages that need no script, set no cookie and keep nothing."""
