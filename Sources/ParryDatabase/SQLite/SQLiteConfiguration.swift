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
    /// After how long a group of writes is committed. A group that is not full is joined by whatever waits next,
    /// and that may be a batch of a hundred orders, for which those before it would wait.
    package var groupDurationMax = Duration.milliseconds(1)
    /// How many new pages of the WAL are copied into the main file together, beside the writer: at first the
    /// fewest, then more or fewer by what a round takes.
    package var walPagesApart = 200...1_200
    /// How long a round should take. It syncs the file, and a commit at the same moment may wait for the disk as
    /// long. In a large file the pages are far from each other, so few take long; in a small one many pages were
    /// changed several times since, and a longer round copies them once.
    package var walRoundDuration = Duration.milliseconds(10)
    /// From how many pages of the WAL on a commit copies what is left of it. More would make that rarer, and the
    /// file larger; less would leave the rounds beside the writer no time.
    package var walPagesMax = 4_000
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
