"""Findings: what stands out in what is recorded, told in sentences, the worst first."""
