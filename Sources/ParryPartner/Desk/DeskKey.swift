/// A key that was pressed, or text that was pasted.
package enum DeskKey: Sendable, Hashable {
    case character(Character)
    /// Pasted text is never taken for keys, so that nothing in it can confirm anything.
    case paste(String)
    case up
    case down
    case pageUp
    case pageDown
    case home
    case end
    case enter
    case escape
    case backspace
    /// Control-C.
    case interrupt
}

/// Makes keys of the bytes that a terminal sends. A sequence may come in several pieces; an escape that is the last
/// byte of a piece is the key.
package struct DeskKeyDecoder: Sendable {
    private var waiting: [UInt8] = []
    /// What was pasted so far; nil outside of a paste.
    private var pasted: [UInt8]?

    /// More than this of one paste is left out.
    private static let pasteBytesMax = 8_192

    package init() {}

    /// The keys that are complete.
    package mutating func take(_ bytes: [UInt8]) -> [DeskKey] {
        waiting += bytes
        var keys: [DeskKey] = []
        while let (key, length) = next() {
            waiting.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// The first key and its length; nil where more bytes are needed.
    private mutating func next() -> (DeskKey?, Int)? {
        guard let first = waiting.first else { return nil }
        if pasted != nil { return paste() }
        switch first {
        case 0x1B: return escape()
        case 0x0D, 0x0A: return (.enter, 1)
        case 0x7F, 0x08: return (.backspace, 1)
        case 0x03: return (.interrupt, 1)
        case 0x00..<0x20: return (nil, 1)
        default: return character(first)
        }
    }

    private func character(_ first: UInt8) -> (DeskKey?, Int)? {
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard waiting.count >= length else { return nil }
        let text = String(validating: waiting.prefix(length), as: UTF8.self)
        return (text?.first.map { .character($0) }, length)
    }

    private mutating func escape() -> (DeskKey?, Int)? {
        guard waiting.count > 1 else { return (.escape, 1) }
        guard waiting[1] == UInt8(ascii: "[") || waiting[1] == UInt8(ascii: "O") else {
            return (.escape, 1)
        }
        guard let end = waiting.dropFirst(2).firstIndex(where: { 0x40...0x7E ~= $0 }) else {
            return nil
        }
        let sequence = String(decoding: waiting[2...end], as: UTF8.self)
        if sequence == "200~" { pasted = [] }
        return (Self.sequences[sequence], end + 1)
    }

    private static let sequences: [String: DeskKey] = [
        "A": .up, "B": .down, "H": .home, "F": .end, "5~": .pageUp, "6~": .pageDown,
        "1~": .home, "4~": .end, "7~": .home, "8~": .end, "3~": .backspace,
    ]

    /// Collects until the end of the paste, which may be cut by the end of a piece.
    private mutating func paste() -> (DeskKey?, Int)? {
        let end = Array("\u{1B}[201~".utf8)
        if waiting.starts(with: end) {
            let text = String(decoding: pasted ?? [], as: UTF8.self)
            pasted = nil
            return (.paste(text), end.count)
        }
        guard waiting.count >= end.count || !end.starts(with: waiting) else { return nil }
        if let count = pasted?.count, count < Self.pasteBytesMax { pasted?.append(waiting[0]) }
        return (nil, 1)
    }
}
