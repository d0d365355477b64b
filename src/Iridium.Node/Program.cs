using Iridium.Node.Cli;

return (int)(new CommandLine(Environment.GetEnvironmentVariable, FileSettings.None).Read(args) switch
{
    Invocation.Rejected rejected => rejected.Error.Code,
    _ => ExitCode.Ok,
});
