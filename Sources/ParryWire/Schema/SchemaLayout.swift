/// A schema prepared for the scan: names as bytes, presence as flags.
final class SchemaLayout: Sendable {
    /// The place of one field's name within `keys`.
    struct Key: Sendable {
        let start: Int
        let nameLength: Int
        let hash: UInt64
        let presence: Presence

        /// Where the bare name starts, behind the quote.
        var nameStart: Int { start + 1 }
        /// With both quotes and the colon.
        var length: Int { nameLength + 3 }
        /// Of the whole member that has no value.
        let absentLength: Int
    }

    let name: String
    let fields: [FieldDeclaration]
    /// Every `"name":null`, of lists `"name":[]`, one after the other.
    let keyBytes: [UInt8]
    let keys: [Key]

    init(_ name: String, _ fields: [FieldDeclaration]) {
        self.name = name
        self.fields = fields
        var bytes: [UInt8] = []
        keys = fields.map { field in
            let start = bytes.count
            bytes.append(contentsOf: "\"\(field.name)\":\(field.rule.absent)".utf8)
            return Key(
                start: start, nameLength: field.name.utf8.count, hash: field.nameHash,
                presence: field.presence, absentLength: bytes.count - start)
        }
        keyBytes = bytes
    }

    /// The index of the field called like the member name `node`, trying `hint` first.
    @inline(__always)
    func index(of node: JSONNode, in bytes: UnsafeBufferPointer<UInt8>, hint: Int) -> Int? {
        // Decoded once, not per field: the names of unknown members may be long and many.
        guard !node.flags.contains(.escaped) else { return index(decoding: node, bytes) }
        let name = JSONText.content(bytes, node)
        if hint < keys.count, matches(hint, name) { return hint }
        return search(name)
    }

    private func index(decoding node: JSONNode, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var name = JSONText.decode(bytes, node)
        return name.withUTF8 { search($0) }
    }

    private func search(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
        for index in keys.indices where matches(index, name) { return index }
        return nil
    }

    /// Whether a bare name is the field's.
    @inline(__always)
    func matches(_ index: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let key = keys[index]
        guard name.count == key.nameLength else { return false }
        for offset in 0..<name.count where keyBytes[key.nameStart + offset] != name[offset] {
            return false
        }
        return true
    }

    /// The index of a declared field, or nil when this schema has none of its name.
    func index(of field: FieldDeclaration) -> Int? {
        for index in keys.indices
        where keys[index].hash == field.nameHash && fields[index].name == field.name {
            return index
        }
        return nil
    }

    func index(of name: String) -> Int? {
        fields.firstIndex { $0.name == name }
    }
}
