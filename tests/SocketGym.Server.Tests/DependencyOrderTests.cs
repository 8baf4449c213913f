using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace SocketGym.Server.Tests;

/// <summary>Holds the order in which the projects may know each other, and what each may not touch.</summary>
public sealed class DependencyOrderTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["SocketGym.Core"] = [],
        ["SocketGym.Environments"] = ["SocketGym.Core"],
        ["SocketGym.Protocol"] = ["SocketGym.Core"],
        ["SocketGym.Client"] = ["SocketGym.Core", "SocketGym.Protocol"],
        ["SocketGym.Python"] = ["SocketGym.Core", "SocketGym.Protocol"],
        ["SocketGym.Hosting"] = ["SocketGym.Core", "SocketGym.Environments", "SocketGym.Protocol", "SocketGym.Python"],
        ["SocketGym.Server"] = ["SocketGym.Hosting"],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_those_below_it(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var references = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Contains(project, Allowed.Keys);
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [InlineData("SocketGym.Core", "System.Net.Sockets.Socket")]
    [InlineData("SocketGym.Core", "System.IO.File")]
    [InlineData("SocketGym.Core", "System.IO.Pipelines.PipeReader")]
    [InlineData("SocketGym.Core", "System.Diagnostics.Process")]
    [InlineData("SocketGym.Environments", "System.Net.Sockets.Socket")]
    [InlineData("SocketGym.Protocol", "System.Net.Sockets.Socket")]
    [InlineData("SocketGym.Protocol", "System.Threading.Thread")]
    [InlineData("SocketGym.Client", "System.Diagnostics.Process")]
    public void A_project_does_not_touch_what_is_not_its_own(string project, string type) => Assert.DoesNotContain(type, TypesUsedBy(project));

    [Fact]
    public void The_look_at_types_sees_what_is_used() => Assert.Contains("System.Net.Sockets.Socket", TypesUsedBy("SocketGym.Hosting"));

    private static HashSet<string> TypesUsedBy(string project)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
        using var assembly = new PEReader(file);
        var metadata = assembly.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences
                .Select(metadata.GetTypeReference)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"),
        ];
    }
}
