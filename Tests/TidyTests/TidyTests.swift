import Foundation
import Testing

/// Walks the tree and holds the house's habits (docs/architecture.md), so that nobody has to.
@Suite("Tidiness")
struct TidyTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A Swift file by its path from the root, with its lines.
    private struct Source {
        let path: String
        let lines: [String]
        var isTest: Bool { path.hasPrefix("Tests/") }
    }

    private static let sources: [Source] = ["Sources", "Tests"].flatMap { folder in
        let base = root.appending(path: folder)
        let files = FileManager.default.enumerator(atPath: base.path)?.allObjects ?? []
        return files.compactMap { $0 as? String }.filter {
            // The listings of a tutorial are no sources.
            $0.hasSuffix(".swift") && !$0.contains(".docc/")
        }.map { path in
            let text = try? String(contentsOf: base.appending(path: path), encoding: .utf8)
            return Source(
                path: "\(folder)/\(path)", lines: (text ?? "").components(separatedBy: "\n"))
        }
    }

    @Test("The tree is there to be walked")
    func walked() {
        #expect(Self.sources.count > 100)
    }

    @Test("No file is longer than anybody enjoys reading")
    func sizes() {
        for source in Self.sources {
            #expect(source.lines.count <= (source.isTest ? 600 : 400), "\(source.path)")
        }
    }

    @Test("No word that the house has banned")
    func words() {
        let banned = [
            ("Date" + "()", "the clock is a parameter"),
            ("print" + "(", "swift-log, or FileHandle"),
            ("try" + "!", "throw"), ("fatal" + "Error(", "throw"), ("as" + "! ", "as?"),
            (" Task" + " {", "a Service, or a task group"),
            ("Task.de" + "tached", "a Service, or a task group"),
            ("TO" + "DO", "an issue"), ("FIX" + "ME", "an issue"),
        ]
        // The benchmark's tool prints one line and is not part of the program.
        let shipped = Self.sources.filter { !$0.isTest && !$0.path.contains("parry-bench") }
        for source in shipped {
            for (number, line) in source.lines.enumerated() {
                for (word, instead) in banned where line.contains(word) {
                    Issue.record("\(source.path):\(number + 1): \(word): use \(instead)")
                }
            }
        }
    }

    @Test("Every public and package type and function is documented")
    func documentation() {
        let kinds = [
            "struct", "enum", "class", "actor", "protocol", "func", "static", "final", "typealias",
            "mutating", "subscript",
        ]
        for source in Self.sources where !source.isTest {
            for (number, line) in source.lines.enumerated() {
                let words = line.split(separator: " ")
                guard let access = words.first, access == "public" || access == "package",
                    words.count > 2, kinds.contains(String(words[1].prefix { $0.isLetter })),
                    !(words[1] == "static" && words[2] == "let"),
                    !Self.isDocumented(source.lines, above: number)
                else { continue }
                Issue.record("\(source.path):\(number + 1): \(line): undocumented")
            }
        }
    }

    /// A `///` above, over attributes and plain comments; members of a protocol conformance have their
    /// documentation in the protocol.
    private static func isDocumented(_ lines: [String], above number: Int) -> Bool {
        var index = number - 1
        while index >= 0 {
            let line = lines[index].trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("///") { return true }
            guard line.hasPrefix("@") || line.hasPrefix("//") else { return false }
            index -= 1
        }
        return false
    }

    @Test("Arrows between rooms point down only")
    func arrows() throws {
        let rooms = [
            "ParryWire", "ParryLog", "ParryClient", "ParryDomain", "ParryMatching",
            "ParrySimulator", "ParryDatabase", "ParryPartner", "parry-partner", "ParryStore",
            "ParryService", "ParryDelivery", "ParryNetworks", "ParryAPI",
            "ParryDashboard", "ParryServer", "parry",
        ]
        let sideways = [
            ("ParryDatabase", "ParryDomain"), ("ParryAPI", "ParryDelivery"),
            ("ParryDashboard", "ParryAPI"), ("ParryDashboard", "ParryDelivery"),
            ("ParryDashboard", "ParryNetworks"), ("ParryDashboard", "ParrySimulator"),
            ("ParryAPI", "ParryNetworks"), ("ParryNetworks", "ParryDelivery"),
            ("ParryService", "ParrySimulator"), ("ParryNetworks", "ParrySimulator"),
            ("ParryStore", "ParryMatching"), ("ParrySimulator", "ParryMatching"),
            // The partner's side has no server code, and the server none of the partner's.
            ("ParryClient", "ParryLog"), ("ParryPartner", "ParryDomain"),
            ("ParryPartner", "ParryMatching"), ("ParryPartner", "ParrySimulator"),
            ("parry-partner", "ParryDatabase"), ("parry-partner", "ParryDomain"),
            ("parry-partner", "ParryMatching"), ("parry-partner", "ParrySimulator"),
        ]
        let partnersSide = ["ParryClient", "ParryPartner"]
        for source in Self.sources where source.path.hasPrefix("Sources/") {
            let room = String(source.path.split(separator: "/")[1])
            guard let level = rooms.firstIndex(of: room) else { continue }
            for line in source.lines where line.contains("import Parry") {
                let target = String(line.split(separator: " ").last ?? "")
                let other = try #require(rooms.firstIndex(of: target), "\(source.path): \(line)")
                #expect(other < level, "\(source.path): \(line)")
                #expect(!sideways.contains { $0 == (room, target) }, "\(source.path): \(line)")
                let isOfServer = level > (rooms.firstIndex(of: "parry-partner") ?? 0)
                #expect(
                    !(isOfServer && partnersSide.contains(target)), "\(source.path): \(line)")
            }
        }
    }
}
