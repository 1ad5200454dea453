import ParryWire

/// Objects and arrays as closures, for documents that are written once at start.
extension JSONWriter {
    mutating func object(_ write: (inout JSONWriter) -> Void) {
        beginObject()
        write(&self)
        endObject()
    }

    mutating func object(_ name: String, _ write: (inout JSONWriter) -> Void) {
        key(name)
        object(write)
    }

    mutating func array(_ name: String, _ write: (inout JSONWriter) -> Void) {
        key(name)
        beginArray()
        write(&self)
        endArray()
    }

    mutating func strings(_ name: String, _ values: [String]) {
        array(name) { json in
            for value in values { json.string(value) }
        }
    }

    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func reference(_ path: String) {
        field("$ref", "#/components/\(path)")
    }
}
