"""Many rows at once without the collector of circles: it would look at all of them, many times.

What makes hundreds of thousands of rows and no circles pays more for the search for circles than
for the rows, and more than twice for twice as many. What is no longer used is freed all the same.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_circles() -> Iterator[None]:
    """Look for no circles meanwhile; afterwards it is as before, also beside other threads."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
