"""Ask once: each provider is asked by a link of its own what of its entries is still right.

The staff application makes the links and turns accepted answers into a draft; the public one shows
the form. Between the two stands a letterbox (`letterbox.py`), a folder of small files: the public
application reads there what one provider is asked, puts answers and reports in, and never opens the
full release.
"""
