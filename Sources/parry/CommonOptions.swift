import ArgumentParser
import Configuration
import Foundation
import ParryDomain
import ParryServer
import ParryService
import ParryWire

/// Options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(
        help: """
            The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME. \
            Default: sqlite://./var/parry.db.
            """)
    var database: String?

    @Option(help: "Connections to PostgreSQL at most, of each process. Default: 10.")
    var databaseConnections: Int?

    @Option(help: "A JSON file whose members are option names.")
    var config: String?

    @Option(
        help: """
            A file with the master key, 32 bytes in base64. Default: PARRY_MASTER_KEY, or a file \
            beside an SQLite database that is made on the first start.
            """)
    var masterKeyFile: String?

    /// The settings of a command: these options and its own, over environment and file.
    func settings(_ own: [String: ConfigValue?] = [:]) async throws -> Settings {
        var given = own.compactMapValues { $0 }
        given["database"] = ConfigValue(database)
        given["database-connections"] = ConfigValue(databaseConnections)
        given["master-key-file"] = ConfigValue(masterKeyFile)
        return try await Settings(commandLine: given, file: config)
    }
}

extension ConfigValue {
    init?(_ text: String?) {
        guard let text else { return nil }
        self.init(.string(text), isSecret: false)
    }

    init?(_ number: Int?) {
        guard let number else { return nil }
        self.init(.int(number), isSecret: false)
    }

    /// A list that was given at least once.
    init?(_ texts: [String]) {
        guard !texts.isEmpty else { return nil }
        self.init(.stringArray(texts), isSecret: false)
    }

    /// A flag that was given; one that was not leaves the word to environment and file.
    init?(_ flag: Bool) {
        guard flag else { return nil }
        self.init(.bool(true), isSecret: false)
    }
}

/// Opens the platform for one command, runs it, prints its answer and closes.
///
/// - Parameter createsDatabase: Whether the command may be the first one on a new database.
func answer(
    _ settings: Settings, createsDatabase: Bool = false,
    _ command: (Platform) async throws -> (inout JSONWriter) -> Void
) async throws {
    try printLine(try await use(settings, createsDatabase: createsDatabase, command))
}

/// The same for a command whose answer is an object of the API.
func answerObject(
    _ settings: Settings, _ command: (Platform) async throws -> any WireObject
) async throws {
    let object = try await use(settings, createsDatabase: false, command)
    try printBytes(object.json(links: false) + [UInt8(ascii: "\n")])
}

/// Opens the platform for one command, runs it and closes; errors become sentences.
func use<Result>(
    _ settings: Settings, createsDatabase: Bool, _ command: (Platform) async throws -> Result
) async throws -> Result {
    let platform = try await Platform.open(settings, createsDatabase: createsDatabase)
    let note = AuditNote(commandName(), by: .command, in: nil, to: nil, clock: Platform.now)
    note.describe(commandDetail(settings))
    let result: Result
    do {
        result = try await AuditNote.$current.withValue(note) { try await command(platform) }
    } catch let error as NotFound {
        try await platform.close()
        throw Settings.Invalid("there is no such \(error.resource) in this database")
    } catch let error as WebhookURL.Refusal {
        try await platform.close()
        throw Settings.Invalid(error.rawValue)
    } catch let error as WebhookError {
        try await platform.close()
        throw Settings.Invalid(error.sentence)
    } catch {
        try await platform.close()
        throw error
    }
    try await platform.close()
    return result
}

/// What the audit log calls the command: `parry key create` is `key.create`.
private func commandName() -> String {
    CommandLine.arguments.dropFirst().prefix { !$0.hasPrefix("-") }.prefix(2)
        .joined(separator: ".")
}

/// The options of which the audit log keeps the value: names, ids and words, nothing secret and nobody's address.
private let auditedOptions = [
    "name", "mode", "partner", "group", "organisation", "all-abilities", "ability", "url", "event",
    "type", "merchant", "expires-at", "status", "note", "pause", "resume", "overlap-hours",
    "requests", "standard", "set", "endpoint", "state", "from", "to", "orders", "events",
    "attempts", "network-messages", "audit",
]

/// What the command was told, on its command line and elsewhere.
private func commandDetail(_ settings: Settings) -> String {
    settings.given(of: auditedOptions).flatMap { name, values in
        values.map { $0.isEmpty ? "--\(name)" : "--\(name) \($0)" }
    }.joined(separator: " ")
}

/// Prints one JSON object on one line of standard output.
func printLine(_ write: (inout JSONWriter) -> Void) throws {
    var json = JSONWriter()
    json.beginObject()
    write(&json)
    json.endObject()
    try printBytes(json.bytes + [UInt8(ascii: "\n")])
}

/// Prints an answer.
///
/// - Throws: ``Settings/Invalid`` where nobody takes it, as on a full disk.
func printBytes(_ bytes: [UInt8]) throws {
    do {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
        throw Settings.Invalid("the answer could not be written to standard output")
    }
}

/// An id that the operator gave.
///
/// - Throws: ``Settings/Invalid`` for a text that is no such id.
func identifier<Resource>(_ text: String, _ option: String) throws -> Identifier<Resource> {
    guard let id = Identifier<Resource>(text) else {
        throw Settings.Invalid("\(option) must be an id that begins with \(Resource.idPrefix)")
    }
    return id
}
