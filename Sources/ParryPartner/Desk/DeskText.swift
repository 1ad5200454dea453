/// Text for a terminal: without control characters, and measured in columns.
///
/// Descriptors and notes come from outside. A control character in one of them could move the cursor or recolour the
/// screen, so none gets through.
package enum DeskText {
    /// The text as a terminal shows it: each character takes one or two columns, and none does anything else.
    package static func safe(_ text: String) -> String {
        // Most text is plain, and then nothing is built.
        if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
        var shown = String.UnicodeScalarView()
        for character in text { append(character, to: &shown) }
        return String(shown)
    }

    /// How many columns a safe text takes.
    package static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// The text in exactly so many columns: cut with `…`, or filled up with spaces.
    ///
    /// - Parameter isRight: Whether it stands at the right edge, as amounts do.
    package static func fit(_ text: String, _ columns: Int, isRight: Bool = false) -> String {
        let cut = cut(text, columns)
        let fill = String(repeating: " ", count: max(0, columns - width(cut)))
        return isRight ? fill + cut : cut + fill
    }

    /// The text in at most so many columns, cut with `…`.
    package static func cut(_ text: String, _ columns: Int) -> String {
        let text = safe(text)
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var kept = ""
        var used = 0
        for character in text {
            let width = width(String(character))
            guard used + width <= columns - 1 else { break }
            kept.append(character)
            used += width
        }
        return kept + "…"
    }

    /// The text in lines of at most so many columns, broken between words; a word that is longer is broken itself.
    package static func wrap(_ text: String, _ columns: Int) -> [String] {
        guard columns > 1 else { return [cut(text, columns)] }
        var lines: [String] = []
        var line = ""
        for word in safe(text).split(separator: " ") {
            for piece in pieces(String(word), columns) {
                let joined = line.isEmpty ? piece : line + " " + piece
                if width(joined) <= columns {
                    line = joined
                } else {
                    lines.append(line)
                    line = piece
                }
            }
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }

    /// The text without spaces at its ends.
    package static func trimmed(_ text: String) -> String {
        let tail = text.drop { $0.isWhitespace }
        return String(tail.reversed().drop { $0.isWhitespace }.reversed())
    }

    private static func pieces(_ word: String, _ columns: Int) -> [String] {
        guard width(word) > columns else { return [word] }
        var pieces = [""]
        for character in word {
            if width(pieces[pieces.count - 1] + String(character)) > columns { pieces.append("") }
            pieces[pieces.count - 1].append(character)
        }
        return pieces
    }

    /// A base and its accents; sequences that terminals draw differently become their first scalar.
    private static func append(
        _ character: Character, to shown: inout String.UnicodeScalarView
    ) {
        guard let first = character.unicodeScalars.first else { return }
        guard isPlain(first) else { return shown.append("?") }
        shown.append(first)
        let accents = character.unicodeScalars.dropFirst().filter(isAccent)
        for accent in accents.prefix(2) { shown.append(accent) }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard !(0x1F1E6...0x1F1FF ~= scalar.value) else { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .nonspacingMark, .enclosingMark, .spacingMark:
            false
        default: true
        }
    }

    /// Variation selectors are marks too, and change the width.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark
            && !(0xFE00...0xFE0F ~= scalar.value) && scalar.value < 0xE0000
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.properties.generalCategory == .nonspacingMark { return 0 }
        return isWide(scalar) ? 2 : 1
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return scalar.properties.isEmojiPresentation
            || wide.contains { $0.contains(scalar.value) }
    }

    /// What Unicode's East Asian Width has as wide or full width, in whole blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF,
        0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
