import Foundation
import ParryWire
import Yams

/// Reads the YAML of a mapping node by node, so that each mistake has its line.
struct FeedMappingReading {
    private(set) var separator = UInt8(ascii: ",")
    private(set) var constants: [FeedMapping.Constant] = []
    private(set) var columns: [FeedMapping.Column] = []

    private static let keys = ["separator", "constants", "columns"]

    mutating func read(_ yaml: String) throws(FeedProblem) {
        guard let root = try Self.compose(yaml) else {
            throw FeedProblem("The mapping is empty. It needs `columns`.")
        }
        for (key, value) in try Self.members(root, "The mapping") {
            switch try Self.text(key, "A key of the mapping") {
            case "separator": separator = try Self.separator(value)
            case "constants": try readConstants(value)
            case "columns": try readColumns(value)
            case let name: throw Self.unknown(name, key, Self.keys)
            }
        }
        guard !columns.isEmpty else {
            throw FeedProblem("The mapping has no `columns`: the header's names and their members.")
        }
        if !constants.contains(where: { $0.target.text == "type" }),
            !columns.contains(where: { $0.targets.contains { $0.text == "type" } })
        {
            let type = try FeedPath.find("type", line: nil)
            constants.append(FeedMapping.Constant(target: type, value: "COMPLETE", line: nil))
        }
    }

    private static func compose(_ yaml: String) throws(FeedProblem) -> Node? {
        do {
            return try Yams.compose(yaml: yaml)
        } catch {
            throw problem(error)
        }
    }

    /// Without the snippet of the file that Yams would show.
    private static func problem(_ error: any Error) -> FeedProblem {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            FeedProblem("The mapping is no YAML: \(problem).", line: mark.line)
        case .duplicatedKeysInMapping(let names, let context):
            FeedProblem(
                "\(names.joined(separator: ", ")) stands twice. Give each key once.",
                line: context.mark.line)
        default: FeedProblem("The mapping is no YAML in UTF-8.")
        }
    }

    private static func separator(_ node: Node) throws(FeedProblem) -> UInt8 {
        switch try text(node, "separator") {
        case ",": return UInt8(ascii: ",")
        case ";": return UInt8(ascii: ";")
        case "\t", "\\t", "tab": return UInt8(ascii: "\t")
        default:
            throw FeedProblem("separator is \",\", \";\" or tab.", line: node.mark?.line)
        }
    }

    private mutating func readConstants(_ node: Node) throws(FeedProblem) {
        for (key, value) in try Self.members(node, "constants") {
            let name = try Self.text(key, "A name among the constants")
            constants.append(
                FeedMapping.Constant(
                    target: try FeedPath.find(name, line: key.mark?.line),
                    value: try Self.text(value, "The constant \(name)"), line: key.mark?.line))
        }
    }

    private mutating func readColumns(_ node: Node) throws(FeedProblem) {
        for (key, value) in try Self.members(node, "columns") {
            let name = try Self.text(key, "A name among the columns")
            let column = try FeedColumnReading(name, value)
            columns.append(
                FeedMapping.Column(
                    name: name, targets: column.targets, reading: column.reading,
                    line: key.mark?.line))
        }
    }

    static func members(_ node: Node, _ name: String) throws(FeedProblem) -> Node.Mapping {
        guard case .mapping(let mapping) = node else {
            throw FeedProblem("\(name) has to be keys with values.", line: node.mark?.line)
        }
        return mapping
    }

    /// The text of a scalar as it stands: `no`, `1` and `2026-01-01` are texts here.
    static func text(_ node: Node, _ name: String) throws(FeedProblem) -> String {
        guard case .scalar(let scalar) = node, scalar.style != .plain || !scalar.string.isEmpty
        else {
            throw FeedProblem("\(name) has to be one value.", line: node.mark?.line)
        }
        return scalar.string
    }

    static func unknown(_ name: String, _ node: Node, _ known: [String]) -> FeedProblem {
        let near = FeedPath.nearest(to: name, among: known).map { "Did you mean \($0)?" }
        return FeedProblem(
            "There is no key \(name.prefix(FeedLimits.nameShown)) here. "
                + (near ?? "There are: " + known.joined(separator: ", ")), line: node.mark?.line)
    }
}

/// What a mapping says of one column: a member's name, or keys of which `to` is one.
struct FeedColumnReading {
    private(set) var targets: [FeedPath] = []
    private(set) var reading = FeedMapping.Reading()

    private static let keys = ["to", "as", "zone", "currency", "decimal", "words"]

    init(_ name: String, _ node: Node) throws(FeedProblem) {
        guard case .mapping(let mapping) = node else {
            try readTargets(node)
            return
        }
        for (key, value) in mapping {
            let option = try FeedMappingReading.text(key, "A key of the column \(name)")
            guard Self.keys.contains(option) else {
                throw FeedMappingReading.unknown(option, key, Self.keys)
            }
            try read(option, value)
        }
        guard !targets.isEmpty else {
            throw FeedProblem(
                "The column \(name) needs `to`: the member that it feeds.", line: node.mark?.line)
        }
        try checkOptions(name, node.mark?.line)
    }

    private mutating func read(_ option: String, _ node: Node) throws(FeedProblem) {
        guard option != "to" else { return try readTargets(node) }
        guard option != "words" else { return try readWords(node) }
        let text = try FeedMappingReading.text(node, option)
        switch option {
        case "as": reading.form = try Self.form(text, node)
        case "zone": reading.zone = try Self.zone(text, node)
        case "currency": reading.currency = text
        default:
            guard text == "," || text == "." else {
                throw FeedProblem("decimal is \",\" or \".\".", line: node.mark?.line)
            }
            reading.decimal = text.utf8.first
        }
    }

    private mutating func readTargets(_ node: Node) throws(FeedProblem) {
        let nodes: [Node] = if case .sequence(let list) = node { Array(list) } else { [node] }
        for node in nodes {
            let text = try FeedMappingReading.text(node, "`to`")
            targets.append(try FeedPath.find(text, line: node.mark?.line))
        }
    }

    private mutating func readWords(_ node: Node) throws(FeedProblem) {
        for (key, value) in try FeedMappingReading.members(node, "words") {
            let cell = try FeedMappingReading.text(key, "A word")
            guard !cell.trimmingBlanks.isEmpty else {
                throw FeedProblem(
                    "An empty cell is left out. Give its value as a constant instead.",
                    line: key.mark?.line)
            }
            reading.words.append(
                FeedMapping.Word(
                    cell: String(cell.trimmingBlanks),
                    value: try FeedMappingReading.text(value, "The value of a word")))
        }
    }

    private static func form(_ text: String, _ node: Node) throws(FeedProblem) -> FeedMapping.Form {
        let words = FeedMapping.Form.words
        if let found = words.first(where: { $0.word == text }) { return found.form }
        throw FeedProblem(
            "as is one of " + words.map(\.word).joined(separator: ", ") + ".",
            line: node.mark?.line)
    }

    private static func zone(_ text: String, _ node: Node) throws(FeedProblem) -> String {
        if text == "UTC" || text == "Z" { return "Z" }
        let isOffset = Timestamp(iso8601: "2026-01-01T12:00:00\(text)") != nil
        guard text.utf8.count == 6, isOffset else {
            throw FeedProblem(
                "zone is UTC or an offset such as +02:00. Names of zones are not known here: if "
                    + "the offset changes with summer time, let the file have it.",
                line: node.mark?.line)
        }
        return text
    }

    /// An option that the form does not use would be thought to work.
    private func checkOptions(_ name: String, _ line: Int?) throws(FeedProblem) {
        let isMoney = reading.form == .money
        if reading.currency != nil || reading.decimal != nil, !isMoney {
            throw FeedProblem(
                "currency and decimal of the column \(name) need `as: money`.", line: line)
        }
        let isTime = reading.form == .datetime || reading.form == .text
        if reading.zone != nil, !isTime {
            throw FeedProblem("zone of the column \(name) needs `as: datetime`.", line: line)
        }
        let isWordy = reading.form == .text || reading.form == .boolean
        if !reading.words.isEmpty, !isWordy {
            throw FeedProblem("words of the column \(name) need `as: text`.", line: line)
        }
    }
}
