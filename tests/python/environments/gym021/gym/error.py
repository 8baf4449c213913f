"""Exceptions of gym 0.21."""


class Error(Exception):
    """The base of them all."""


class Unregistered(Error):
    """Something is not registered."""


class UnregisteredEnv(Unregistered):
    """An environment is not registered."""


class DeprecatedEnv(Error):
    """Only another version of the environment is registered."""


class UnsupportedMode(Error):
    """The environment does not draw in such a mode."""


class ResetNeeded(Error):
    """There is no episode."""


class InvalidAction(Error):
    """The action is not in the space."""
