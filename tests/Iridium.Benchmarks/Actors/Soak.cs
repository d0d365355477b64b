using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Iridium.Benchmarks.Actors;

/// <summary>The world of the soak: wards with patients, each ward watching its own, and senders from
/// outside.</summary>
internal static class Soak
{
    private const int Wards = 100;

    public sealed record Outcome(long Sent, long Restarts, long Deaths, double Growth);

    /// <param name="judgesMemory">False where other things in the process come and go too.</param>
    public static Outcome Run(int actors, int senders, TimeSpan span, int seed, bool judgesMemory = true)
    {
        Ledger ledger = new();
        ActorSystem system = ActorSystem.Create("soak", ConfigurationFactory.ParseString(
            "akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }"));
        IActorRef letters = system.ActorOf(Props.Create(() => new LetterCounter(ledger)));
        letters.Ask<string>("ready").Wait();
        IActorRef[] wards = new IActorRef[Wards];
        for (int number = 0; number < Wards; number++)
        {
            wards[number] = system.ActorOf(Props.Create(() => new Ward(ledger, actors / Wards)), $"ward-{number}");
        }
        foreach (IActorRef ward in wards) ward.Ask<string>("ready").Wait();

        Stopwatch clock = Stopwatch.StartNew();
        Send(wards, ledger, senders, span / 4, seed);
        Quiet(ledger);
        long early = GC.GetTotalMemory(forceFullCollection: true);
        Send(wards, ledger, senders, span - clock.Elapsed, seed + 1);
        Quiet(ledger);
        long late = GC.GetTotalMemory(forceFullCollection: true);

        foreach (IActorRef ward in wards) ward.Ask<string>("check", TimeSpan.FromMinutes(1)).Wait();
        if (!system.Terminate().Wait(TimeSpan.FromMinutes(2))) throw new InvalidOperationException("The system did not end.");
        ledger.ThrowIfBroken();
        double growth = late / (double)early;
        if (judgesMemory && growth > 1.2) throw new InvalidOperationException($"Memory grew from {early:N0} to {late:N0} bytes.");
        return new Outcome(ledger.Sent, ledger.Restarts, ledger.Deaths, growth);
    }

    // Every sender numbers its messages per ward; the ward passes them on, so order and completeness show there.
    private static void Send(IActorRef[] wards, Ledger ledger, int senders, TimeSpan span, int seed)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Thread[] crew = [.. Enumerable.Range(0, senders).Select(sender => new Thread(() =>
        {
            Random random = new(seed * 100 + sender);
            while (clock.Elapsed < span)
            {
                for (int burst = 0; burst < 200; burst++)
                {
                    Interlocked.Increment(ref ledger.Sent);
                    wards[random.Next(wards.Length)].Tell(new Dose(sender, random.Next(), (Effect)random.Next(100)));
                }
                // The senders are faster than what they torment; the queue must not be what fills the memory.
                SpinWait.SpinUntil(() => ledger.Sent - Volatile.Read(ref ledger.Settled) < 200_000 || clock.Elapsed > span);
            }
        }))];
        foreach (Thread thread in crew) thread.Start();
        foreach (Thread thread in crew) thread.Join();
    }

    private static void Quiet(Ledger ledger)
    {
        if (SpinWait.SpinUntil(() => Volatile.Read(ref ledger.Settled) == Volatile.Read(ref ledger.Sent),
            TimeSpan.FromMinutes(1)))
            return;
        throw new InvalidOperationException($"Of {ledger.Sent:N0} messages {ledger.Settled:N0} were settled: some were lost or doubled.");
    }

    /// <summary>What must come out even.</summary>
    internal sealed class Ledger
    {
        public long Sent;
        public long Settled;
        public long Restarts;
        public long Deaths;
        private string? _broken;

        public void Broken(string what) => Interlocked.CompareExchange(ref _broken, what, null);

        public void ThrowIfBroken()
        {
            if (_broken is not null) throw new InvalidOperationException(_broken);
        }
    }

    internal enum Effect
    {
        // The numbers are hundredths of all messages; everything else just counts.
        Crash = 0,
        CrashAgain = 1,
        Stop = 2,
        Pill = 3,
    }

    internal sealed record Dose(int Sender, int Target, Effect Effect);

    internal sealed record Pass(Dose Dose, long Number);

    /// <summary>A letter that reached nobody alive is settled too: it was not lost, it was told of.</summary>
    private sealed class LetterCounter : ReceiveActor
    {
        public LetterCounter(Ledger ledger)
        {
            Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
            Receive<DeadLetter>(letter =>
            {
                if (letter.Message is Pass or Dose) Interlocked.Increment(ref ledger.Settled);
            });
            Receive<string>(_ => Sender.Tell("ready"));
        }
    }

    private sealed class Ward : ReceiveActor
    {
        private const Effect FrailCrashes = (Effect)30;

        private readonly Ledger _ledger;
        private readonly Dictionary<IActorRef, long> _patients = [];
        private readonly List<IActorRef> _beds = [];

        public Ward(Ledger ledger, int beds)
        {
            _ledger = ledger;
            for (int bed = 0; bed < beds; bed++) _beds.Add(Admit());
            Receive<Dose>(Give);
            Receive<Terminated>(Replace);
            Receive<string>(text => text == "check", _ =>
            {
                if (_patients.Count != _beds.Count) _ledger.Broken($"{Self} has {_patients.Count} patients in {_beds.Count} beds.");
                Sender.Tell("checked");
            });
            Receive<string>(_ => Sender.Tell("ready"));
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(Chart.RestartsAllowed, (int)Chart.Window.TotalMilliseconds, failure =>
            failure is TimeoutException ? Directive.Resume : Directive.Restart, loggingEnabled: false);

        private void Give(Dose dose)
        {
            // One bed in each ward gets every eighth dose, and crashes far oftener than its parent allows.
            bool isFrail = dose.Target % 8 == 0;
            IActorRef patient = _beds[isFrail ? 0 : dose.Target % _beds.Count];
            if (isFrail && dose.Effect is > Effect.Pill and < FrailCrashes) dose = dose with { Effect = Effect.Crash };
            patient.Tell(new Pass(dose, _patients[patient]++));
            if (dose.Effect == Effect.Stop) Context.Stop(patient);
            if (dose.Effect == Effect.Pill) patient.Tell(PoisonPill.Instance);
        }

        private void Replace(Terminated death)
        {
            Interlocked.Increment(ref _ledger.Deaths);
            if (!_patients.Remove(death.ActorRef)) _ledger.Broken($"{death.ActorRef} died twice.");
            int bed = _beds.IndexOf(death.ActorRef);
            if (bed >= 0) _beds[bed] = Admit();
        }

        private IActorRef Admit()
        {
            Chart chart = new();
            IActorRef patient = Context.Watch(Context.ActorOf(Props.Create(() => new Patient(_ledger, chart))));
            _patients.Add(patient, 0);
            return patient;
        }
    }

    /// <summary>When a patient was restarted; outlives the actor object, not the reference.</summary>
    private sealed class Chart
    {
        public const int RestartsAllowed = 3;

        // Two windows that meet may hold twice the number. Each restart is seen after it was decided and before the next one
        // is, so of one more than that, and one for the delay, the first and the last are a whole window apart.
        private const int Telling = 2 * RestartsAllowed + 2;

        public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

        private readonly Queue<long> _restarts = [];

        public bool RestartedTooOften()
        {
            long now = Stopwatch.GetTimestamp();
            _restarts.Enqueue(now);
            return _restarts.Count == Telling && Stopwatch.GetElapsedTime(_restarts.Dequeue(), now) < Window;
        }
    }

    private sealed class Patient : ReceiveActor
    {
        private readonly Ledger _ledger;
        private readonly Chart _chart;
        private long _expected = -1;

        public Patient(Ledger ledger, Chart chart)
        {
            _ledger = ledger;
            _chart = chart;
            Receive<Pass>(pass =>
            {
                Interlocked.Increment(ref _ledger.Settled);
                // After a restart the count begins with whatever comes first.
                if (_expected >= 0 && pass.Number != _expected)
                    _ledger.Broken($"{Self} got number {pass.Number} instead of {_expected}.");
                _expected = pass.Number + 1;
                if (pass.Dose.Effect == Effect.Crash) throw new InvalidOperationException("crash");
                if (pass.Dose.Effect == Effect.CrashAgain) throw new TimeoutException("crash, to be resumed");
            });
        }

        protected override void PostRestart(Exception reason)
        {
            Interlocked.Increment(ref _ledger.Restarts);
            if (_chart.RestartedTooOften()) _ledger.Broken($"{Self} was restarted more often than its parent allows.");
            base.PostRestart(reason);
        }
    }
}
