using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace SocketGym.Benchmarks.Micro;

/// <summary>Steps of single environments a second, in millions, where environments are stepped.</summary>
internal sealed class StepsPerSecond : IColumn
{
    public string Id => nameof(StepsPerSecond);

    public string ColumnName => "M env-steps/s";

    public string Legend => "Millions of steps of single environments a second";

    public bool AlwaysShow => true;

    public bool IsNumeric => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        double environments = benchmarkCase.Descriptor.Type == typeof(VectorSteps)
            ? (int)benchmarkCase.Parameters[nameof(VectorSteps.Count)]
            : benchmarkCase.Descriptor.Type == typeof(NativeSteps) ? 1 : 0;
        var nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Mean;
        return environments > 0 && nanoseconds is { } time ? (environments * 1_000 / time).ToString("F1", CultureInfo.InvariantCulture) : "-";
    }
}
