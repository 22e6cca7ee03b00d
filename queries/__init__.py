"""What may be asked: a catalogue of Cypher files, and the algorithms that need more than Cypher."""
