using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>Chooses the mailbox of an actor: by its Props, by what its class requires, or the default one.</summary>
public sealed class Mailboxes
{
    public const string DefaultMailboxId = "akka.actor.default-mailbox";
    public const string NoMailboxRequirement = "";

    private readonly ConcurrentDictionary<string, MailboxType> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, MailboxType> _byRequirement = new();
    private readonly ActorSystem _system;

    internal Mailboxes(ActorSystem system) => _system = system;

    /// <exception cref="ConfigurationException">There is no such section, or its type is no mailbox type.</exception>
    public MailboxType Lookup(string id) => _byId.GetOrAdd(id, Create);

    public bool HasRequiredType(Type actorType) => ActorShape.Of(actorType).RequiredQueue is not null;

    public MailboxType LookupByQueueType(Type queueType) => _byRequirement.GetOrAdd(queueType, Required);

    internal MailboxType Of(Props props)
    {
        if (props.Deploy.Mailbox != Deploy.NoMailboxGiven) return Lookup(props.Deploy.Mailbox);
        if (props.Deploy.Dispatcher != Deploy.NoDispatcherGiven)
        {
            Config? dispatcher = _system.Settings.Config.GetConfig(props.Deploy.Dispatcher);
            string? own = dispatcher?.GetString("mailbox-type", null);
            if (!string.IsNullOrEmpty(own)) return _byId.GetOrAdd(props.Deploy.Dispatcher, _ => Make(own, dispatcher!));
        }
        Type? required = ActorShape.Of(props.Type).RequiredQueue;
        return required is null ? Lookup(DefaultMailboxId) : LookupByQueueType(required);
    }

    // Every mailbox of ours can be put in front of, so a required deque is no reason for another one.
    private MailboxType Required(Type queueType)
    {
        string? id = null;
        foreach ((string name, string target) in Requirements())
            if (Type.GetType(name) == queueType) id = target;
        return id is null ? Lookup(DefaultMailboxId) : Lookup(id);
    }

    private IEnumerable<(string Name, string Target)> Requirements()
    {
        Config? section = _system.Settings.Config.GetConfig("akka.actor.mailbox.requirements");
        if (section is null) yield break;
        foreach ((string name, var value) in section.AsEnumerable()) yield return (name, value.GetString() ?? "");
    }

    private MailboxType Create(string id)
    {
        Config? section = _system.Settings.Config.GetConfig(id);
        if (section is null && id == "unbounded") return UnboundedMailbox.Instance;
        if (section is null)
        {
            throw new ConfigurationException(
                $"Mailbox [{id}] is not configured; add a section of that name with a `mailbox-type`.");
        }
        string? type = section.GetString("mailbox-type", null);
        if (string.IsNullOrEmpty(type)) throw new ConfigurationException($"Mailbox [{id}] has no `mailbox-type`.");
        if (id != DefaultMailboxId)
            section = section.WithFallback(_system.Settings.Config.GetConfig(DefaultMailboxId) ?? Config.Empty);
        return Make(type, section);
    }

    private MailboxType Make(string type, Config section)
    {
        Type? found = Type.GetType(type);
        if (found is null || !typeof(MailboxType).IsAssignableFrom(found))
            throw new ConfigurationException($"[{type}] is not a mailbox type that can be loaded.");
        return found == typeof(UnboundedMailbox)
            ? UnboundedMailbox.Instance
            : (MailboxType)Activator.CreateInstance(found, _system.Settings, section)!;
    }
}
