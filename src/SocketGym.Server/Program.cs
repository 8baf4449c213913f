using System.CommandLine;
using SocketGym.Server.Commands;

var serve = new ServeCommand();
var root = new RootCommand("Serves Gymnasium environments over a socket.")
{
    serve.Command,
    new ListCommand().Command,
    new CheckCommand().Command,
    VersionCommand.Create(),
};
// No verb means serve.
serve.AddTo(root);
return root.Parse(args).Invoke();
