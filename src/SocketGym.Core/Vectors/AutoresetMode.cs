namespace SocketGym.Core.Vectors;

/// <summary>When a vector resets an environment whose episode is over: Gymnasium's <c>AutoresetMode</c>.</summary>
public enum AutoresetMode
{
    /// <summary>In the next step, which takes no action there: its reward is 0 and its observation the first of the new episode.</summary>
    NextStep,

    /// <summary>In the same step: the observation is already the first of the new episode, and the last one is in the info as <c>final_obs</c>, the last info as <c>final_info</c>.</summary>
    SameStep,

    /// <summary>Never: the caller resets with the option <c>reset_mask</c> before the next step.</summary>
    Disabled,
}
