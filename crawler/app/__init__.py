"""The composition root: the only place that builds the parts and puts them together."""

from crawler.app.building import Web, outlet_book
from crawler.app.session import App, opened

__all__ = ["App", "Web", "opened", "outlet_book"]
