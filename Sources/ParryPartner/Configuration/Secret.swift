import Foundation

/// A key or secret: where it comes from, and what it is. Its text is in no log and no answer.
package struct Secret: Sendable, CustomStringConvertible {
    /// Where a secret can be kept; never in the configuration itself.
    package enum Source: Sendable, Hashable {
        case environment(String)
        case file(String)
    }

    /// Where it was found.
    package let source: Source
    let text: String

    /// Never the secret.
    package var description: String {
        switch source {
        case .environment(let name): "the environment variable \(name)"
        case .file(let path): "the file \(path)"
        }
    }

    /// Where it is said to be.
    package let place: String

    /// - Throws: ``PartnerError`` where nothing is there, or a file lets others read it.
    init(_ reference: SecretReference) throws {
        source = reference.source
        place = reference.place
        switch reference.source {
        case .environment(let name):
            guard let text = ProcessInfo.processInfo.environment[name], !text.isEmpty else {
                throw PartnerError("\(place): the environment variable \(name) is not set")
            }
            self.text = Self.trimmed(text)
        case .file(let path): text = try Self.read(path, place)
        }
    }

    private static func read(_ path: String, _ place: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PartnerError("\(place): \(path) is not there, or cannot be read")
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let permissions = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard permissions & 0o077 == 0 else {
            throw PartnerError("\(place): others can read \(path); run: chmod 600 \(path)")
        }
        let text = trimmed(String(decoding: data, as: UTF8.self))
        guard !text.isEmpty else { throw PartnerError("\(place): \(path) is empty") }
        return text
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Where a configuration says that a secret is; it is read when it is needed.
struct SecretReference: Sendable {
    let source: Secret.Source
    let place: String

    /// Reads `{env: NAME}` or `{file: PATH}`.
    init(_ map: YAMLMap, folder: String) throws {
        try map.allow(["env", "file"])
        place = map.place
        switch (try map.text("env"), try map.text("file")) {
        case (let name?, nil): source = .environment(name)
        case (nil, let path?): source = .file(Paths.absolute(path, folder: folder))
        default: throw PartnerError("\(map.place): name either env: VARIABLE or file: PATH")
        }
    }
}

/// Paths of a configuration, which are relative to its own folder.
enum Paths {
    static func absolute(_ path: String, folder: String) -> String {
        let whole = path.hasPrefix("/") ? path : folder + "/" + path
        // One file has one path, so that two environments that share it are told.
        return URL(fileURLWithPath: whole).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// The folder that a file is in.
    static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}
