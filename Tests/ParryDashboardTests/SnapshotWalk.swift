import HTTPTypes
import ParryTestSupport
import Synchronization

@testable import ParryDashboard

/// One page or file of the showcase, or what a form answers.
struct Shot: Sendable {
    /// Of its file.
    let name: String
    let viewer: Showcase.Viewer
    let path: String
    let status: Int
    var deed = Deed.see
    var values: [(String, String)] = []

    enum Deed: Sendable {
        case see
        /// Sends the form that stands on this page.
        case fill(page: String)
        /// Sends a form that stands on no page that can be looked at.
        case post
    }

    /// A page or file that is looked at.
    static func see(
        _ name: String, _ viewer: Showcase.Viewer, _ path: String, _ status: Int = 200
    ) -> Shot {
        Shot(name: name, viewer: viewer, path: path, status: status)
    }

    /// What a form answers.
    ///
    /// - Parameters:
    ///   - path: Where the form leads.
    ///   - page: Where it stands.
    static func send(
        _ name: String, _ viewer: Showcase.Viewer, _ path: String, on page: String,
        _ values: [(String, String)] = [], _ status: Int = 200
    ) -> Shot {
        Shot(
            name: name, viewer: viewer, path: path, status: status, deed: .fill(page: page),
            values: values)
    }

    /// What is answered to a form that another form led to.
    static func post(
        _ name: String, _ viewer: Showcase.Viewer, _ path: String,
        _ values: [(String, String)], _ status: Int = 200
    ) -> Shot {
        Shot(
            name: name, viewer: viewer, path: path, status: status, deed: .post, values: values)
    }

    var file: String {
        for ending in [".csv", ".json"] where path.hasSuffix(ending) { return name + ending }
        return name + ".html"
    }
}

/// What all shots of the showcase showed, as it is compared.
struct SnapshotWalk: Sendable {
    private(set) var pages: [(file: String, text: String)] = []
    /// The routes that showed something, by their templates.
    private(set) var shown: Set<String> = []
    /// Answers with another status than they should have.
    private(set) var faults: [String] = []

    /// The walk on an engine, which is done once for all tests.
    static func on(_ engine: Engine) async throws -> SnapshotWalk {
        try await SnapshotWalks.shared.walk(on: engine)
    }

    fileprivate static func take(on engine: Engine) async throws -> SnapshotWalk {
        let result = Mutex<SnapshotWalk?>(nil)
        try await Showcase.run(on: engine) { showcase in
            var walk = SnapshotWalk()
            for shot in Shots.all {
                do {
                    try await walk.take(shot, of: showcase)
                } catch {
                    walk.faults.append("\(shot.file): \(error)")
                }
            }
            let done = walk
            result.withLock { $0 = done }
        }
        return result.withLock { $0 } ?? SnapshotWalk()
    }

    private mutating func take(_ shot: Shot, of showcase: Showcase) async throws {
        let path = showcase.path(shot.path, of: shot.viewer)
        let page = try await Self.page(shot, at: path, of: showcase)
        if case .see = shot.deed, page.status == 200, let template = Self.template(of: path) {
            shown.insert(template)
        }
        if page.status != shot.status {
            faults.append("\(shot.file): \(page.status), not \(shot.status), at \(path)")
        }
        pages.append((shot.file, SnapshotNormaliser.text(page.html)))
    }

    private static func page(
        _ shot: Shot, at path: String, of showcase: Showcase
    ) async throws -> Browser.Page {
        let browser = showcase.browser(shot.viewer)
        let values = shot.values.map { ($0.0, showcase.fill($0.1)) }
        switch shot.deed {
        case .see: return try await browser.get(path)
        case .fill(let page):
            showcase.clock.advance(seconds: 1)
            return try await browser.submit(
                path, on: showcase.path(page, of: shot.viewer), values)
        case .post:
            showcase.clock.advance(seconds: 1)
            return try await browser.post(path, values)
        }
    }

    /// The route that answers at a path: of several that fit, the one with the fewest parameters.
    private static func template(of path: String) -> String? {
        let parts = path.prefix { $0 != "?" }.split(separator: "/")
        let fitting = Dashboard.routes.filter { route in
            let own = route.template.split(separator: "/")
            return route.method == .get && own.count == parts.count
                && zip(own, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
        return fitting.min { left, right in
            left.template.count { $0 == ":" } < right.template.count { $0 == ":" }
        }?.template
    }
}

/// Keeps walks, so that several tests look at one.
private actor SnapshotWalks {
    static let shared = SnapshotWalks()

    private var walks: [Engine: Task<SnapshotWalk, any Error>] = [:]

    func walk(on engine: Engine) async throws -> SnapshotWalk {
        let walk = walks[engine] ?? Task { try await SnapshotWalk.take(on: engine) }
        walks[engine] = walk
        return try await walk.value
    }
}
