import Foundation
import ParryWire

/// Sends one file, or standard input, and shows how far it is.
package struct FileSending: Sendable {
    private let environment: PartnerEnvironment
    private let feed: Feed
    private let file: String
    private let mapping: FeedMapping?
    /// Where refused records go.
    package let rejectsPath: String

    /// - Parameter file: `-` is standard input.
    package init(
        _ environment: PartnerEnvironment, _ feed: Feed, file: String, rejects: String?,
        mapping: FeedMapping?
    ) {
        self.environment = environment
        self.feed = feed
        self.file = file
        self.mapping = mapping
        rejectsPath = rejects ?? FeedFile.rejects(of: file)
    }

    /// - Parameter show: Told of the progress, several times a second where somebody watches.
    /// - Throws: `ClientError` where the platform is out of reach; run it again then.
    package func run(show: @escaping @Sendable (String) -> Void) async throws -> SendReport {
        let source = try FeedFile.open(file)
        let progress = SendProgress(bytesTotal: FeedFile.size(file))
        let rejects = try RejectFile(path: rejectsPath, input: file == "-" ? nil : file)
        let sender = try OrderSender(environment, feed, rejects: rejects, progress: progress)
        let reader = try FeedFile.reader(source, mapping, sender.target)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sender.send(reader) }
            if isatty(STDERR_FILENO) == 1 {
                group.addTask { try await Self.watch(progress, show) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        return progress.report
    }

    private static func watch(
        _ progress: SendProgress, _ show: @Sendable (String) -> Void
    ) async throws {
        defer { show("\r\u{1B}[K") }
        while !Task.isCancelled {
            show("\r\u{1B}[K" + progress.line)
            try? await ContinuousClock().sleep(for: .milliseconds(200))
        }
    }
}

/// Checks one file, or standard input, by itself.
package struct FileValidation {
    private let file: String
    private let mapping: FeedMapping?
    /// Where refused records go.
    package let rejectsPath: String

    /// - Parameter file: `-` is standard input.
    package init(file: String, rejects: String?, mapping: FeedMapping?) throws {
        self.file = file
        self.mapping = mapping
        rejectsPath = rejects ?? FeedFile.rejects(of: file)
    }

    /// Looks at every record. What was found good counts as accepted.
    package func run() throws -> SendReport {
        let rejects = try RejectFile(path: rejectsPath, input: file == "-" ? nil : file)
        rejects.begin()
        var report = SendReport()
        // Any ids do: nothing is sent.
        let target = FeedTarget(
            organisationID: OrganisationID(stored: "org_x"),
            integrationID: IntegrationID(stored: "int_x"))
        var reader = try FeedFile.reader(try FeedFile.open(file), mapping, target)
        while let item = try reader.next() {
            switch item {
            case .refused(let refusal):
                try rejects.write(refusal)
                report.invalid += 1
            case .order(let order):
                report.accepted += 1
                report.count(order.coverage)
            }
        }
        return report
    }
}

/// A file of records.
enum FeedFile {
    static func open(_ file: String) throws -> FeedSource {
        guard file != "-" else { return FeedSource(descriptor: STDIN_FILENO) }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
            !isFolder.boolValue, FileManager.default.isReadableFile(atPath: file)
        else {
            throw PartnerError("\(file) is not there, or cannot be read")
        }
        return try FeedSource(path: file)
    }

    static func reader(
        _ source: FeedSource, _ mapping: FeedMapping?, _ target: FeedTarget
    ) throws -> FeedReader {
        guard let mapping else { return FeedReader(jsonLines: source, target: target) }
        guard mapping.lacking.isEmpty else {
            throw PartnerError(
                "the mapping has nothing for \(mapping.lacking.joined(separator: ", ")), and every order needs it"
            )
        }
        return try FeedReader(csv: source, mapping: mapping, target: target)
    }

    /// nil of standard input.
    static func size(_ file: String) -> Int64? {
        guard file != "-", let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        else { return nil }
        return (attributes[.size] as? NSNumber)?.int64Value
    }

    static func rejects(of file: String) -> String {
        (file == "-" ? "stdin" : file) + ".rejects.jsonl"
    }
}
