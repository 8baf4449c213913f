"""The base of environments' configurations."""

import abc
from dataclasses import dataclass, field

from lerobot.configs.types import PolicyFeature


class ChoiceRegistry:
    """Classes by the name that the command line calls them."""

    _choices = {}

    @classmethod
    def register_subclass(cls, name):
        def register(subclass):
            assert issubclass(subclass, cls) and name not in cls._choices
            cls._choices[name] = subclass
            return subclass

        return register

    @classmethod
    def get_choice_class(cls, name):
        return cls._choices[name]

    @classmethod
    def get_choice_name(cls, subclass):
        return next(name for name, choice in cls._choices.items() if choice is subclass)


@dataclass
class EnvConfig(ChoiceRegistry, abc.ABC):
    task: str | None = None
    fps: int = 30
    features: dict[str, PolicyFeature] = field(default_factory=dict)
    features_map: dict[str, str] = field(default_factory=dict)
    max_parallel_tasks: int = 1
    disable_env_checker: bool = True

    @property
    def type(self):
        return self.get_choice_name(type(self))

    @property
    @abc.abstractmethod
    def gym_kwargs(self):
        """Keyword arguments for gymnasium.make."""

    def create_envs(self, n_envs, use_async_envs=False):
        raise AssertionError("the plug-in has one of its own")

    def get_env_processors(self):
        return (lambda observation: observation), (lambda action: action)
