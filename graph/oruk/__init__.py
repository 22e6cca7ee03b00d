"""Open Referral UK: what a record and a feed must look like, and a check of that."""
