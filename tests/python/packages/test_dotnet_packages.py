"""The NuGet packages, used as somebody does who has nothing but a folder with them."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from socketgym import SocketGymClient
from socketgym_server import serve

ROOT = pathlib.Path(__file__).resolve().parents[3]
LIBRARIES = {
    "SocketGym.Core": [],
    "SocketGym.Environments": ["SocketGym.Core"],
    "SocketGym.Protocol": ["SocketGym.Core"],
    "SocketGym.Client": ["SocketGym.Protocol"],
    "SocketGym.Python": ["SocketGym.Protocol"],
    "SocketGym.Hosting": [
        "Microsoft.Extensions.Logging.Abstractions",
        "SocketGym.Core",
        "SocketGym.Environments",
        "SocketGym.Protocol",
        "SocketGym.Python",
    ],
}
TOOL = "SocketGym.Server"

# Serves an environment of C# and one of Python out of the packages, and steps both through the client.
PROGRAM = """
using SocketGym.Client;
using SocketGym.Core.Environments;
using SocketGym.Environments.ClassicControl;
using SocketGym.Hosting;

var builder = SocketGymHost.CreateBuilder().AddBuiltInEnvironments().AddPython().Listen("tcp://127.0.0.1:0");
builder.Environments.Add(new NativeEnvironmentEntry(new EnvironmentSpec("Mine-v0"), kwargs => kwargs.Count == 0, _ => new CartPole()));
using var server = builder.Build();
server.Start();
foreach (var id in (string[])["Mine-v0", "python:CartPole-v1"])
{
    using var env = SocketGymClient.Make(id, server.Addresses[0].ToString());
    env.Reset(seed: 7);
    var (observation, reward, _, _, _) = env.Step(1);
    Console.WriteLine($"{id} {observation.AsSpan<float>().Length} {reward.ToDouble()}");
}
"""
PROJECT = """
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="SocketGym.Client" Version="{version}" />
    <PackageReference Include="SocketGym.Hosting" Version="{version}" />
  </ItemGroup>
</Project>
"""
# Ours come from the folder alone and are unpacked into a folder of the test's own, where no earlier
# ones lie; what they depend on was restored for the build.
NUGET = """
<configuration>
  <packageSources>
    <clear />
    <add key="packed" value="{feed}" />
  </packageSources>
  <config>
    <add key="globalPackagesFolder" value="{unpacked}" />
  </config>
  <fallbackPackageFolders>
    <add key="restored" value="{restored}" />
  </fallbackPackageFolders>
</configuration>
"""


def run(*command: str, **options: Any) -> str:
    """Runs a command that must succeed; returns what it printed."""
    environment = {
        **os.environ,
        "SOCKETGYM_PYTHON": sys.executable,
        "DOTNET_NOLOGO": "1",
        # A compiler or build node left for the next build would keep the output open.
        "MSBUILDDISABLENODEREUSE": "1",
        "UseSharedCompilation": "false",
    }
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment, **options
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with every package, beside a nuget.config that knows no other source."""
    folder = tmp_path_factory.mktemp("nuget")
    packages = folder / "packages"
    run(
        "dotnet",
        "pack",
        "-c",
        "Release",
        "--no-build",
        "-o",
        str(packages),
        str(ROOT / "SocketGym.sln"),
    )
    restored = run("dotnet", "nuget", "locals", "global-packages", "--list").split(": ", 1)[1]
    settings = NUGET.format(feed=packages, unpacked=folder / "unpacked", restored=restored.strip())
    (folder / "nuget.config").write_text(settings.strip())
    return packages


def package(feed: pathlib.Path, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(feed.glob(f"{name}.[0-9]*.nupkg")))


def nuspec(contents: zipfile.ZipFile, name: str) -> dict[str, ElementTree.Element]:
    """The metadata by tag, namespaces left out."""
    root = ElementTree.fromstring(contents.read(f"{name}.nuspec"))
    return {element.tag.split("}")[1]: element for element in root.iter()}


def version(feed: pathlib.Path) -> str:
    with package(feed, TOOL) as contents:
        return nuspec(contents, TOOL)["version"].text or ""


def test_nothing_else_is_packed(feed: pathlib.Path) -> None:
    assert {file.name.rsplit(".", 4)[0] for file in feed.iterdir()} == {*LIBRARIES, TOOL}


@pytest.mark.parametrize("name", [*LIBRARIES, TOOL])
def test_metadata(feed: pathlib.Path, name: str) -> None:
    with package(feed, name) as contents:
        metadata = nuspec(contents, name)
        assert metadata["license"].text == "MIT"
        assert metadata["authors"].text == "SocketGym contributors"
        assert metadata["readme"].text == "README.md"
        assert contents.read("README.md").decode().startswith(f"# {name}\n")
        description = metadata["description"].text or ""
        assert len(description) > 20 and description != "Package Description"
        dependencies = {
            element.get("id"): element.get("version")
            for element in ElementTree.fromstring(contents.read(f"{name}.nuspec")).iter()
            if element.tag.endswith("}dependency")
        }
        # A tool brings everything with it.
        assert sorted(dependencies, key=str) == LIBRARIES.get(name, [])
        own = metadata["version"].text
        assert {
            value for key, value in dependencies.items() if str(key).startswith("SocketGym.")
        } <= {own}


@pytest.mark.parametrize("name", LIBRARIES)
def test_assemblies_have_documentation_and_symbols_and_no_path_of_this_machine(
    feed: pathlib.Path, name: str
) -> None:
    with package(feed, name) as contents:
        assembly = contents.read(f"lib/net10.0/{name}.dll")
        assert b"<summary>" in contents.read(f"lib/net10.0/{name}.xml")
        # The header of a compressed symbol blob.
        assert b"MPDB" in assembly
        assert str(ROOT).encode() not in assembly
        assert str(ROOT).encode("utf-16-le") not in assembly


def test_a_program_runs_on_the_packages(feed: pathlib.Path) -> None:
    folder = feed.parent / "program"
    folder.mkdir()
    (folder / "Program.cs").write_text(PROGRAM)
    (folder / "program.csproj").write_text(PROJECT.format(version=version(feed)).strip())
    run("dotnet", "build", "-o", str(folder / "out"), "-v", "quiet", cwd=folder)
    output = run("dotnet", str(folder / "out" / "program.dll"), cwd=folder)
    assert output.splitlines() == ["Mine-v0 4 1", "python:CartPole-v1 4 1"]


def test_the_tool_installs_and_serves_Python_s_environments(
    feed: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    settings = str(feed.parent / "nuget.config")
    run(
        "dotnet",
        "tool",
        "install",
        TOOL,
        "--version",
        version(feed),
        "--tool-path",
        str(tmp_path),
        "--configfile",
        settings,
        cwd=tmp_path,
    )
    socketgym = str(tmp_path / "socketgym")
    assert version(feed) in run(socketgym, "version", cwd=tmp_path)
    with serve(socketgym, "serve", "--port", "0", folder=tmp_path) as address:
        # The worker's sources lie in the tool's assemblies: nothing of this repository is used here.
        env = SocketGymClient("python:FrozenLake-v1", address=address, is_slippery=False)
        assert env.reset(seed=1)[0] == 0
        assert env.step(2)[0] == 1
        env.close()
