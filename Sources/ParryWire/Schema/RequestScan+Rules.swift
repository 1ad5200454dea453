extension RequestScan {
    /// Holds one value that is not null against its rule.
    mutating func check(_ index: Int, _ rule: Rule) {
        switch rule {
        case .object(let schema): object(index, schema.layout)
        case .array(let element, let count, _): array(index, element, count)
        case .integer(let range): integer(index, range)
        case .boolean: if nodes[index].kind != .boolean { report(.notBoolean) }
        default: string(index, rule)
        }
    }

    private mutating func integer(_ index: Int, _ range: ClosedRange<Int64>) {
        let node = nodes[index]
        guard node.kind == .number, node.flags.contains(.integer) else {
            return report(isWhole(node) ? .outOfRange(range) : .notInteger(range))
        }
        if !(range ~= JSONText.integer(bytes, node)) { report(.outOfRange(range)) }
    }

    /// Whether a number has no fraction and no exponent, so that it is merely too great.
    private func isWhole(_ node: JSONNode) -> Bool {
        node.kind == .number
            && bytes[Int(node.start)..<node.end].allSatisfy {
                $0 == UInt8(ascii: "-") || TextFormat.isDigit($0)
            }
    }

    private mutating func string(_ index: Int, _ rule: Rule) {
        let node = nodes[index]
        guard node.kind == .string else { return report(.notString) }
        guard !node.flags.contains(.holdsNul) else { return report(.nul) }
        guard node.flags.contains(.escaped) else {
            return text(index, JSONText.content(bytes, node), rule)
        }
        var decoded = JSONText.decode(bytes, node)
        decoded.withUTF8 { text(index, $0, rule) }
    }

    /// Judges the decoded text of the string at `index`.
    private mutating func text(
        _ index: Int, _ content: UnsafeBufferPointer<UInt8>, _ rule: Rule
    ) {
        switch rule {
        case .text(let range), .form(let range, _):
            if !(range ~= scalars(index, content)) { report(.length(range)) }
            if CardNumber.appears(in: content) { foundCardNumber(at: index) }
        case .phrase(let range):
            if !(range ~= scalars(index, content)) {
                report(.length(range))
            } else if TextFormat.isBlank(content) {
                report(.blank)
            }
            if CardNumber.appears(in: content) { foundCardNumber(at: index) }
        case .identifier(let range):
            if !(range ~= scalars(index, content)) { report(.length(range)) }
        case .known:
            let range = RequestLimits.word
            if !(range ~= scalars(index, content)) { report(.length(range)) }
        case .pattern(let pattern):
            if !TextFormat.matches(content, pattern) { report(.pattern(pattern)) }
        case .enumeration(let words):
            let isAllowed = words.contains { TextFormat.equals(content, $0) }
            if !isAllowed { report(.enumeration(words)) }
        case .email, .url:
            format(content, rule)
            if CardNumber.appears(in: content) { foundCardNumber(at: index) }
        default: format(content, rule)
        }
    }

    private mutating func format(_ content: UnsafeBufferPointer<UInt8>, _ rule: Rule) {
        switch rule {
        case .timestamp: if TimestampParser.parse(content) == nil { report(.timestamp) }
        case .currency: if Currency.exponent(of: content) == nil { report(.currency) }
        case .country: if !Country.isCode(content) { report(.country) }
        case .email: if !EmailFormat.matches(content) { report(.email) }
        case .url: if !URLFormat.matches(content) { report(.url) }
        case .ipAddress: if !AddressFormat.matches(content) { report(.ipAddress) }
        default: return
        }
    }

    private func scalars(_ index: Int, _ content: UnsafeBufferPointer<UInt8>) -> Int {
        guard nodes[index].flags.contains(.nonASCII) else { return content.count }
        return content.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// The instant a string node holds; nil when it holds none.
    static func timestamp(_ bytes: UnsafeBufferPointer<UInt8>, _ node: JSONNode) -> Timestamp? {
        guard node.flags.contains(.escaped) else {
            return TimestampParser.parse(JSONText.content(bytes, node))?.timestamp
        }
        return Timestamp(iso8601: JSONText.decode(bytes, node))
    }
}
