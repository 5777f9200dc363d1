"""Who sits in which body, how they are reached, and who may sign in."""
