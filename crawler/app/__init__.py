"""The composition root: the only place that builds the parts and puts them together."""

from crawler.app.building import Web, built_resolvers, outlet_book
from crawler.app.session import App, opened

__all__ = ["App", "Web", "built_resolvers", "opened", "outlet_book"]
