"""What a text says, read deterministically: its dates, figures, quotations and names, as spans. Pure.

The word lists stand in TOML files beside the code that reads them, so that a language is added without code.
"""
