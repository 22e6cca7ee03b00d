"""Open data of the public application: the Open Referral UK feed and the linked data."""
