"""Ways to help, from the first door to help, and as a picture."""
