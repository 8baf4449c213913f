using System.Diagnostics;
using System.Text;
using SocketGym.Hosting;
using SocketGym.Python.Interpreters;
using Xunit.Abstractions;

namespace SocketGym.Client.Tests;

/// <summary>Compiles and runs every C# program of the documentation against a live server: one project for all of them.</summary>
public sealed class SnippetTests(ITestOutputHelper log) : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <UseAppHost>false</UseAppHost>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{0}" />
          </ItemGroup>
        </Project>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socketgym");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_program_of_the_documentation_compiles_and_runs()
    {
        using var server = SocketGymHost.CreateBuilder()
            .AddBuiltInEnvironments()
            .AddPython(new PythonInterpreterOptions { Command = PythonForTests.Command })
            .Listen("tcp://127.0.0.1:0")
            .Build();
        server.Start();
        var address = server.Addresses[0].ToString();

        var names = WritePrograms(address);
        Assert.Contains("README_md.Program1", names);
        File.WriteAllText(Path.Combine(_folder.FullName, "Main.cs"), ProgramOf(names));
        File.WriteAllText(Path.Combine(_folder.FullName, "snippets.csproj"), Project.Replace("{0}", Path.Combine(AppContext.BaseDirectory, "SocketGym.*.dll"), StringComparison.Ordinal));

        await RunAsync(address, "build", "-c", "Release", "-v", "quiet", "-p:UseSharedCompilation=false", "-o", Path.Combine(_folder.FullName, "out"));
        var output = await RunAsync(address, Path.Combine(_folder.FullName, "out", "snippets.dll"));
        log.WriteLine(output);
        Assert.Equal(names, output.Split('\n').Where(line => line.StartsWith("ran ", StringComparison.Ordinal)).Select(line => line[4..]));
    }

    [Theory]
    [InlineData("Lander.cs")]
    [InlineData("Program.cs")]
    public void The_tutorial_shows_the_simulator_as_it_is(string file)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tutorials", "dotnet-engineer.md"));
        Assert.Contains($"```csharp\n{File.ReadAllText(Path.Combine(Repository.Root, "examples", "csharp-simulator", file))}```", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_s_directives_come_first_and_its_types_last()
    {
        const string Page = "Text\n\n```csharp\nusing A;\nF();\nclass X\n{\n    int y;\n}\n```\nand\n```csharp\nG();\n```\n```python\nusing()\n```\n```csharp\nusing B;\nH();\n```\n";
        var programs = CSharpSnippets.Read(Page);
        Assert.Equal(["using A;\nF();\nclass X\n{\n    int y;\n}\nG();\n", "using B;\nH();\n"], programs);
        var lines = CSharpSnippets.ToClass(programs[0], "Page", "Program1").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        int[] order = [lines.IndexOf("using A;"), lines.IndexOf("F();"), lines.IndexOf("G();"), lines.IndexOf("class X"), lines.IndexOf("int y;")];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
    }

    // One file a program, named for its page. The addresses that a page names become those of the test.
    private List<string> WritePrograms(string address)
    {
        var names = new List<string>();
        string[] folders = [Repository.Root, Path.Combine(Repository.Root, "docs"), .. Directory.GetDirectories(Path.Combine(Repository.Root, "src"))];
        var pages = folders.SelectMany(folder => Directory.GetFiles(folder, "*.md", folder.EndsWith("docs", StringComparison.Ordinal) ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly));
        foreach (var page in pages.Order(StringComparer.Ordinal))
        {
            var programs = CSharpSnippets.Read(File.ReadAllText(page));
            var pageName = Path.GetRelativePath(Repository.Root, page).Replace('.', '_').Replace('-', '_').Replace(Path.DirectorySeparatorChar, '_');
            for (var index = 0; index < programs.Count; index++)
            {
                var program = programs[index].Replace("tcp://127.0.0.1:65432", address, StringComparison.Ordinal)
                    // A server that runs until it is told to stop would keep the next program waiting.
                    .Replace(".Build().Run();", ".Build().Start();", StringComparison.Ordinal);
                var (file, name) = ($"{pageName}{index + 1}.cs", $"Program{index + 1}");
                File.WriteAllText(Path.Combine(_folder.FullName, file), CSharpSnippets.ToClass(program, pageName, name));
                names.Add($"{pageName}.{name}");
            }
        }
        return names;
    }

    private static string ProgramOf(IEnumerable<string> names)
    {
        var calls = new StringBuilder();
        // The address is for those that serve.
        foreach (var name in names)
            calls.AppendLine($"await {name}.RunAsync([\"tcp://127.0.0.1:0\"]);").AppendLine($"Console.WriteLine(\"ran {name}\");");
        return calls.ToString();
    }

    private async Task<string> RunAsync(string address, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["SOCKETGYM_ADDRESS"] = address;
        // A compiler or build node left for the next build would keep the output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        if (PythonForTests.Command is { } python)
            start.Environment[PythonInterpreter.Variable] = python;
        using var process = Process.Start(start)!;
        // Programs that wait for Enter find the end of their input.
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }
}
