namespace SocketGym.Core.Seeding;

/// <summary>Everything that determines what a <see cref="Pcg64"/> gives next.</summary>
/// <param name="State">The 128-bit state.</param>
/// <param name="Increment">The stream's 128-bit increment; odd.</param>
/// <param name="HasUInt32">Whether half of the last 64-bit draw waits for the next 32-bit draw.</param>
/// <param name="UInt32">That half; NumPy keeps its last value when none waits.</param>
public readonly record struct Pcg64State(UInt128 State, UInt128 Increment, bool HasUInt32, uint UInt32);
