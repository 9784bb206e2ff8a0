"""A file that Anki's text import takes: a head that names the columns, and a row for each note."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

SEPARATORS: Mapping[str, str] = {"comma": ",", "tab": "\t"}
"""What stands between two cells, by the name that the head gives it."""

ROLES = ("guid", "notetype", "deck", "tags")
"""What a column may hold beside a field, in the order of the columns."""


def write_text_file(
    separator: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    *,
    more: Sequence[str] = (),
) -> bytes:
    """Write a file for Anki's text import.

    Args:
        separator: a key of `SEPARATORS`.
        columns: what the columns are called, by role or, of fields, by any other key, in order.
        rows: the cells of each note; a row may end before the last columns.
        more: further lines of the head, without their `#`.

    Returns:
        UTF-8, every cell quoted: a GUID may begin with the sign of a comment.
    """
    buffer = io.StringIO()
    cells = csv.writer(
        buffer, delimiter=SEPARATORS[separator], quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    names = csv.writer(buffer, delimiter=SEPARATORS[separator], lineterminator="\n")
    buffer.write(f"#separator:{separator}\n#html:true\n")
    for at, key in enumerate(columns, 1):
        if key in ROLES:
            buffer.write(f"#{key} column:{at}\n")
    # Without the number of columns, older versions take it from the first row.
    buffer.write("#columns:")
    names.writerow(columns.values())
    buffer.writelines(f"#{line}\n" for line in more)
    cells.writerows(rows)
    return buffer.getvalue().encode()
