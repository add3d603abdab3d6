"""The report: both ledgers as one HTML page that loads nothing else, read without scripts, filtered with them."""

from lipcheck.render_html.entries import Entry, gather
from lipcheck.render_html.page import render_page

__all__ = ["Entry", "gather", "render_page"]
