using SocketGym.Core.Environments;
using SocketGym.Core.Errors;
using SocketGym.Core.Values;
using SocketGym.Protocol.Messages;

namespace SocketGym.Protocol.Tests.Messages;

public class SpecDescriptionTests
{
    [Fact]
    public void A_spec_survives_with_all_of_its_fields()
    {
        var spec = new EnvironmentSpec("CartPole-v1")
        {
            EntryPoint = "gymnasium.envs.classic_control.cartpole:CartPoleEnv",
            RewardThreshold = 475.0,
            Nondeterministic = true,
            MaxEpisodeSteps = 500,
            OrderEnforce = false,
            DisableEnvChecker = true,
            Kwargs = new() { ["sutton_barto_reward"] = true },
        };

        Assert.Equal(spec, SpecDescription.FromValue(SpecDescription.ToValue(spec)));
    }

    [Fact]
    public void A_spec_of_defaults_survives()
    {
        var spec = new EnvironmentSpec("Name-v0");

        Assert.Equal(spec, SpecDescription.FromValue(SpecDescription.ToValue(spec)));
        Assert.Null(SpecDescription.FromValue(SpecDescription.ToValue(null)));
    }

    [Fact]
    public void An_entry_that_is_missing_or_of_another_kind_is_malformed()
    {
        var description = SpecDescription.ToValue(new EnvironmentSpec("Name-v0")).AsDict();
        foreach (var (name, _) in description)
        {
            var lacking = new ValueDictionary();
            var wrong = new ValueDictionary();
            foreach (var (key, value) in description)
            {
                wrong.Add(key, key == name ? Value.List() : value);
                if (key != name)
                    lacking.Add(key, value);
            }
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => SpecDescription.FromValue(lacking)).Code);
            Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => SpecDescription.FromValue(wrong)).Code);
        }
        Assert.Equal(ErrorCode.MalformedMessage, Assert.Throws<SocketGymException>(() => SpecDescription.FromValue("Name-v0")).Code);
    }

    [Fact]
    public void A_reward_threshold_may_come_as_an_int()
    {
        var description = SpecDescription.ToValue(new EnvironmentSpec("Taxi-v4")).AsDict();
        description["reward_threshold"] = 8;

        Assert.Equal(8.0, SpecDescription.FromValue(description)!.RewardThreshold);
    }
}
