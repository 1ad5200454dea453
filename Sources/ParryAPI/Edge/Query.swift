import HTTPTypes
import ParryStore
import ParryWire

/// The query of a request, read strictly: what cannot be read is 400, what is read but not allowed is 422
/// (CONTRACT.md 1.2). Parameters that an endpoint does not know are ignored.
struct Query {
    private var values: [String: String] = [:]
    /// The names that the endpoint's documentation lists.
    private let declared: Set<String>

    /// - Throws: 400 for a bad percent escape, malformed UTF-8, or a parameter given twice.
    init(_ text: String?, declared: [ParameterDeclaration]) throws(Problem) {
        self.declared = Set(declared.map(\.name))
        guard let text, !text.isEmpty else { return }
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.last ?? pair)
            else { throw Self.unreadable("a parameter has a bad percent escape") }
            guard values.updateValue(parts.count == 2 ? value : "", forKey: name) == nil else {
                throw Self.unreadable("\(Self.printable(name)) is given twice")
            }
        }
    }

    /// `limit` and `offset` (amendment 1).
    func page() throws(Problem) -> Page {
        let limit = try integer(PageParameter.limit.name) ?? Int64(RequestLimits.pageDefault)
        let offset = try integer(PageParameter.offset.name) ?? 0
        guard RequestLimits.page.contains(Int(clamping: limit)) else {
            throw Problem(field: "limit", code: "OUT_OF_RANGE", "limit must be from 1 to 1000")
        }
        guard offset >= 0 else {
            throw Problem(field: "offset", code: "OUT_OF_RANGE", "offset must be 0 or more")
        }
        return Page(limit: Int(limit), offset: offset)
    }

    /// The value of a declared parameter.
    subscript<Value>(_ parameter: Parameter<Value>) -> Value {
        get throws(Problem) { try parameter.read(self) }
    }

    /// What was sent for a parameter. Reading one that is not documented is a mistake of the handler.
    private func value(_ name: String) -> String? {
        assert(declared.contains(name), "\(name) is read but not among the endpoint's parameters.")
        return values[name]
    }

    /// A text as sent, if it was sent.
    ///
    /// - Throws: 422 for one that is longer than any stored text of its kind.
    func text(_ name: String) throws(Problem) -> String? {
        guard let text = value(name) else { return nil }
        guard text.unicodeScalars.count <= RequestLimits.name.upperBound else {
            throw Problem(
                field: name, code: "INVALID_LENGTH", "\(name) must have at most 255 characters")
        }
        return text
    }

    /// An id. One that cannot exist is looked for like any other and not found, so that the rest of the query
    /// is read first (amendment 15).
    func id<Resource>(_ name: String) -> Identifier<Resource>? {
        value(name).map { Identifier<Resource>($0) ?? Identifier(stored: $0) }
    }

    /// - Throws: 400 for what is neither `true` nor `false`.
    func boolean(_ name: String) throws(Problem) -> Bool? {
        switch value(name) {
        case nil: return nil
        case "true"?: return true
        case "false"?: return false
        default: throw Self.unreadable("\(name) must be true or false")
        }
    }

    /// A word of an enumeration.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) throws(Problem) -> Word? {
        guard let text = value(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(field: name, code: "INVALID_VALUE", "\(name) must be one of \(words)")
        }
        return word
    }

    /// `sort`: a field of the enumeration, with `-` in front for descending.
    func sort<Field>(
        _ parameter: SortParameter<Field>
    ) throws(Problem) -> (Field, SortDirection) {
        guard let text = value("sort") else { return (parameter.standard, .descending) }
        let isDescending = text.hasPrefix("-")
        guard let field = Field(rawValue: isDescending ? String(text.dropFirst()) : text) else {
            let fields = Field.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                field: "sort", code: "INVALID_VALUE",
                "sort must be one of \(fields), with - in front for descending")
        }
        return (field, isDescending ? .descending : .ascending)
    }

    /// A range of times, both ends included; an end without a fraction covers its whole second
    /// (amendment 11).
    func range(
        _ parameter: RangeParameter
    ) throws(Problem) -> (from: Timestamp?, to: Timestamp?) {
        let from = try timestamp(parameter.from)
        let to = try timestamp(parameter.to)
        let end = to.map { $0.hasFraction ? $0.timestamp : $0.timestamp.adding(milliseconds: 999) }
        if let start = from?.timestamp, let end, start > end {
            throw Problem(
                field: parameter.from, code: "OUT_OF_RANGE",
                "\(parameter.from) must not be later than \(parameter.to)")
        }
        return (from?.timestamp, end)
    }

    private func timestamp(
        _ name: String
    ) throws(Problem) -> (timestamp: Timestamp, hasFraction: Bool)? {
        guard let text = value(name) else { return nil }
        guard let parsed = Timestamp.parse(text) else {
            throw Self.unreadable("\(name) must be an ISO 8601 time such as 2026-02-17T10:30:00Z")
        }
        return parsed
    }

    /// - Throws: 400 for what is no whole number, 422 for one beyond 64 bits.
    private func integer(_ name: String) throws(Problem) -> Int64? {
        guard let text = value(name) else { return nil }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Self.unreadable("\(name) must be a number")
        }
        guard let integer = Int64(text) else {
            throw Problem(field: name, code: "OUT_OF_RANGE", "\(name) is too great")
        }
        return integer
    }

    private static func unreadable(_ reason: String) -> Problem {
        Problem(.badRequest, .invalidRequest, "The query cannot be read: \(reason).")
    }

    private static func printable(_ name: String) -> String {
        name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") } ? name : "a parameter"
    }

    private static func decode(_ text: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard let byte = Hex.decode(digits)?.first else { return nil }
                bytes.append(byte)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            default: bytes.append(character)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
