"""Stores of the property graph: one protocol, an embedded default, and Neo4j."""
