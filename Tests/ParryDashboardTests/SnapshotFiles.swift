import Foundation

/// The snapshots as they are kept beside the tests, and how a page differs from its own.
enum SnapshotFiles {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Snapshots")

    /// Whether what is shown now is taken to be right.
    static let areAccepted =
        ProcessInfo.processInfo.environment["PARRY_ACCEPT_SNAPSHOTS"].map { $0 != "0" } ?? false

    static let advice =
        "If that is as it should be: PARRY_ACCEPT_SNAPSHOTS=1 swift test --filter SnapshotTests"

    /// The names of what is kept.
    static var names: Set<String> {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return Set(all.filter { !$0.hasPrefix(".") })
    }

    /// nil for none.
    static func read(_ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    static func write(_ text: String, to name: String) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    static func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: folder.appending(path: name))
    }

    /// The first lines that differ, with some before them; nil where nothing differs.
    static func difference(_ kept: String, _ shown: String) -> String? {
        guard kept != shown else { return nil }
        let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
        let new = shown.split(separator: "\n", omittingEmptySubsequences: false)
        let start = zip(old, new).prefix { $0 == $1 }.count
        // The lines behind it that are the same again.
        let rest = min(old.count, new.count) - start
        let end = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let column = common(old.dropFirst(start).first, new.dropFirst(start).first)
        func lines(_ all: [Substring], _ sign: String) -> [String] {
            let changed = all[start..<max(start, all.count - end)]
            let more = changed.count > 6 ? ["\(sign) … \(changed.count - 6) lines more"] : []
            return changed.prefix(6).map { "\(sign) \(clip($0, at: column))" } + more
        }
        let before = old[max(0, start - 2)..<start].map { "  \(clip($0, at: 0))" }
        return (["line \(start + 1):"] + before + lines(old, "-") + lines(new, "+"))
            .joined(separator: "\n")
    }

    /// How many characters two lines begin with that are the same.
    private static func common(_ old: Substring?, _ new: Substring?) -> Int {
        zip(old ?? "", new ?? "").prefix { $0 == $1 }.count
    }

    /// What stands around a column of a line, which can be long.
    private static func clip(_ line: Substring, at column: Int) -> String {
        let skipped = max(0, column - 60)
        let shown = line.dropFirst(skipped).prefix(240)
        return (skipped > 0 ? "…" : "") + shown
            + (line.count > skipped + shown.count ? "…" : "")
    }
}
