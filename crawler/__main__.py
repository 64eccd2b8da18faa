"""`python -m crawler` is `citehound`."""

from crawler.cli import main

main()
