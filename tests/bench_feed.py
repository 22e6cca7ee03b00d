"""How fast the feed is at national scale: 40,000 services of 333 partnerships, made up.

    python tests/bench_feed.py [services]

It prints how long a release takes to be read and written once as records, and the middle and the
95th percentile of the time that each kind of request takes.
"""

import datetime
import resource
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi.testclient import TestClient
from public_home import PublicCopies

from api.public import create_public_app
from api.published import Published
from ontology.schema import default_schema

TODAY = datetime.date(2026, 11, 22)
PATHS = (
    "/openreferral/services",
    "/openreferral/services?per_page=500&full=true",
    "/openreferral/services?page=300",
    "/openreferral/services?search=advice",
    "/openreferral/services?day=MO&start_time=10:00",
    "/openreferral/services?minimum_age=16",
    "/openreferral/service_at_locations?postcode=QZ11AA&proximity=5000",
    "/openreferral/p7/services",
    "/id/p7/service/county-outreach.ttl",
    "/id/p7/service/county-outreach.html",
)


def main(services: int) -> None:
    """Make copies of the invented partnership until there are so many services, and ask."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        copies = PublicCopies(home, default_schema())
        made = copies.write(services)
        print(f"{made} services")
        published = Published(home, default_schema())
        begun = time.perf_counter()
        published.snapshot()
        print(f"release read            {time.perf_counter() - begun:8.1f} s")
        client = TestClient(create_public_app(published, today=lambda: TODAY))
        for path in PATHS:
            begun = time.perf_counter()
            client.get(path)
            first = time.perf_counter() - begun
            times = []
            for _ in range(20):
                begun = time.perf_counter()
                assert client.get(path).status_code == 200, path
                times.append(time.perf_counter() - begun)
            p95 = statistics.quantiles(times, n=20)[-1]
            middle = statistics.median(times)
            print(f"{path:70} first {first:6.2f} s  {middle * 1e3:7.1f} ms  {p95 * 1e3:7.1f} ms")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"memory at most {peak:.1f} GB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
