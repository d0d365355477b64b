using Akka.Engine;

namespace Akka.Remote.Transport.Tls;

/// <summary>
/// What waits to be encrypted: two lanes of whole frames. Records are numbered, so that nothing overtakes what is
/// encrypted: about one record of it is given to the connection below at a time, and the next when that is gone.
/// <code>
///   quiet --Add--> encrypting --a batch is below--> waiting --Drained--> encrypting
///                  encrypting --nothing left--> quiet
///                  any --Finish--> encrypting all that is left --> finished
/// </code>
/// One thread encrypts at a time: a writer's, or whoever tells that the connection below is drained.
/// </summary>
internal sealed class TlsOutbound(ITlsEncrypter encrypter)
{
    // With the frame that it ends in, most often one record (16 KB).
    private const int BatchBytes = 12 * 1024;

    // Half a second of a line of 256 kbit/s would stand before what is urgent.
    private const int SlowBatchBytes = SendPace.SlowMostBytes;

    private readonly Lock _gate = new();
    private readonly OutboundLane _urgent = new();
    private readonly OutboundLane _ordinary = new();
    private OutboundChunk? _batch;
    private bool _batchIsUrgent;
    private int _from;
    private int _until;

    // Given out in part: urgent batches come in between.
    private OutboundChunk? _begun;
    private int _gone;
    private bool _encrypting;
    private bool _isBelow;
    private bool _finishing;
    private bool _released;
    private long _queued;

    /// <summary>The connection below calls <see cref="Drained"/>. Without that everything is given to it at
    /// once.</summary>
    public bool IsTold { get; set; }

    /// <summary>Bytes that are not encrypted yet.</summary>
    public long Queued => Volatile.Read(ref _queued);

    /// <param name="frames">Whole ones.</param>
    public void Add(ReadOnlySpan<byte> frames, bool urgent)
    {
        bool waits;
        lock (_gate)
        {
            if (_finishing || _released) return;
            (urgent ? _urgent : _ordinary).Append(frames);
            _queued += frames.Length;
            waits = _encrypting || _isBelow;
            _encrypting |= !waits;
        }
        if (!waits) EncryptDue();
        else if (urgent) encrypter.Hurry();
    }

    /// <summary>All that was encrypted has left the connection below.</summary>
    public void Drained()
    {
        lock (_gate)
        {
            _isBelow = false;
            if (_encrypting || _queued == 0) return;
            _encrypting = true;
        }
        EncryptDue();
    }

    /// <summary>Takes nothing more, and gives all that is left to the connection below, which knows how long to wait for
    /// its reader.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_finishing || _released) return;
            _finishing = true;
            if (_encrypting) return;
            _encrypting = true;
        }
        EncryptDue();
    }

    /// <summary>The connection is closed; gives the buffers back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _released = true;
            if (!_encrypting) FreeLocked();
        }
    }

    private void EncryptDue()
    {
        while (TryTakeBatch())
        {
            try
            {
                if (_batchIsUrgent) encrypter.Hurry();
                encrypter.Encrypt(_batch!.Bytes.AsSpan(_from, _until - _from));
            }
            catch (Exception error) when (error is IOException or InvalidOperationException)
            {
                Release();
                encrypter.Failed();
            }
        }
    }

    private bool TryTakeBatch()
    {
        lock (_gate)
        {
            if (_batch is { } before) GoneLocked(before);
            if (_released) FreeLocked();
            else if ((!_isBelow || _finishing) && TryTakeLocked())
            {
                _isBelow = IsTold;
                return true;
            }
            _encrypting = false;
            if (_released || !_finishing) return false;
        }
        encrypter.Finished();
        return false;
    }

    private bool TryTakeLocked()
    {
        _batchIsUrgent = _urgent.TryTake(out _batch);
        if (_batchIsUrgent)
        {
            (_from, _until) = (0, _batch!.Count);
            return true;
        }
        if (_begun is null)
        {
            if (!_ordinary.TryTake(out _begun)) return false;
            _gone = 0;
        }
        (_batch, _from) = (_begun, _gone);
        int most = encrypter.IsSlow ? SlowBatchBytes : BatchBytes;
        _gone = _until = _batch.EndOfLetter(Math.Min(_from + most, _batch.Count));
        return true;
    }

    private void GoneLocked(OutboundChunk batch)
    {
        _queued -= _until - _from;
        _batch = null;
        if (batch == _begun)
        {
            if (_gone < batch.Count) return;
            _begun = null;
        }
        batch.Return();
    }

    private void FreeLocked()
    {
        _urgent.Free();
        _ordinary.Free();
        _begun?.Return();
        (_begun, _queued) = (null, 0);
    }
}
