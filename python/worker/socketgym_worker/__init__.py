"""Runs one Gymnasium environment in a process of its own, on behalf of a SocketGym server.

The server starts an interpreter and sends this package's sources through its standard input (see ``loader.py``). It needs
CPython 3.7 or newer and what the environment itself needs, and imports nothing else of SocketGym.
"""
