"""The one door to the web: everything that opens a socket, and the manners that go with it.

`http` opens sockets, `client` is polite and suspicious, the other modules are the rules that both keep.
"""
