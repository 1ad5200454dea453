import Foundation
import ParryWire
import Testing

@testable import ParryPartner

@Suite("The configuration of a partner")
struct ConfigurationTests {
    private static let member = """
            url: https://api.example.com
            database: DATABASE
            key: {file: KEY}
        """

    @Test("An environment has its defaults, and paths are relative to the file")
    func defaults() throws {
        let settings = try read("  test:\n    mode: TEST\n" + members("a", "a.key"))
            .environment(nil)
        #expect(settings.rateLimit == 100)
        #expect(settings.pollSeconds == 60)
        #expect(settings.warnMinutes == [1_440, 360, 60])
        #expect(settings.database.hasSuffix("/a"))
        #expect(settings.database.hasPrefix("/"))
    }

    @Test("A member that is not known is refused with its line and those that are")
    func unknown() {
        let error = failure("  test:\n    mode: TEST\n    mod: x\n" + members("a", "k"))
        #expect(error?.contains("line 4") == true)
        #expect(error?.contains("there is no mod here") == true)
        #expect(error?.contains("rate-limit") == true)
    }

    @Test("TEST and LIVE that share a database, a key or a secret are refused")
    func shared() {
        let live = "  live:\n    mode: LIVE\n"
        let test = "  test:\n    mode: TEST\n"
        #expect(
            failure(test + members("a", "k1") + live + members("a", "k2"))?.contains("database")
                == true)
        #expect(
            failure(test + members("a", "k") + live + members("b", "k"))?.contains("key") == true)
        let secret = "    webhook-secret: {env: SECRET}\n"
        #expect(
            failure(
                test + members("a", "k1") + secret + live + members("b", "k2") + secret)?
                .contains("webhook-secret") == true)
        #expect(failure(test + members("a", "k1") + live + members("b", "k2")) == nil)
    }

    @Test("With several environments one has to be named")
    func several() throws {
        let configuration = try read(
            "  test:\n    mode: TEST\n" + members("a", "k1") + "  live:\n    mode: LIVE\n"
                + members("b", "k2"))
        #expect(throws: PartnerError.self) { try configuration.environment(nil) }
        #expect(try configuration.environment("live").mode == .live)
        #expect(throws: PartnerError.self) { try configuration.environment("other") }
    }

    @Test("A key that others can read is refused")
    func readable() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "parry-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key")
        try Data("cbs_x\n".utf8).write(to: key)
        let settings = try read("  test:\n    mode: TEST\n" + members("a", key.path)).environment(
            nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key.path)
        #expect(throws: PartnerError.self) { try settings.key() }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
        #expect(try settings.key().text == "cbs_x")
        #expect("\(try settings.key())" == "the file \(key.path)")
    }

    private func members(_ database: String, _ key: String) -> String {
        Self.member.replacing("DATABASE", with: database).replacing("KEY", with: key) + "\n"
    }

    private func read(_ environments: String) throws -> PartnerConfiguration {
        let path = FileManager.default.temporaryDirectory.appending(
            path: "parry-\(UUID().uuidString).yaml")
        try Data(("environments:\n" + environments).utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try PartnerConfiguration.read(path.path)
    }

    private func failure(_ environments: String) -> String? {
        do {
            _ = try read(environments)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
