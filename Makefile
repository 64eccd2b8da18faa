# The README's commands; each sets up what it needs. Python 3.11+, make and a package index are enough.
