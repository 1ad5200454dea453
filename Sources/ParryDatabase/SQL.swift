/// A statement, or a part of one: text with `?` placeholders and the arguments they stand for.
///
/// Written as an interpolated literal, `"SELECT id FROM alert WHERE slot = \(slot)"`. Every
/// interpolation becomes a bound parameter (see `SQL.StringInterpolation`), so no value can ever
/// change the text; only another `SQL` is spliced in. A `?` is never typed by hand.
package struct SQL: Sendable, Hashable {
    /// The statement with one `?` per argument.
    package let text: String
    /// The arguments in the order of their placeholders.
    package let arguments: [SQLValue]

    init(text: String, arguments: [SQLValue]) {
        self.text = text
        self.arguments = arguments
    }

    /// The fragment without text, neutral for `+`.
    package static let empty = SQL(text: "", arguments: [])

    /// Whether the fragment has no text.
    package var isEmpty: Bool { text.isEmpty }

    /// One fragment after the other; nothing is put between them.
    package static func + (left: SQL, right: SQL) -> SQL {
        SQL(text: left.text + right.text, arguments: left.arguments + right.arguments)
    }

    /// Appends a fragment; nothing is put before it.
    package static func += (left: inout SQL, right: SQL) {
        left = left + right
    }

    /// The fragments in order with the separator between them; the empty fragment for none.
    package static func joined(_ parts: [SQL], separator: SQL = ", ") -> SQL {
        guard var whole = parts.first.map(StringInterpolation.init) else { return .empty }
        for part in parts.dropFirst() {
            whole.appendInterpolation(separator)
            whole.appendInterpolation(part)
        }
        return SQL(stringInterpolation: whole)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    /// A fragment without arguments.
    package init(stringLiteral text: String) {
        self.init(text: text, arguments: [])
    }

    /// The fragment that a literal with interpolations stands for.
    package init(stringInterpolation: StringInterpolation) {
        self.init(text: stringInterpolation.text, arguments: stringInterpolation.arguments)
    }
}
