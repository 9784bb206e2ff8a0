"""The whole way: folders to files, or into a running Anki. The only floor that writes any.

Folders, formats and options go in; files appear whole or not at all, and a report comes out.
Nothing here prints.
"""
