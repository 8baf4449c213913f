namespace SocketGym.Core.Checking;

/// <summary>What <see cref="EnvironmentChecker"/> looks at; each finding names one.</summary>
public enum Rule
{
    /// <summary>A space is missing.</summary>
    SpaceMissing,

    /// <summary>A space is another object each time it is asked for, so that seeding it is forgotten.</summary>
    SpaceChanges,

    /// <summary>A Tuple or Dict space is empty.</summary>
    EmptySpace,

    /// <summary>The lower and the upper bound of an element of a Box are equal.</summary>
    EqualBounds,

    /// <summary>A Box has an infinite bound.</summary>
    InfiniteBounds,

    /// <summary>A Box of actions is not within -1 and 1, or not symmetric.</summary>
    ActionsNotNormalized,

    /// <summary>A call throws that must not.</summary>
    CallFails,

    /// <summary>An observation has another type or dtype than the space describes.</summary>
    ObservationType,

    /// <summary>An observation of the right type is not in the space.</summary>
    ObservationOutOfSpace,

    /// <summary>An <c>info</c> is no dictionary.</summary>
    InfoType,

    /// <summary>The same seed gives other results.</summary>
    NotReproducible,

    /// <summary>What a caller, or another environment, does to memory changes what an environment returned or goes on with.</summary>
    AliasedObservation,

    /// <summary>An action of the action space is refused.</summary>
    ActionRefused,

    /// <summary>A reward is no real number.</summary>
    RewardType,

    /// <summary>A reward is infinite or NaN.</summary>
    RewardNotFinite,

    /// <summary><c>terminated</c> or <c>truncated</c> is no boolean.</summary>
    FlagType,

    /// <summary>An episode is truncated after its first step.</summary>
    TruncatedAtOnce,

    /// <summary>The metadata lack the render modes or the frames per second, or have them with another type.</summary>
    RenderMetadata,

    /// <summary>The render mode is none of those in the metadata.</summary>
    RenderModeUndeclared,

    /// <summary>A render mode returns another type, dtype or shape than it stands for.</summary>
    RenderType,
}
