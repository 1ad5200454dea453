import HTTPTypes
import ParryTestSupport
import Testing

@testable import ParryDashboard

@Suite("Pages and files as they were accepted")
struct SnapshotTests {
    /// In memory and on PostgreSQL, where there is one: the same pages of the same world.
    private static let engines = Engine.allCases.filter { $0 != .file }

    @Test("Every page and file is as its snapshot", arguments: engines)
    func pages(_ engine: Engine) async throws {
        let walk = try await SnapshotWalk.on(engine)
        #expect(walk.faults.isEmpty, "\(walk.faults.joined(separator: "\n"))")
        for page in walk.pages {
            if SnapshotFiles.areAccepted {
                if engine == .memory { try SnapshotFiles.write(page.text, to: page.file) }
                continue
            }
            let kept = SnapshotFiles.read(page.file) ?? ""
            guard let difference = SnapshotFiles.difference(kept, page.text) else { continue }
            Issue.record("\(page.file), \(difference)\n\(SnapshotFiles.advice)")
        }
    }

    @Test("Every snapshot is of a page, and of one alone")
    func files() async throws {
        let files = try await SnapshotWalk.on(.memory).pages.map(\.file)
        #expect(Set(files).count == files.count)
        for name in SnapshotFiles.names.subtracting(files).sorted() {
            if SnapshotFiles.areAccepted {
                try SnapshotFiles.remove(name)
            } else {
                Issue.record("\(name) is of no page. \(SnapshotFiles.advice)")
            }
        }
    }

    @Test("Every route that shows a page or a file has a snapshot")
    func routes() async throws {
        let shown = try await SnapshotWalk.on(.memory).shown
        let missing = Dashboard.routes.filter { route in
            route.method == .get && !shown.contains(route.template)
                && !Shots.withoutPage.contains(route.path)
        }
        #expect(missing.isEmpty, "a shot is missing of \(missing.map(\.path))")
    }

    @Test("Nothing on a page is escaped twice, nameless, or a value of the program")
    func sane() async throws {
        let walk = try await SnapshotWalk.on(.memory)
        for page in walk.pages where page.file.hasSuffix(".html") {
            let faults = PageFaults.all(in: page.text)
            #expect(faults.isEmpty, "\(page.file): \(faults.joined(separator: "; "))")
        }
    }
}

/// What no page of the dashboard may have.
enum PageFaults {
    private static let never = [
        "&amp;amp;", "&amp;lt;", "&amp;gt;", "&amp;quot;", "&amp;#", "Optional(", "href=\"\"",
        "action=\"\"", "aria-label=\"\"", "<h1></h1>", "<title></title>", "{{", ">nil<",
    ]

    static func all(in html: String) -> [String] {
        let texts = never.filter { html.contains($0) }
        let ids = html.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
        let doubled = Dictionary(grouping: ids, by: \.self).filter { $1.count > 1 }.keys.sorted()
        let known = Set(ids)
        let lost = html.matches(of: #/ (?:for|aria-labelledby|aria-describedby)="([^"]*)"/#)
            .flatMap { $0.1.split(separator: " ") }.map(String.init)
            .filter { !known.contains($0) }
        let ones = html.matches(of: #/[>\s(]1 ([a-z]+s)\b/#).map { "1 \($0.1)" }
            .filter { !["1 is", "1 was", "1 has"].contains($0) }
        return texts + doubled.map { "two of the id \($0)" } + lost.map { "nothing is \($0)" }
            + ones
    }
}
