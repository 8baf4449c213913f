"""Environments of a SocketGym server in LeRobot. Importing it registers its configurations."""

from lerobot_env_socketgym.configs import ServiceEnvConfig, SocketGymEnvConfig
from lerobot_env_socketgym.environment import LeRobotEnvironment

__all__ = ["LeRobotEnvironment", "ServiceEnvConfig", "SocketGymEnvConfig"]
