"""A listing as a piece of plain HTML that a council puts into a page of its own.

It has neither script nor style nor a class: it looks as the page around it does. Its headings begin
at the level that it is given.
"""

from api.directory.pages import EXIT_TO, plain_page
from api.directory_out import told
from api.directory_out.listing import Listing
from graph.errors import FingerpostError

DEEPEST = 4
"""The deepest level at which a fragment may begin: two more levels stand below."""


def fragment(listing: Listing, level: int = 2) -> bytes:
    """The listing as one `section`, with headings from `level` on.

    Raises FingerpostError where there is no such level.
    """
    if not 1 <= level <= DEEPEST:
        raise FingerpostError(
            f"Headings of a fragment begin at a level from 1 to {DEEPEST}. Try --heading 2."
        )
    text = plain_page(
        "out/fragment.html",
        exit_to=EXIT_TO,
        level=level,
        title=told.CHANGING if listing.changing else told.TITLE,
        area=told.area_of(listing.place),
        emergency=told.EMERGENCY,
        nothing=told.NOTHING,
        notices=told.notices_of(listing),
        until=told.until_text(listing.until),
        lines=told.lines_of(listing),
        services=told.services_of(listing),
    )
    return text.encode()
