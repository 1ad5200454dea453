import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Sends every file that is put into a folder, one after the other by name.
package struct FolderWatch: Sendable {
    private let environment: PartnerEnvironment
    private let feed: Feed
    private let folder: String
    private let mapping: FeedMapping?
    private let interval: Duration

    package init(
        _ environment: PartnerEnvironment, _ feed: Feed, folder: String, mapping: FeedMapping?,
        every interval: Duration
    ) {
        self.environment = environment
        self.feed = feed
        self.folder = folder
        self.mapping = mapping
        self.interval = interval
    }

    /// Runs until SIGTERM; a file that is being sent then goes on with the next start.
    ///
    /// - Throws: ``PartnerError`` where the folder cannot be used.
    package func run() async throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw PartnerError("there is no folder \(folder)") }
        for name in ["done", "rejected"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder + "/" + name, withIntermediateDirectories: true)
            } catch {
                throw PartnerError(
                    "\(folder)/\(name) cannot be made; check the folder and its rights")
            }
        }
        let loop = WorkLoop("the folder", every: interval, logger: environment.logger) {
            for file in try waiting() { try await send(file) }
        }
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [loop], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: environment.logger)
        ).run()
    }

    private func waiting() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return !name.hasPrefix(".") && attributes?[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }

    /// A name that neither folder has; a file of the same name came before otherwise.
    private func free(_ name: String) -> String {
        var candidate = name
        var number = 1
        while isTaken(candidate) {
            number += 1
            candidate = "\(name).\(number)"
        }
        return candidate
    }

    private func isTaken(_ name: String) -> Bool {
        ["done/\(name)", "rejected/\(name)", "rejected/\(name).rejects.jsonl"].contains {
            FileManager.default.fileExists(atPath: folder + "/" + $0)
        }
    }

    private func move(_ name: String, to place: String) throws {
        guard rename(folder + "/" + name, folder + "/" + place) == 0 else {
            throw PartnerError(
                "\(name) cannot be moved to \(place): \(String(cString: strerror(errno)))")
        }
    }

    private func send(_ name: String) async throws {
        let kept = free(name)
        let sending = FileSending(
            environment, feed, file: folder + "/" + name,
            rejects: folder + "/rejected/" + kept + ".rejects.jsonl", mapping: mapping)
        let report: SendReport
        do {
            report = try await sending.run { _ in }
        } catch let problem as FeedProblem {
            // The file is none; the others are not to wait for it.
            environment.logger.error(
                "a file cannot be read, and is put aside",
                metadata: ["file": "\(name)", "reason": "\(problem)"])
            return try move(name, to: "rejected/" + kept)
        }
        try move(name, to: "done/" + kept)
        environment.logger.info(
            "a file was sent",
            metadata: [
                "file": "\(name)", "accepted": "\(report.accepted)", "changed": "\(report.changed)",
                "known": "\(report.known)", "refused": "\(report.invalid + report.refused)",
            ])
    }
}
