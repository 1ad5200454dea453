/// JSON as people read it: the same text with lines and indents.
enum JSONText {
    /// Changes only the white space between the parts of a well-formed text.
    static func indented(_ text: some StringProtocol) -> String {
        var result = ""
        var depth = 0
        var isInString = false
        var isEscaped = false
        var previous: Character = " "
        for character in text {
            if isInString {
                result.append(character)
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInString = false
                }
            } else {
                append(character, after: previous, &depth, to: &result)
                isInString = character == "\""
            }
            if isInString || !character.isWhitespace { previous = character }
        }
        return result
    }

    private static func append(
        _ character: Character, after previous: Character, _ depth: inout Int,
        to result: inout String
    ) {
        switch character {
        case "{", "[":
            breakAfterOpening(previous, depth, &result)
            depth += 1
            result.append(character)
        case "}", "]":
            depth -= 1
            if previous != "{", previous != "[" { newLine(depth, &result) }
            result.append(character)
        case ",":
            result.append(character)
            newLine(depth, &result)
        case ":": result += ": "
        case " ", "\n", "\r", "\t": break
        default:
            breakAfterOpening(previous, depth, &result)
            result.append(character)
        }
    }

    private static func breakAfterOpening(
        _ previous: Character, _ depth: Int, _ result: inout String
    ) {
        if previous == "{" || previous == "[" { newLine(depth, &result) }
    }

    private static func newLine(_ depth: Int, _ result: inout String) {
        result += "\n" + String(repeating: "  ", count: max(0, depth))
    }
}
