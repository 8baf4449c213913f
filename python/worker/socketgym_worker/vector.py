"""Several environments in one worker, stepped as one: a part of a vector that equals Gymnasium's ``SyncVectorEnv``."""

import os
import struct

import numpy as np

from . import batches, sharing
from .environment import HostedEnvironment, check_step
from .faults import PartFailure, Refusal
from .text import brief

NEXT_STEP, SAME_STEP = "NextStep", "SameStep"


class HostedVector:
    """Does the requests for its environments: each method's result is what the server is sent.

    Attributes:
        is_mapped: Whether observations, rewards and flags are written into memory that the server sends from.
    """

    def __init__(self, guard):
        """Makes a host without environments.

        Args:
            guard: The :class:`~socketgym_worker.values.ValueGuard` that every result passes.
        """
        self.is_mapped = False
        self._guard = guard
        self._environments = []
        self._first = 0
        self._mode = NEXT_STEP
        self._memory = None
        self._layout = None
        # Which of them start an episode by the next step.
        self._over = set()
        self._is_forked = False
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._disown)

    def make_vec(self, id, kwargs, imports, entry_point, wrappers, first, count, mode):
        """Makes the environments, one after the other.

        Args:
            id: As for one environment, and so are the next four.
            kwargs: See ``id``.
            imports: See ``id``.
            entry_point: See ``id``.
            wrappers: See ``id``.
            first: Which environment of the vector the first one is.
            count: How many there are.
            mode: The value of Gymnasium's ``AutoresetMode``.

        Returns:
            What ``make`` answers for the first one.
        """
        self._first, self._mode = first, mode
        try:
            for index in range(count):
                environment = HostedEnvironment(self._guard)
                try:
                    environment.build(id, kwargs, imports, entry_point, wrappers)
                    self._environments.append(environment)
                    self._check_spaces(environment.env)
                except BaseException as error:
                    if first + index == 0:
                        raise
                    raise PartFailure(first + index, error) from None
            result = self._environments[0].describe()
        except BaseException:
            self._close_all()
            raise
        self._allocate(np.zeros)
        return result

    def map(self, server, descriptor, identity, layout):
        """Moves what steps give into memory of the server's.

        Args:
            server: As for :func:`~socketgym_worker.sharing.open_memory`, and so are the next two.
            descriptor: See ``server``.
            identity: See ``server``.
            layout: Where things are: ``actions``, ``rewards``, ``terminations`` and ``truncations`` of the whole vector, and
                ``observations``, a list with the place of each array of the batch. None has steps give messages again.

        Returns:
            None, or False where it cannot.
        """
        self._layout, self._memory, self.is_mapped = None, None, False
        if layout is None:
            self._allocate(np.zeros)
            return None
        try:
            self._memory = sharing.open_memory(server, descriptor, identity)
        except OSError:
            return False  # it is in a container of its own; messages do as well
        self._layout = layout
        places = iter(layout["observations"])
        self._allocate(lambda shape, dtype: self._place(next(places), shape, dtype))
        self.is_mapped = True
        return None

    def action_reader(self, actions):
        """Returns what reads batches of actions of this one's type out of the memory, as a batch of their own."""
        return self._place(self._layout["actions"], actions.shape, actions.dtype).copy

    def step(self, actions, is_pattern):
        """Takes a step; returns (observations, rewards, terminations, truncations, infos) of these environments.

        Args:
            actions: An action for each environment.
            is_pattern: Means nothing where there is no memory.
        """
        infos = self.take(actions)
        return (
            self._observation(),
            self._reward_array,
            self._terminated_array,
            self._truncated_array,
            infos,
        )

    def take(self, actions):
        """Takes a step, whose results but for the infos are in their places afterwards.

        Args:
            actions: An action for each environment.

        Returns:
            The infos that are not empty, as pairs of the environment's index in the whole vector and the info.
        """
        self._guard.begin()
        infos, rewards, observations, ends = [], [], [], []
        over, environments = self._over, self._environments
        try:
            for env, action in zip(self._envs, actions):
                if over and len(rewards) in over:
                    index = len(rewards)
                    observation, info = environments[index].restart(None, None)
                    reward, terminated, truncated = 0.0, False, False
                    over.remove(index)
                else:
                    # As HostedEnvironment.take does it, without the calls.
                    try:
                        result = env.step(action)
                    except Exception as error:
                        refusal = environments[len(rewards)].refusal(action, error)
                        if refusal is None:
                            raise
                        raise refusal from None
                    if type(result) is not tuple or len(result) != 5:
                        check_step(result)
                    observation, reward, terminated, truncated, info = result
                if self._is_forked:
                    raise EOFError  # nobody waits for what a fork of the environment's does
                if terminated or truncated:
                    index = len(rewards)
                    ends.append((index, terminated, truncated))
                    if self._mode == SAME_STEP:
                        infos.append((self._first + index, self._final(observation, info)))
                        observation, info = environments[index].restart(None, None)
                    elif self._mode == NEXT_STEP:
                        over.add(index)
                if type(info) is not dict or info:
                    self._add(infos, len(rewards), info)
                observations.append(observation)
                rewards.append(reward)
        except BaseException as error:
            raise PartFailure(self._first + len(rewards), error) from None
        self._put(rewards, ends, observations)
        return infos

    def reset(self, seeds, options, mask):
        """Starts episodes; returns (observations, infos) of these environments."""
        infos = self.restart(seeds, options, mask)
        return self._observation(), infos

    def restart(self, seeds, options, mask):
        """Starts episodes, whose observations are in their places afterwards.

        Args:
            seeds: A list with a seed or None for each environment; None for no seed at all.
            options: The options, or None.
            mask: A list that says for each environment whether it is reset; None for all.

        Returns:
            The infos, as :meth:`take` does.
        """
        self._guard.begin()
        infos = []
        for index, environment in enumerate(self._environments):
            if mask is not None and not mask[index]:
                continue
            try:
                seed = None if seeds is None else seeds[index]
                observation, info = environment.restart(seed, options)
                if self._is_forked:
                    raise EOFError
                self._observations.put(index, observation)
                self._over.discard(index)
                self._add(infos, index, info)
            except BaseException as error:
                raise PartFailure(self._first + index, error) from None
        return infos

    def render(self):
        """Draws the states; returns a tuple."""
        return self._of_each(HostedEnvironment.render)

    def draw(self):
        """Draws the states; returns a tuple of what the environments returned, perhaps such as cannot travel."""
        return self._of_each(HostedEnvironment.draw)

    def has_attr(self, name):
        """Returns None where the first environment has no such attribute, else whether it can be called."""
        return self._environments[0].has_attr(name)

    def get_attr(self, name):
        """Returns an attribute of each environment, as a tuple."""
        return self._of_each(lambda environment: environment.get_attr(name))

    def set_attr(self, name, values, force):
        """Sets an attribute of each environment; returns whether all did."""
        values = iter(values)
        return all(
            self._of_each(lambda environment: environment.set_attr(name, next(values), force))
        )

    def call(self, name, args, kwargs):
        """Calls a method of each environment, or reads what cannot be called; returns a tuple."""
        return self._of_each(lambda environment: environment.call_or_get(name, args, kwargs))

    def close(self):
        """Closes the environments, all of them, and raises what the first that fails raises."""
        error = self._close_all()
        if error is not None:
            raise error

    def _close_all(self):
        first, environments, self._environments = None, self._environments, []
        for index, environment in enumerate(environments):
            try:
                environment.close()
            except BaseException as error:
                first = first or PartFailure(self._first + index, error)
        return first

    def _check_spaces(self, env):
        first = self._environments[0].env
        if env is first:
            return
        for name in ("observation_space", "action_space"):
            if getattr(env, name) != getattr(first, name):
                raise Refusal(
                    "EnvironmentFault",
                    "its %s is %s and that of another %s; a vector needs equal ones"
                    % (name, brief(getattr(env, name)), brief(getattr(first, name))),
                )

    def _allocate(self, allocate):
        count = len(self._environments)
        place = (lambda name: np.zeros) if self._layout is None else self._placed
        self._observations = batches.make(
            self._environments[0].env.observation_space, count, allocate
        )
        self._reward_array = place("rewards")((count,), np.dtype(np.float64))
        self._terminated_array = place("terminations")((count,), np.dtype(np.bool_))
        self._truncated_array = place("truncations")((count,), np.dtype(np.bool_))
        # Takes half the time that NumPy takes for a list.
        self._pack_rewards = struct.Struct("%dd" % count).pack_into
        self._over = set()
        self._envs = [environment.env for environment in self._environments]

    def _put(self, rewards, ends, observations):
        self._terminated_array[...] = False
        self._truncated_array[...] = False
        for index, terminated, truncated in ends:
            self._terminated_array[index] = terminated
            self._truncated_array[index] = truncated
        try:
            self._pack_rewards(self._reward_array, 0, *rewards)
            self._observations.put_all(observations)
        except Exception:
            # Once more, one by one: whose it is that does not fit, or what only NumPy knows how to write.
            for index, (reward, observation) in enumerate(zip(rewards, observations)):
                try:
                    self._reward_array[index] = reward
                    self._observations.put(index, observation)
                except Exception as error:
                    raise PartFailure(self._first + index, error) from None

    def _placed(self, name):
        return lambda shape, dtype: self._place(self._layout[name], shape, dtype)

    def _place(self, offset, shape, dtype):
        """Returns the array of these environments in one that begins at ``offset`` and is the whole vector's."""
        row = dtype.itemsize
        for dimension in shape[1:]:
            row *= dimension
        return np.ndarray(shape, dtype, self._memory, offset + self._first * row)

    def _observation(self):
        return self._guard.strict(self._observations.value, "the observation")

    def _final(self, observation, info):
        guard = self._guard
        info = guard.lenient(info, "info")
        return {
            "final_obs": guard.strict(observation, "the observation"),
            "final_info": _as_added(info) if isinstance(info, dict) else info,
        }

    def _add(self, infos, index, info):
        if not isinstance(info, dict):
            raise Refusal("EnvironmentFault", "its info is %s rather than a dict" % brief(info))
        if info:
            infos.append((self._first + index, self._guard.lenient(info, "info")))

    def _of_each(self, do):
        results = []
        for index, environment in enumerate(self._environments):
            try:
                results.append(do(environment))
            except BaseException as error:
                raise PartFailure(self._first + index, error) from None
        return tuple(results)

    def _disown(self):
        self._is_forked = True


def _as_added(info):
    """Returns a copy of an info for which a later change of the original counts as much as after ``VectorEnv._add_info``.

    That one keeps dicts and arrays as they are now, and what else can change, such as a list, by reference.
    """
    added = type(info)()
    for key, value in info.items():
        if isinstance(value, dict):
            value = _as_added(value)
        elif type(value) is np.ndarray and key != "final_obs":
            value = value.copy()
        added[key] = value
    return added
