// How the write-ahead log (`-wal`) is copied into the database file.
//
// Who acts. After each commit SQLite tells the writing connection how many pages the log has. When enough of
// them are new, a round starts on a thread and a connection of its own: it copies what is in the log at that
// moment while the writer appends behind it, and syncs the file, so that no request waits for it. Only a round that
// reaches the end of the log lets the writer begin the log anew, and while writes keep coming no round beside it
// ever does. So once the log is long, no further round starts, and the first commit that finds none under way
// copies the rest itself: what was appended during the last round, or more when a reader of an old state or a
// backup held the rounds up.
//
// What a crash leaves. Every round is a passive checkpoint of SQLite's own, which waits for nobody and syncs the
// log before it writes the file. What a round that fails has written does not count as copied: the log has it
// still, and later commits try again.
//
// What must stay. A round starts only with pages in the log that nobody has copied, which this process wrote: never
// by a timer, never when idle, never in a process that has written little. SQLite before 3.51.3 (3.50.7, 3.44.6) can
// lose pages when a checkpoint of a log that is copied already begins just as a writer begins that log anew
// (sqlite.org/wal.html, "the WAL-reset bug"); while pages are left to copy, nobody can begin it anew.

internal import Dispatch
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// Keeps the log of a database file short, mostly beside the writer.
final class Checkpointer: Sendable {
    private enum Step {
        case none
        /// Copies beside the writer.
        case round
        /// Copies in the commit.
        case rest
    }

    private struct State {
        /// How many pages of the log are in the file, or were there before this process wrote.
        var copied: Int?
        var isCopying = false
        var isClosed = false
        var rounds: RoundSize

        /// What a commit is followed by that left the log with so many pages.
        mutating func step(_ pages: Int, max: Int) -> Step {
            // Before the first commit it is unknown; later the log may have been begun anew.
            let before = pages < copied ?? 0 ? 0 : copied ?? pages
            copied = before
            guard !isCopying, !isClosed, pages - before >= rounds.pages else { return .none }
            if pages < max {
                isCopying = true
                return .round
            }
            copied = pages
            return .rest
        }
    }

    private let path: String
    private let configuration: GRDB.Configuration
    private let pagesMax: Int
    private let state: Mutex<State>
    private let thread = DispatchQueue(label: "parry.database.checkpoint")
    private let connection = Mutex<DatabaseQueue?>(nil)

    /// - Parameters:
    ///   - configuration: Of the connection that copies; it is opened when it is first needed.
    ///   - rounds: New pages of the log from which on a round starts.
    ///   - pagesMax: Pages of the log from which on a commit copies the rest.
    init(path: String, _ configuration: GRDB.Configuration, rounds: RoundSize, pagesMax: Int) {
        self.path = path
        self.configuration = configuration
        state = Mutex(State(rounds: rounds))
        self.pagesMax = pagesMax
    }

    /// Hears of each commit of this connection, in place of SQLite's own checkpoints after 1,000 pages. The
    /// connection must not outlive the checkpointer.
    func watch(_ writer: GRDB.Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            writer.sqliteConnection,
            { context, connection, schema, pages in
                guard let context else { return SQLITE_OK }
                let checkpointer = Unmanaged<Checkpointer>.fromOpaque(context)
                if checkpointer.takeUnretainedValue().committed(logPages: Int(pages)) == .rest {
                    _ = sqlite3_wal_checkpoint_v2(
                        connection, schema, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                }
                return SQLITE_OK
            }, context)
    }

    /// Opens the connection that is to copy the log and remove it when it closes after all others.
    ///
    /// Where it cannot be opened the log stays, with every row in it, for the next opening.
    func openToCloseLast() {
        // Until it has read, a connection does not know of the log. Opening reads, but does not promise to.
        try? opened().read { _ = try $0.execute(sql: "PRAGMA schema_version") }
    }

    /// Waits for a round that is under way; none starts any more.
    func close() throws {
        state.withLock { $0.isClosed = true }
        try thread.sync {
            try connection.withLock { connection in
                try connection?.close()
                connection = nil
            }
        }
    }

    private func committed(logPages pages: Int) -> Step {
        let step = state.withLock { $0.step(pages, max: pagesMax) }
        if step == .round { thread.async { self.copy() } }
        return step
    }

    private func copy() {
        let started = ContinuousClock.now
        let found = try? opened().writeWithoutTransaction { connection in
            let found = try connection.checkpoint(.passive)
            Self.sync(connection)
            return found
        }
        state.withLock { state in
            state.isCopying = false
            state.rounds.took(started.duration(to: .now))
            if let found { state.copied = found.checkpointedFrameCount }
        }
    }

    /// Brings the file to the disk. SQLite does so only in the checkpoint that reaches the end of the log, and the
    /// commit that runs that one would wait for all that the rounds have written.
    private static func sync(_ connection: GRDB.Database) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(
            connection.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods else { return }
        _ = methods.pointee.xSync?(file, SQLITE_SYNC_NORMAL)
    }

    private func opened() throws -> DatabaseQueue {
        try connection.withLock { connection in
            if let connection { return connection }
            let new = try DatabaseQueue(path: path, configuration: configuration)
            connection = new
            return new
        }
    }
}

/// How many new pages of the log make a round worth while.
///
/// More pages in a round are less work, since what was changed several times is copied once; but commits may wait
/// for the disk while a round syncs the file. So rounds grow while they are short and shrink when they are long.
struct RoundSize: Sendable {
    private let range: ClosedRange<Int>
    private let aim: Duration
    private(set) var pages: Int

    /// - Parameter aim: How long a round should take.
    init(_ range: ClosedRange<Int>, aim: Duration) {
        self.range = range
        self.aim = aim
        pages = range.lowerBound
    }

    /// Hears how long a round took.
    mutating func took(_ duration: Duration) {
        let step = max(1, pages / 8)
        let wanted = duration < aim ? pages + step : pages - step
        pages = min(max(wanted, range.lowerBound), range.upperBound)
    }
}
