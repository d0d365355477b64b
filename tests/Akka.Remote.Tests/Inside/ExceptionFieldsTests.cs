using System.Collections.Immutable;
using System.ComponentModel;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;

namespace Akka.Remote.Tests.Inside;

// These formatter-era members are obsolete in .NET, and are what a node of Akka.NET makes exceptions with.
#pragma warning disable SYSLIB0050, SYSLIB0051, CS0672

/// <summary>
/// Whatever exception is written, a node of Akka.NET can make the type that it is told of: its serialization constructor,
/// called as such a node does, finds all that it reads.
/// </summary>
public sealed class ExceptionFieldsTests : IDisposable
{
    private static readonly string[] Standard =
    [
        "ClassName", "Message", "Data", "InnerException", "HelpURL", "StackTraceString", "RemoteStackTraceString",
        "RemoteStackIndex", "ExceptionMethod", "HResult", "Source", "WatsonBuckets", "TargetSite",
    ];

    private readonly ExtendedActorSystem _system =
        (ExtendedActorSystem)ActorSystem.Create("exceptions", "akka.loglevel = OFF");

    private readonly ExceptionCodec _codec;

    public ExceptionFieldsTests() => _codec = new ExceptionCodec(_system);

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Fact]
    public void Every_exception_of_the_framework_that_can_be_made_is_made_again_there()
    {
        Assembly[] assemblies =
        [
            typeof(object).Assembly, typeof(Win32Exception).Assembly, typeof(SocketException).Assembly,
            typeof(HttpRequestException).Assembly, typeof(JsonException).Assembly,
            typeof(System.Xml.XmlException).Assembly, typeof(System.Data.DataException).Assembly,
            typeof(ImmutableArray).Assembly, typeof(InvalidDataException).Assembly,
            typeof(System.Security.Cryptography.CryptographicException).Assembly,
            typeof(System.Text.RegularExpressions.Regex).Assembly, typeof(ActorSystem).Assembly,
            typeof(RemoteException).Assembly,
        ];
        int made = 0, rebuilt = 0;
        foreach (Type type in assemblies.SelectMany(assembly => assembly.GetExportedTypes()))
        {
            if (!typeof(Exception).IsAssignableFrom(type) || Make(type) is not { } exception) continue;
            made++;
            WireException wire = _codec.Write(exception);
            Type sent = exception.GetType();
            while (!wire.TypeName.StartsWith(sent.FullName + ",", StringComparison.Ordinal)) sent = sent.BaseType!;
            Assert.False(sent.IsAbstract, $"{type} went out as {sent}");
            if (Rebuild(sent, wire) is not { } again) continue;
            rebuilt++;
            Assert.Contains("went wrong", again.Message, StringComparison.Ordinal);
            // All that this very type writes of itself is there.
            if (Make(sent) is not { } same) continue;
            string written = string.Join(',', wire.CustomFields.Keys.Order());
            Assert.Equal((sent, string.Join(',', Entries(same))), (sent, written));
        }

        Assert.True(made > 150, $"{made} made");
        Assert.True(rebuilt > 100, $"{rebuilt} made again");
    }

    public static TheoryData<string, Exception> Known => new()
    {
        { "ParamName=p", new ArgumentException("m", "p") },
        { "ParamName=", new ArgumentException("m") },
        { "ParamName=p", new ArgumentNullException("p", "m") },
        { "ActualValue=5,ParamName=p", new ArgumentOutOfRangeException("p", 5, "m") },
        { "ActualValue=,ParamName=p", new ArgumentOutOfRangeException("p", "m") },
        { "ObjectName=o", new ObjectDisposedException("o", "m") },
        { "TypeName=T", new TypeInitializationException("T", null) },
        { "FileNotFound_FileName=f,FileNotFound_FusionLog=", new FileNotFoundException("m", "f") },
        { "FileLoad_FileName=f,FileLoad_FusionLog=", new FileLoadException("m", "f") },
        { "BadImageFormat_FileName=f,BadImageFormat_FusionLog=", new BadImageFormatException("m", "f") },
        { "NativeErrorCode=7", new Win32Exception(7, "m") },
        { "NativeErrorCode=0", new SocketException(0) },
        { "", new InvalidOperationException("m") },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Fields_are_written_as_the_runtime_writes_them_and_the_message_stays(string fields, Exception exception)
    {
        WireException wire = _codec.Write(exception);

        IEnumerable<string> written = wire.CustomFields.Keys.Order().Select(key => $"{key}={Value(wire, key)}");
        SerializationInfo info = Info(exception);
        IEnumerable<string> runtime =
            Entries(exception).Select(key => $"{key}={info.GetValue(key, typeof(object))}");
        Assert.Equal(fields, string.Join(',', written));
        Assert.Equal(fields, string.Join(',', runtime));
        Assert.Equal(exception.Message, Rebuild(exception.GetType(), wire)!.Message);
        if (exception is ArgumentException argument)
        {
            var read = (ArgumentException)_codec.Read(wire)!;
            Assert.Equal((argument.GetType(), argument.Message, argument.ParamName),
                (read.GetType(), read.Message, read.ParamName));
        }

        if (exception is not ObjectDisposedException disposed) return;
        ObjectDisposedException again = Assert.IsType<ObjectDisposedException>(_codec.Read(wire));
        Assert.Equal((disposed.ObjectName, disposed.Message), (again.ObjectName, again.Message));
    }

    [Fact]
    public void What_writes_more_goes_out_as_what_it_derives_from_and_says_what_it_was()
    {
        WireException wire = _codec.Write(new Talkative("m", new TimeoutException("late")));

        Assert.Equal("System.InvalidOperationException, System.Private.CoreLib", wire.TypeName);
        Assert.Equal($"{typeof(Talkative).FullName}: m", wire.Message);
        Assert.Equal("late", wire.InnerException.Message);
        Assert.Empty(wire.CustomFields);
    }

    [Fact]
    public void Of_an_aggregate_the_first_cause_is_kept()
    {
        Exception read = _codec.Read(_codec.Write(
            new AggregateException(new TimeoutException("first"), new IOException("second"))))!;

        Assert.Equal(typeof(Exception), read.GetType());
        Assert.Contains("System.AggregateException", read.Message, StringComparison.Ordinal);
        Assert.Contains("second", read.Message, StringComparison.Ordinal);
        Assert.Equal("first", Assert.IsType<TimeoutException>(read.InnerException).Message);
    }

    [Fact]
    public void A_stranger_that_is_passed_on_says_what_it_said()
    {
        WireException wire = _codec.Write(new ArgumentException("m", "p", new TimeoutException("late")));
        wire.TypeName = "Far.Away.OwnException, Far.Away";
        wire.StackTrace = "   at Far.Away.Out()";

        RemoteException stranger = Assert.IsType<RemoteException>(_codec.Read(wire));

        Assert.Equal("Far.Away.OwnException", stranger.TypeName);
        Assert.Equal(wire, _codec.Write(stranger));
    }

    [Fact]
    public void A_refused_type_is_told_of_once()
    {
        WireTypes types = _system.Serialization.WireTypes;

        Assert.True(types.IsFirstRefusal("Far.Away.A, Far.Away"));
        Assert.False(types.IsFirstRefusal("Far.Away.A, Far.Away"));
        for (int i = 0; i < 1000; i++) types.IsFirstRefusal($"Far.Away.A{i}, Far.Away");
        Assert.False(types.IsFirstRefusal("Far.Away.B, Far.Away"));
    }

    private object? Value(WireException wire, string key) =>
        new WrappedPayload(_system).Unwrap(wire.CustomFields[key]);

    private static Exception? Make(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters) return null;
        try
        {
            if (type.GetConstructor([typeof(string)]) is { } brief && brief.GetParameters()[0].Name == "message")
                return (Exception)brief.Invoke(["went wrong"]);
            return type.GetConstructor([typeof(string), typeof(Exception)]) is { } full
                ? (Exception)full.Invoke(["went wrong", new TimeoutException("late")])
                : null;
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static SerializationInfo Info(Exception exception)
    {
        var info = new SerializationInfo(exception.GetType(), new FormatterConverter());
        ((ISerializable)exception).GetObjectData(info, new StreamingContext(StreamingContextStates.All));
        return info;
    }

    private static IEnumerable<string> Entries(Exception exception)
    {
        List<string> names = [];
        foreach (SerializationEntry entry in Info(exception)) names.Add(entry.Name);
        return names.Except(Standard).Order();
    }

    /// <summary>As a node of Akka.NET does it; null for a type without such a constructor.</summary>
    private Exception? Rebuild(Type type, WireException wire)
    {
        ConstructorInfo? constructor = type.GetConstructor(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
            [typeof(SerializationInfo), typeof(StreamingContext)]);
        if (constructor is null) return null;
        var info = new SerializationInfo(type, new FormatterConverter());
        info.AddValue("ClassName", wire.TypeName);
        info.AddValue("Message", wire.Message);
        info.AddValue("InnerException", null, typeof(Exception));
        info.AddValue("HelpURL", "");
        info.AddValue("StackTraceString", wire.StackTrace);
        info.AddValue("RemoteStackTraceString", "");
        info.AddValue("RemoteStackIndex", 0);
        info.AddValue("ExceptionMethod", "");
        info.AddValue("HResult", int.MinValue);
        info.AddValue("Source", wire.Source);
        foreach (string name in wire.CustomFields.Keys) info.AddValue(name, Value(wire, name));
        return (Exception)constructor.Invoke([info, new StreamingContext(StreamingContextStates.All)]);
    }

    public sealed class Talkative(string message, Exception inner) : InvalidOperationException(message, inner)
    {
        public override void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            base.GetObjectData(info, context);
            info.AddValue("More", 1);
        }
    }
}
