"""The shapes of YAML files and of the ledger; the only door to pydantic.

A file or a read text goes in; a checked shape, or every mistake at its place, comes out. The same
declarations make the JSON Schema that editors use. Nothing here knows what the values are for.
"""
