using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Engine;
using Akka.Event;

namespace Akka.Dispatch;

internal sealed record DispatcherPrerequisites(
    EventStream EventStream, IScheduler Scheduler, Settings Settings, Mailboxes Mailboxes, EngineHost Host)
    : IDispatcherPrerequisites;

/// <summary>The dispatchers of an actor system, made from the configuration when an actor first needs one.</summary>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";
    public const string InternalDispatcherId = "akka.actor.internal-dispatcher";
    public const string SynchronizedDispatcherId = "akka.actor.synchronized-dispatcher";

    private readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators =
        new(StringComparer.Ordinal);

    private readonly ActorSystem _system;

    internal Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites)
    {
        _system = system;
        Prerequisites = prerequisites;
        DefaultGlobalDispatcher = Lookup(DefaultDispatcherId);
        InternalDispatcher = Lookup(InternalDispatcherId);
    }

    public IDispatcherPrerequisites Prerequisites { get; }

    public Config DefaultDispatcherConfig =>
        _system.Settings.Config.GetConfig(DefaultDispatcherId) ?? Config.Empty;

    public MessageDispatcher DefaultGlobalDispatcher { get; }

    internal MessageDispatcher InternalDispatcher { get; }

    /// <exception cref="ConfigurationException">There is no such section, or its type is none of ours.</exception>
    public MessageDispatcher Lookup(string dispatcherName) => ConfiguratorOf(dispatcherName).Dispatcher();

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || _system.Settings.Config.HasPath(id);

    /// <returns>False if there is a dispatcher of that id already.</returns>
    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) =>
        _configurators.TryAdd(id, configurator);

    private MessageDispatcherConfigurator ConfiguratorOf(string id)
    {
        if (_configurators.TryGetValue(id, out MessageDispatcherConfigurator? known)) return known;
        Config all = _system.Settings.Config;
        if (!all.HasPath(id))
        {
            throw new ConfigurationException(
                $"Dispatcher [{id}] is not configured; add a section of that name with at least a `type`.");
        }
        Config section = all.GetConfig(id) ?? Config.Empty;
        // An id may be the name of another section, so that two uses share one dispatcher by default.
        string alias = section.IsEmpty ? all.GetString(id) ?? "" : "";
        if (alias.Length > 0 && alias != id) return _configurators.GetOrAdd(id, _ => ConfiguratorOf(alias));
        Config config = ConfigurationFactory.ParseString($"id = \"{id}\"").WithFallback(section);
        if (id != DefaultDispatcherId) config = config.WithFallback(DefaultDispatcherConfig);
        return _configurators.GetOrAdd(id, _ => Create(config));
    }

    private MessageDispatcherConfigurator Create(Config config)
    {
        string type = config.GetString("type", "Dispatcher");
        switch (type)
        {
            case "ForkJoinDispatcher":
                return new ForkJoinDispatcherConfigurator(config, Prerequisites);
            case "Dispatcher":
            case "TaskDispatcher":
            case "SynchronizedDispatcher":
                return new DispatcherConfigurator(config, Prerequisites);
            case "PinnedDispatcher":
                return new PinnedDispatcherConfigurator(config, Prerequisites);
        }
        Type? found = Type.GetType(type);
        if (found is null || !typeof(MessageDispatcherConfigurator).IsAssignableFrom(found))
        {
            throw new ConfigurationException(
                $"Dispatcher [{config.GetString("id", "")}] has type [{type}]; it must be Dispatcher, PinnedDispatcher or"
                + " the name of a MessageDispatcherConfigurator with its assembly.");
        }
        return (MessageDispatcherConfigurator)Activator.CreateInstance(found, config, Prerequisites)!;
    }
}
