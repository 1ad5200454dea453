import Foundation
import Yams

/// A mapping of a YAML file that is read member by member; what nobody asked for is refused with its line.
struct YAMLMap {
    let source: String
    private let mapping: Node.Mapping
    private let line: Int

    /// - Parameter source: What the file is called in refusals.
    init(file text: String, source: String) throws {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch {
            throw PartnerError(Self.words(error, source))
        }
        guard let node else { throw PartnerError("\(source) is empty") }
        try self.init(node, source: source)
    }

    private init(_ node: Node, source: String) throws {
        guard let mapping = node.mapping else {
            throw PartnerError("\(Self.place(node, source)): a mapping (name: value) is expected")
        }
        self.source = source
        self.mapping = mapping
        line = node.mark?.line ?? 1
    }

    /// Where the mapping stands, for refusals.
    var place: String { "\(source), line \(line)" }

    /// Refuses members that are none of these.
    func allow(_ names: [String]) throws {
        for (key, _) in mapping {
            guard let name = key.string, !names.contains(name) else { continue }
            let list = names.joined(separator: ", ")
            throw PartnerError(
                "\(Self.place(key, source)): there is no \(name) here; there are \(list)")
        }
    }

    /// The members' names in their order.
    var names: [String] { mapping.keys.compactMap(\.string) }

    /// A text; numbers are taken as they are written.
    func text(_ name: String) throws -> String? {
        guard let node = mapping[Node(name)], node.null == nil else { return nil }
        guard let scalar = node.scalar else {
            throw PartnerError("\(Self.place(node, source)): \(name) has to be a text")
        }
        return scalar.string
    }

    /// A text that has to be there.
    func requiredText(_ name: String) throws -> String {
        guard let text = try text(name), !text.isEmpty else {
            throw PartnerError("\(place): \(name) is missing")
        }
        return text
    }

    /// An integer within bounds.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let value = Int64(text), range.contains(value) else {
            throw PartnerError(
                "\(place): \(name) has to be an integer from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return value
    }

    /// `true` or `false`.
    func boolean(_ name: String) throws -> Bool? {
        switch try text(name) {
        case nil: nil
        case "true": true
        case "false": false
        default: throw PartnerError("\(place): \(name) has to be true or false")
        }
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Word.Type
    ) throws -> Word? {
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw PartnerError("\(place): \(name) has to be one of \(words)")
        }
        return word
    }

    /// A mapping in this one.
    func map(_ name: String) throws -> YAMLMap? {
        guard let node = mapping[Node(name)], node.null == nil else { return nil }
        return try YAMLMap(node, source: source)
    }

    /// A list of mappings; empty where there is none.
    func maps(_ name: String) throws -> [YAMLMap] {
        try nodes(name).map { try YAMLMap($0, source: source) }
    }

    /// A list of texts; nil where there is none.
    func texts(_ name: String) throws -> [String]? {
        guard mapping[Node(name)] != nil else { return nil }
        return try nodes(name).map { node in
            guard let scalar = node.scalar else {
                throw PartnerError("\(Self.place(node, source)): \(name) has to list texts")
            }
            return scalar.string
        }
    }

    private func nodes(_ name: String) throws -> [Node] {
        guard let node = mapping[Node(name)], node.null == nil else { return [] }
        guard let sequence = node.sequence else {
            throw PartnerError("\(Self.place(node, source)): \(name) has to be a list")
        }
        return Array(sequence)
    }

    private static func words(_ error: any Error, _ source: String) -> String {
        guard case YamlError.duplicatedKeysInMapping(let names, let context) = error else {
            return "\(source) is no YAML: \(error)"
        }
        return
            "\(source), line \(context.mark.line): \(names.joined(separator: ", ")) is there twice"
    }

    private static func place(_ node: Node, _ source: String) -> String {
        "\(source), line \(node.mark?.line ?? 1)"
    }
}
