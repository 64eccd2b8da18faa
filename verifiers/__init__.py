"""Verifiers: (claim, page) to findings, and findings to a verdict. Pure: no file, no socket, no clock.

`verifiers.models` alone may read model files; it is handed in by `crawler.app`.
"""
