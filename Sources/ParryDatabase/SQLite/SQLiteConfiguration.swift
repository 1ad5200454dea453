/// Where an SQLite database lives.
package enum SQLiteLocation: Sendable, Hashable {
    /// In memory, gone with its `SQLiteDatabase`; reads and writes share one connection.
    case memory
    /// In a file, next to which SQLite keeps `-wal` and `-shm`.
    case file(String)
}

/// The sizes and times of an SQLite database; the defaults are measured ones.
package struct SQLiteConfiguration: Sendable {
    /// How many reads run at the same time.
    package var readerCount = 4
    /// How many milliseconds a statement waits for another process's lock before `busy`.
    package var busyTimeoutMilliseconds = 5_000
    /// How many writes may wait; one more is refused as `overloaded`.
    package var writersWaitingMax = 10_000
    /// After how many changed rows a group of writes is committed.
    package var groupRowsMax = 2_000
    /// After how long a group of writes is committed.
    package var groupDurationMax = Duration.milliseconds(4)
    /// From how many WAL pages on a commit copies them into the main file. More would write faster on
    /// the whole, but every request that meets such a commit waits for it: with a million orders stored,
    /// 4,000 pages held single orders up for more than 50 ms.
    package var walAutocheckpointPages = 1_000
    /// To how many bytes the WAL file is cut back when it is begun anew.
    package var walSizeLimitBytes = 67_108_864
    /// The most the writer caches, in KiB; memory is taken only with use.
    package var writerCacheKiB = 32_768
    /// The most each reader caches, in KiB; memory is taken only with use.
    package var readerCacheKiB = 8_192

    /// The measured defaults.
    package init() {}
}

/// What the writing connection answers when it is asked for its settings.
package struct SQLiteSettings: Sendable, Hashable {
    /// 2 is FULL: a commit returns after its fsync.
    package let synchronous: Int64
    /// Whether foreign keys are enforced.
    package let foreignKeys: Bool
    /// `wal` for a file, `memory` in memory.
    package let journalMode: String
    /// From how many WAL pages on a commit checkpoints.
    package let walAutocheckpointPages: Int64
}

/// What the writer did since the opening, and what waits for it.
package struct SQLiteStatistics: Sendable, Hashable {
    /// COMMITs that succeeded.
    package var commits = 0
    /// Writes that were answered with success.
    package var writes = 0
    /// Writes that were refused as `overloaded`.
    package var refused = 0
    /// Writes that wait for their group at this moment.
    package var waiting = 0
}
