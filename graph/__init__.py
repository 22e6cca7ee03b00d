"""What is said: records read from tables, built into releases, projected and loaded into stores."""
