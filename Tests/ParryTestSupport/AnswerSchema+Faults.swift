package import ParryWire

extension AnswerSchema {
    /// Where an answer's object is not as its schema says: members that are missing or not declared, nulls and
    /// kinds. Stricter than the published schema, which lets unknown members pass for the future's sake.
    package func faults(in value: JSONValue, at path: String = "") -> [String] {
        guard value.kind == .object else { return ["\(path): no object"] }
        var faults: [String] = []
        let given = value.members.map(\.name)
        for member in members {
            let here = path + "." + member.name
            guard let found = value[member.name] else {
                if member.isAlwaysThere { faults.append("\(here): missing") }
                continue
            }
            if found.isNull {
                if !member.isNullable { faults.append("\(here): null") }
            } else {
                faults += member.type.faults(in: found, at: here)
            }
        }
        let known = Set(members.map(\.name) + (collection == nil ? [] : ["links"]))
        faults += given.filter { !known.contains($0) }.map { "\(path).\($0): not declared" }
        if Set(given).count != given.count { faults.append("\(path): a member twice") }
        return faults
    }
}

extension AnswerType {
    fileprivate func faults(in value: JSONValue, at path: String) -> [String] {
        switch self {
        case .text: value.kind == .string ? [] : ["\(path): no text"]
        case .id(let prefix):
            value.string?.hasPrefix(prefix) == true ? [] : ["\(path): no id \(prefix)"]
        case .word(let words):
            words.contains(value.string ?? "") ? [] : ["\(path): none of \(words)"]
        case .integer: value.integer == nil ? ["\(path): no integer"] : []
        case .boolean: value.boolean == nil ? ["\(path): no boolean"] : []
        case .timestamp:
            value.string.flatMap { Timestamp(iso8601: $0) } == nil ? ["\(path): no time"] : []
        case .asSent: []
        case .anyObject: value.kind == .object ? [] : ["\(path): no object"]
        case .list(let element):
            value.kind == .array
                ? value.elements.flatMap { element.faults(in: $0, at: path + "[]") }
                : ["\(path): no array"]
        case .object(let schema): schema.faults(in: value, at: path)
        case .either(let schemas):
            schemas.contains { $0.faults(in: value).isEmpty } ? [] : ["\(path): no schema fits"]
        }
    }
}
