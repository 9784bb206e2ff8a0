"""The command line: arguments in, exit status out; the only place that prints.

One file a command; `main` is the group they belong to, `console` how they print.
"""
