"""The words of the workbook's first sheet: what the form is, how to fill it in, and the rules.

The rules are those of `graph/partnerships/NOTES.md`, in short. What the sheets and columns mean is
not said here: that comes from the shapes.
"""

from collections.abc import Iterator

_TEXT = """
# What this is
A form for a partnership's services, who they are for, what pays for them, and what is missing.
Fingerpost reads it and answers questions from it. It is for services, not for cases of people.

# How to fill it in
Name the file as the partnership: lower-case letters, digits and hyphens, such as eastmarch.xlsx.

Begin with the sheets partnership, sources and areas; then agencies and services; then the rest. A
sheet may stay empty.

One row is one record. Rest the pointer on a header for its help. A header with * must be filled in.

A grey row under the headers is an example. Its id is example-row, and it is not read.

Several values in a cell are separated by a semicolon and a blank: men; women. A value itself has no
semicolon.

To point to a row of another sheet, write its id. A shared group, need or type may also be written
by its name. Where one id stands in two sheets, write the class before it: agency/idva.

No formulas. An empty cell means: not recorded. It does not mean: there is none.

# The rules
Posts, not people: no personal name, mailbox, telephone number or postcode, anywhere, also not in
notes. Nothing that tells where a safe place is.

Every record names its source and the place in it, such as a paragraph or a row of a table. One
fact, one record: what stands in five places is one row with five places.

The basis is stated if the source says it; inferred if you conclude it, and then the ground says
from what; contested if two places disagree, and then the ground gives both sides.

Write in your own words, briefly. Names and acronyms stay as the source has them.

Dates: 2013-03-31 a day, 2013-03 a month, 2012 a year, 2012-04/2013-03 a period, ../2013-03 only an
end. The words of the source go into the column "as given".

A service is operating only if the source says or plainly shows that it runs. Being funded is not
operating.

Reach: only groups that the source connects with the service. Never conclude that a service for all
reaches a smaller group.

A gap is what the source says is lacking. Wanting to improve something is an action. The status of
an action is what the source says, not what you believe.

An award is one sum for one thing. Secured means: the source says that the money is found.

Two names that may be one thing are two rows, linked by "possibly the same as".
"""


def guide() -> Iterator[tuple[str, str]]:
    """The lines of the read-me: a heading and no text, or a text below no heading."""
    for block in _TEXT.strip().split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("# "):
            yield lines.pop(0).removeprefix("# "), ""
        yield "", " ".join(lines)
    yield "The sheets", ""
