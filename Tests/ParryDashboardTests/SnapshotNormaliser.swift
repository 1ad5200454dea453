@testable import ParryDashboard

/// Puts names in the places of what differs from run to run: ids are numbered as they first appear on their page, secrets and
/// tokens lose what is random. Times need none: the world's clock is made.
struct SnapshotNormaliser {
    private var numbers: [String: [String: Int]] = [:]
    /// The ends of ids, by which the queue shows alerts.
    private var ends: [String: Int] = [:]

    /// A page or file as it is compared.
    static func text(_ page: String) -> String {
        var normaliser = SnapshotNormaliser()
        var text = normaliser.words(page.replacing("\r\n", with: "\n"))
        for path in [Assets.stylePath, Assets.scriptPath, Assets.iconPath] {
            let parts = path.split(separator: ".", omittingEmptySubsequences: false)
            text = text.replacing(path, with: "\(parts[0]).{mark}.\(parts[2])")
        }
        text = text.replacing(#/API key …[A-Za-z0-9]{6}/#, with: "API key …{end}")
        let places: [(String, Character, String)] = [
            ("· request ", "<", "{request}"), ("<dt>Database</dt><dd>", "<", "{engine}"),
            (#"name="mark" value=""#, "\"", "{mark}"),
        ]
        for (start, end, name) in places {
            text = replace(after: start, until: end, by: name, in: text)
        }
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private static func replace(
        after start: String, until end: Character, by name: String, in text: String
    ) -> String {
        guard let range = text.firstRange(of: start) else { return text }
        let rest = text[range.upperBound...].drop { $0 != end }
        return text[..<range.upperBound] + name + rest
    }

    /// Word by word, since everything that is random is a word.
    private mutating func words(_ text: String) -> String {
        var result: [UInt8] = []
        var word: [UInt8] = []
        for byte in text.utf8 {
            if Self.isOfWord(byte) {
                word.append(byte)
            } else {
                result += named(word)
                word.removeAll(keepingCapacity: true)
                result.append(byte)
            }
        }
        return String(decoding: result + named(word), as: UTF8.self)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func named(_ word: [UInt8]) -> [UInt8] {
        guard word.count >= 8 else { return word }
        let text = String(decoding: word, as: UTF8.self)
        if let end = ends[text] { return Array("…\(end)".utf8) }
        if text.hasPrefix("SIM"), text.count == 18 { return Array("SIM{number}".utf8) }
        for (prefix, count) in [("whsec_", 43), ("sso_", 43), ("cbs_", 38)]
        where text.hasPrefix(prefix) && text.count == prefix.count + count {
            return Array("\(prefix){secret}".utf8)
        }
        let hasBothCases = text != text.lowercased() && text != text.uppercased()
        if word.count == 43, hasBothCases { return Array("{token}".utf8) }
        return Array((id(text) ?? text).utf8)
    }

    private mutating func id(_ text: String) -> String? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 22, !parts[0].isEmpty,
            parts[0].allSatisfy(\.isLowercase)
        else { return nil }
        let prefix = String(parts[0])
        let known = numbers[prefix, default: [:]]
        let number = known[text] ?? known.count + 1
        numbers[prefix, default: [:]][text] = number
        ends[String(text.suffix(8))] = number
        return "\(prefix)_\(number)"
    }
}
