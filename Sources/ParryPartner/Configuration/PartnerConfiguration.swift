import Foundation
import ParryWire

/// The configuration file: an environment for TEST and one for LIVE, which share nothing.
package struct PartnerConfiguration: Sendable {
    /// By their names.
    package let environments: [EnvironmentSettings]

    /// Reads a file.
    ///
    /// - Throws: ``PartnerError`` that names file and line.
    package static func read(_ path: String) throws -> PartnerConfiguration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PartnerError(
                "there is no configuration at \(path); write one (docs/partner-guide.md), or name it with "
                    + "--config")
        }
        let map = try YAMLMap(
            file: String(decoding: data, as: UTF8.self),
            source: URL(fileURLWithPath: path).lastPathComponent)
        try map.allow(["environments"])
        guard let listed = try map.map("environments"), !listed.names.isEmpty else {
            throw PartnerError("\(map.place): environments has to name at least one")
        }
        let folder = Paths.folder(of: path)
        let environments = try listed.names.map { name in
            guard let map = try listed.map(name) else {
                throw PartnerError("\(listed.place): \(name) is empty")
            }
            return try EnvironmentSettings(name, map, folder: folder)
        }
        try Separation.check(environments)
        let hidden = environments.flatMap(\.secretNames)
        return PartnerConfiguration(
            environments: environments.map { environment in
                var environment = environment
                environment.hiddenNames = hidden
                return environment
            })
    }

    /// The environment of this name, or the only one.
    package func environment(_ name: String?) throws -> EnvironmentSettings {
        let names = environments.map(\.name).joined(separator: ", ")
        guard let name else {
            guard environments.count == 1 else {
                throw PartnerError("say which environment with --env; there are \(names)")
            }
            return environments[0]
        }
        guard let found = environments.first(where: { $0.name == name }) else {
            throw PartnerError("there is no environment \(name); there are \(names)")
        }
        return found
    }
}

/// TEST and LIVE share nothing: not a key, a secret, or a database.
enum Separation {
    static func check(_ environments: [EnvironmentSettings]) throws {
        for (index, left) in environments.enumerated() {
            for right in environments[(index + 1)...] {
                guard left.database != right.database else {
                    throw PartnerError(
                        "\(left.name) and \(right.name) have the same database; give each its own")
                }
                guard left.mode != right.mode else { continue }
                try differ(left, right, "key", \.keySource)
                try differ(left, right, "webhook-secret", \.secretSource)
            }
        }
    }

    private static func differ(
        _ left: EnvironmentSettings, _ right: EnvironmentSettings, _ what: String,
        _ source: (EnvironmentSettings) -> Secret.Source?
    ) throws {
        guard let one = source(left), one == source(right) else { return }
        throw PartnerError(
            "\(left.name) is TEST and \(right.name) LIVE or the other way round, and both take their "
                + "\(what) from the same place; TEST and LIVE share nothing")
    }
}
