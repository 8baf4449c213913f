"""Exceptions of gym 0.26."""


class Error(Exception):
    """The base of them all."""


class UnregisteredEnv(Error):
    """An environment is not registered."""


class NameNotFound(UnregisteredEnv):
    """There is no environment of the name."""


class DeprecatedEnv(Error):
    """Only a newer version of the environment is registered."""


class UnsupportedMode(Error):
    """The environment does not draw in such a mode."""


class ResetNeeded(Error):
    """There is no episode."""


class InvalidAction(Error):
    """The action is not in the space."""
