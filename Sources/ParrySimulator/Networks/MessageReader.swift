import ParryWire

/// A part of a message with its path, such as `outcomes[3]`.
package struct MessagePart: Sendable {
    let value: JSONValue
    let path: String
}

/// Reads a message strictly and collects everything that is wrong with it, so that one answer names
/// it all.
///
/// Our simulator is the conformance checker of the platform's networks: a member that NETWORKS.md
/// does not know is a fault, and so is one that it knows and that is not there. No fault repeats a
/// value.
package struct MessageReader: Sendable {
    /// What is wrong, each with its path; at most ``SimulatorLimits/faultsNamedMax``.
    package private(set) var faults: [String] = []

    /// A reader that has found nothing yet.
    package init() {}

    /// Notes a fault of a member; without a name, of the part itself.
    mutating func fault(_ part: MessagePart, _ name: String, _ what: String) {
        note(part.path.isEmpty || name.isEmpty ? part.path + name : "\(part.path).\(name)", what)
    }

    private mutating func note(_ path: String, _ what: String) {
        guard faults.count < SimulatorLimits.faultsNamedMax else { return }
        faults.append("\(path.isEmpty ? "the body" : path) \(what)")
    }

    /// The outermost object, or nil when the body is none.
    ///
    /// - Parameter members: Those that it may have; nil when it may have others.
    mutating func root(_ body: [UInt8], members: [String]?) -> MessagePart? {
        do {
            let part = MessagePart(value: try JSONDocument.parse(body).root, path: "")
            guard part.value.kind == .object else {
                note("", "is no object")
                return nil
            }
            if let members { only(part, members: members) }
            return part
        } catch {
            note("", "is no JSON: \(error.reason)")
            return nil
        }
    }

    /// Notes members that nobody knows, and those that occur twice.
    mutating func only(_ part: MessagePart, members: [String]) {
        var seen: Set<String> = []
        for (name, _) in part.value.members {
            if !seen.insert(name).inserted { fault(part, name, "is given twice") }
            if !members.contains(name) { fault(part, "", "has a member that is not known") }
        }
    }

    /// The elements of a list; each of them has to be an object.
    mutating func list(
        _ part: MessagePart, _ name: String, count: ClosedRange<Int>
    ) -> [MessagePart] {
        let elements = elements(part, name, count: count)
        for element in elements where element.value.kind != .object {
            fault(element, "", "is no object")
        }
        return elements.filter { $0.value.kind == .object }
    }

    /// The elements of a list, whatever they are.
    mutating func elements(
        _ part: MessagePart, _ name: String, count: ClosedRange<Int>
    ) -> [MessagePart] {
        guard let value = part.value[name], value.kind == .array else {
            fault(part, name, "is no list")
            return []
        }
        guard count.contains(value.count) else {
            fault(part, name, "has to have \(count.lowerBound) to \(count.upperBound) elements")
            return []
        }
        let path = part.path.isEmpty ? name : "\(part.path).\(name)"
        return value.elements.enumerated().map { number, value in
            MessagePart(value: value, path: "\(path)[\(number)]")
        }
    }

    /// A text of so many characters.
    mutating func text(
        _ part: MessagePart, _ name: String, _ length: ClosedRange<Int>
    ) -> String? {
        guard let text = part.value[name]?.string else {
            fault(part, name, "is no text")
            return nil
        }
        guard length.contains(text.count) else {
            fault(part, name, "has to have \(length.lowerBound) to \(length.upperBound) characters")
            return nil
        }
        return text
    }

    /// A text of so many characters, or null; the member has to be there.
    mutating func textOrNull(
        _ part: MessagePart, _ name: String, _ length: ClosedRange<Int>
    ) -> String? {
        guard let value = part.value[name] else {
            fault(part, name, "is not there; without a value it is null")
            return nil
        }
        return value.isNull ? nil : text(part, name, length)
    }

    /// One of a closed set of words.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ part: MessagePart, _ name: String
    ) -> Word? {
        if let word = part.value[name]?.string.flatMap(Word.init(rawValue:)) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        fault(part, name, "is none of \(words)")
        return nil
    }
}
