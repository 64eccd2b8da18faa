"""The records of Citehound and the SQLite file that holds them.

`db.model`, `db.ids` and `db.errors` are the lowest floor: standard library only, no file, no clock.
`db.store` and its neighbours are the only code that speaks SQL.
"""
