using SocketGym.Core.Errors;
using SocketGym.Protocol.Tests.Vectors;

namespace SocketGym.Protocol.Tests.Errors;

public class ErrorTableTests
{
    [Fact]
    public void The_document_and_the_enum_name_the_same_codes_in_the_same_order()
    {
        var documented = File.ReadLines(Path.Combine(VectorFile.RepositoryRoot, "docs", "protocol.md"))
            .SkipWhile(line => !line.StartsWith("## 6. ", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.Equal(Enum.GetNames<ErrorCode>(), documented);
    }
}
