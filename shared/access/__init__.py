"""Who asks: keys, what their holders may, and how often."""
