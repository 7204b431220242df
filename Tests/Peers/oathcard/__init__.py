"""A YKOATH card in Python, written from the public protocol description and
independent of the Swift simulation, so that each can check the other."""
