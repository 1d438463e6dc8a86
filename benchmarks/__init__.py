"""Programs that measure the product and print what they found as tables."""
