"""Facts on their way: envelope, outbox, inbox and what carries them."""
