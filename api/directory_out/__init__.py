"""The directory in other media: pages to take along, a booklet, tables, a feed, a fragment."""
