"""Text as it lies on the disk: files, characters, YAML, hashes, and the mistakes found in it.

Paths and bytes go in; decoded text, plain values with their places, and `Problem`s come out.
Nothing here knows what a card is.
"""
