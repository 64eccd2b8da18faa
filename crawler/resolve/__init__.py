"""From "outlet: headline, date" to candidates: resolvers as generators without IO, ranked.

Each resolver yields batches of requests, is sent their outcomes in order, and returns its candidates and an
honest coverage: `empty` only where it answered and covers the outlet and the date. Nothing here opens a socket.
"""
