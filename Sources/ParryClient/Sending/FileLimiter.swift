import Foundation
import ParryWire

/// Keeps all processes of a machine that use one owner's keys under the rate limit: they share a folder, which has a
/// small file for each endpoint.
///
/// Each request takes its place under the file's lock (`flock`), which is held for microseconds; a process that dies
/// leaves nothing locked.
public struct FileLimiter: RequestLimiter {
    private let folder: String
    private let limit: Int

    /// - Parameters:
    ///   - folder: One for each owner; it is made where it is not there.
    ///   - limit: Requests a minute to each endpoint.
    /// - Throws: ``ClientError/misused(_:)`` where the folder cannot be made.
    public init(folder: String, limit: Int = 100) throws(ClientError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .misused("The limiter's folder \(folder) cannot be made: \(Self.reason()).")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw .misused("The limiter's folder \(folder) is a file; name another one.") }
        self.folder = folder
        self.limit = limit
    }

    /// Takes the next place in an endpoint's line.
    public func reserve(_ endpoint: String) throws -> Int64 {
        let now = WallClock.milliseconds()
        return try change(endpoint) { $0.reserve(at: now) } - now
    }

    /// Keeps to what the platform says.
    public func refused(_ endpoint: String, retryAfterSeconds: Int64, limit newLimit: Int?) throws {
        let until =
            WallClock.milliseconds() + min(retryAfterSeconds, RequestPace.pauseSecondsMax) * 1_000
        try change(endpoint) { $0.refused(until: until, limit: newLimit) }
    }

    private func change<T>(_ endpoint: String, _ body: (inout RequestPace) -> T) throws -> T {
        let path = folder + "/" + String(endpoint.map { $0.isLetter || $0.isNumber ? $0 : "_" })
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ClientError.misused(
                "The limiter's file \(path) cannot be opened: \(Self.reason()).")
        }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw ClientError.misused(
                    "The limiter's file \(path) cannot be locked: \(Self.reason()).")
            }
        }
        var pace = Self.read(file, limit) ?? RequestPace(limit: limit)
        let result = body(&pace)
        Self.write(pace, file)
        return result
    }

    /// What stands before the times.
    private enum Word: Int, CaseIterable {
        case magic
        /// What the platform named; 0 where it did not.
        case limit
        case limitUntil
        case due
        case seen
    }

    /// "parrypa2".
    private static let magic: Int64 = 0x7061_7272_7970_6132

    /// What is unreadable counts as empty: the platform refuses what is too much.
    private static func read(_ file: Int32, _ limit: Int) -> RequestPace? {
        var size = stat()
        guard fstat(file, &size) == 0, 40...1_000_000 ~= size.st_size else { return nil }
        var words = [Int64](repeating: 0, count: Int(size.st_size) / 8)
        let count = words.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        let named = words[Word.limit.rawValue]
        let sent = Array(words.dropFirst(Word.allCases.count))
        let times = [words[Word.due.rawValue], words[Word.seen.rawValue]] + sent
        guard count == words.count * 8, words[Word.magic.rawValue] == magic,
            0...100_000 ~= named, times.allSatisfy({ 0...(1 << 48) ~= $0 }),
            zip(sent, sent.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        let until = words[Word.limitUntil.rawValue]
        return RequestPace(
            limit: limit,
            named: named == 0 ? nil : RequestPace.NamedLimit(limit: Int(named), until: until),
            sent: sent, due: times[0], seen: times[1])
    }

    private static func write(_ pace: RequestPace, _ file: Int32) {
        let named = [Int64(pace.named?.limit ?? 0), pace.named?.until ?? 0]
        let words = [magic] + named + [pace.due, pace.seen] + pace.sent
        words.withUnsafeBytes { bytes in
            _ = pwrite(file, bytes.baseAddress, bytes.count, 0)
            _ = ftruncate(file, off_t(bytes.count))
        }
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
