"""Text from elsewhere: cleaned where it comes in, and read strictly."""
