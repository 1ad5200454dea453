internal import Crypto

/// One statement as it is sent: with `$1` places, and a name where it is prepared.
struct PreparedStatement {
    /// Made from the text, so that two sessions behind a pooler that mix up their statements still mean
    /// the same one.
    let name: String
    let text: String
    var isPrepared = true
    /// Whether this connection has to prepare it first.
    var isNew = false
}

/// The statements that a connection has prepared.
struct PreparedStatements {
    private var known: [String: PreparedStatement] = [:]
    /// 0: nothing is prepared.
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// How to send a statement; from now on it counts as prepared.
    mutating func plan(_ text: String) -> PreparedStatement {
        if let statement = known[text] { return statement }
        let translated = Self.numbered(text)
        // What is over the bound is sent unprepared: nothing that is hot is so rare.
        guard known.count < countMax else {
            return PreparedStatement(name: "", text: translated, isPrepared: false)
        }
        var statement = PreparedStatement(name: Self.name(translated), text: translated)
        known[text] = statement
        statement.isNew = true
        return statement
    }

    /// A preparation failed.
    mutating func forget(_ statement: PreparedStatement) {
        known = known.filter { $0.value.name != statement.name }
    }

    private static func name(_ text: String) -> String {
        let digest = SHA256.hash(data: Array(text.utf8)).prefix(10)
        return "parry_" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// `?` becomes `$1`, `$2` and so on; the port has no `?` in its texts otherwise.
    private static func numbered(_ text: String) -> String {
        var number = 0
        var numbered = ""
        for part in text.split(separator: "?", omittingEmptySubsequences: false) {
            if number > 0 { numbered += "$\(number)" }
            numbered += part
            number += 1
        }
        return numbered
    }
}
