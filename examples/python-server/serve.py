"""Starts a SocketGym server from Python, plays a step on a native and on a Python-hosted environment, and stops it.

    python3 examples/python-server/serve.py

The Python-hosted environment runs in a worker process of the interpreter that runs this script.
"""

import os
import pathlib
import subprocess
import sys

from socketgym import SocketGymClient

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / "src/SocketGym.Server/bin/Release/net10.0/socketgym.dll"

server = subprocess.Popen(
    ["dotnet", str(SERVER), "serve", "--port", "0"],
    stdout=subprocess.PIPE,
    text=True,
    env={**os.environ, "SOCKETGYM_PYTHON": sys.executable},
)
assert server.stdout is not None
address = next(line.split()[-1] for line in server.stdout if line.strip().startswith("address"))

for env_id in ("native:CartPole-v1", "python:FrozenLake-v1"):
    env = SocketGymClient(env_id, address=address)
    observation, info = env.reset(seed=1)
    observation, reward, terminated, truncated, info = env.step(1)
    print(f"{env_id}: observation {observation}, reward {reward}, info {info}")
    env.close()

server.terminate()
server.stdout.read()
print(f"server ended with status {server.wait()}")
