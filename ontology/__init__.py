"""What may be said: classes, properties, codes and shapes, and the frozen Schema read from them."""
