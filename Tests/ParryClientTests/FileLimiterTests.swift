import Foundation
import Testing

@testable import ParryClient

@Suite("A limit that processes share")
struct FileLimiterTests {
    /// A folder of its own for a test, gone afterwards.
    private static func inFolder(_ test: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "parry-limiter-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try test(folder.path)
    }

    /// The one file that an endpoint has.
    private static func file(in folder: String) throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return URL(filePath: folder).appending(path: try #require(names.first))
    }

    @Test("Two on one folder share the limit")
    func shared() throws {
        try Self.inFolder { folder in
            let first = try FileLimiter(folder: folder, limit: 10)
            let second = try FileLimiter(folder: folder, limit: 10)
            for limiter in [first, second, first, second, first, second, first, second, first] {
                #expect(try limiter.reserve("GET /v1/alerts") == 0)
            }
            // One in a hundred, at least one, is left to clocks that differ.
            for limiter in [second, first] {
                #expect(try limiter.reserve("GET /v1/alerts") > 40_000)
            }
        }
    }

    @Test("Endpoints have a limit each")
    func endpoints() throws {
        try Self.inFolder { folder in
            let limiter = try FileLimiter(folder: folder)
            for _ in 0..<11 { _ = try limiter.reserve("GET /v1/alerts") }
            for other in ["GET /v1/alerts/{}", "PATCH /v1/alerts/{}", "GET /v1/orders"] {
                #expect(try limiter.reserve(other) == 0)
            }
        }
    }

    @Test("Threads that ask at once get a place each")
    func atOnce() throws {
        try Self.inFolder { folder in
            let limiter = try FileLimiter(folder: folder)
            DispatchQueue.concurrentPerform(iterations: 200) { _ in
                _ = try? limiter.reserve("GET /v1/alerts")
            }
            // 99 are for the first minute and 99 for the second one.
            #expect(try limiter.reserve("GET /v1/alerts") >= 110_000)
        }
    }

    @Test(
        "A refusal and the limit that it names are for all of them, and for those that come later")
    func refused() throws {
        try Self.inFolder { folder in
            let first = try FileLimiter(folder: folder)
            let second = try FileLimiter(folder: folder)
            try first.refused("GET /v1/alerts", retryAfterSeconds: 30, limit: 10)
            let wait = try second.reserve("GET /v1/alerts")
            #expect((20_000...30_000).contains(wait))
            let third = try FileLimiter(folder: folder, limit: 1_000)
            // Nine a minute, whatever it was told itself.
            #expect(try third.reserve("GET /v1/alerts") >= wait + 3_000)
        }
    }

    @Test("A limit that was configured anew counts from the next request on")
    func otherLimit() throws {
        try Self.inFolder { folder in
            let before = try FileLimiter(folder: folder, limit: 1)
            _ = try before.reserve("GET /v1/alerts")
            let after = try FileLimiter(folder: folder, limit: 100)
            #expect(try after.reserve("GET /v1/alerts") < 60_000)
        }
    }

    private static let garbageFiles: [[UInt8]] = [
        Array("this is no file of a limiter, but some text".utf8), [1, 2, 3],
        [UInt8](repeating: 0, count: 4_096), [UInt8](repeating: 0xFF, count: 4_096),
        [0, 0, 0, 0, 0, 0, 0, 0x80] + [UInt8](repeating: 0, count: 24),
        [100, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0x80] + [UInt8](repeating: 7, count: 80),
        [UInt8](repeating: 0x7F, count: 2_000_000),
    ]

    @Test("A file of garbage counts as empty", arguments: garbageFiles.indices)
    func garbage(_ index: Int) throws {
        try Self.inFolder { folder in
            let limiter = try FileLimiter(folder: folder, limit: 10)
            _ = try limiter.reserve("GET /v1/alerts")
            try Data(Self.garbageFiles[index]).write(to: Self.file(in: folder))
            for _ in 0..<9 { #expect(try limiter.reserve("GET /v1/alerts") == 0) }
            #expect(try (40_000...60_000).contains(limiter.reserve("GET /v1/alerts")))
        }
    }

    @Test("Nobody else may read the folder and its files")
    func modes() throws {
        try Self.inFolder { folder in
            _ = try FileLimiter(folder: folder).reserve("GET /v1/alerts")
            for path in [folder, try Self.file(in: folder).path] {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
                #expect(((mode as? NSNumber)?.intValue ?? 0o777) & 0o077 == 0)
            }
        }
    }

    @Test("A folder that cannot be made or written is named by the error")
    func unwritable() throws {
        try Self.inFolder { folder in
            let missing = folder + "/not/there"
            let unmade = try #require(throws: ClientError.self) {
                _ = try FileLimiter(folder: missing)
            }
            #expect("\(unmade)".contains(missing) && "\(unmade)".contains("No such file"))
            // Root writes everywhere, so a file stands where the folder should be.
            try Data().write(to: URL(filePath: folder))
            let error = try #require(throws: ClientError.self) {
                _ = try FileLimiter(folder: folder).reserve("GET /v1/alerts")
            }
            #expect("\(error)".contains(folder) && "\(error)".contains("is a file"))
        }
    }

    @Test("A limiter of a process gives the same places")
    func process() {
        let limiter = ProcessLimiter(limit: 10)
        for _ in 0..<9 { #expect(limiter.reserve("GET /v1/alerts") == 0) }
        #expect((40_000...60_000).contains(limiter.reserve("GET /v1/alerts")))
        #expect(limiter.reserve("GET /v1/orders") == 0)
        limiter.refused("GET /v1/events", retryAfterSeconds: 30, limit: nil)
        #expect((20_000...30_000).contains(limiter.reserve("GET /v1/events")))
    }

    @Test("A wait longer than any clock can tell does not stop the program")
    func absurdWait() throws {
        let limiter = ProcessLimiter(limit: 100)
        limiter.refused("GET /v1/alerts", retryAfterSeconds: .max, limit: .max)
        #expect(limiter.reserve("GET /v1/alerts") >= 0)
        try Self.inFolder { folder in
            let limiter = try FileLimiter(folder: folder)
            try limiter.refused("GET /v1/alerts", retryAfterSeconds: .max, limit: .max)
            #expect(try limiter.reserve("GET /v1/alerts") >= 0)
        }
    }
}
