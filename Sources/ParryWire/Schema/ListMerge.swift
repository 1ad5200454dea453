/// Merges the elements of a patch into those of a stored array of objects.
struct ListMerge {
    let schema: ObjectSchema
    let key: String?

    func write(
        _ patches: [RequestObject], into stored: [RequestObject], to writer: inout JSONWriter
    ) {
        writer.beginArray()
        if let key {
            upsert(patches, into: stored, by: key, to: &writer)
        } else {
            append(patches, to: stored, to: &writer)
        }
        writer.endArray()
    }

    private func upsert(
        _ patches: [RequestObject], into stored: [RequestObject], by key: String,
        to writer: inout JSONWriter
    ) {
        var merged = stored
        // Bytes, because references are compared exactly and Strings by canonical equivalence.
        var places: [[UInt8]: Int] = [:]
        for (place, object) in stored.enumerated() {
            guard let name = name(object, key), places[name] == nil else { continue }
            places[name] = place
        }
        for patch in patches {
            let name = name(patch, key)
            if let place = name.flatMap({ places[$0] }) {
                merged[place] = merge(patch, into: merged[place])
            } else {
                if let name { places[name] = merged.count }
                merged.append(patch)
            }
        }
        for object in merged { object.write(into: &writer) }
    }

    /// A transaction of a PARTIAL order may be known by the processor's reference alone.
    private static let otherKey = "payment_method_reference_id"

    private func name(_ object: RequestObject, _ key: String) -> [UInt8]? {
        (object.value[key]?.string ?? object.value[Self.otherKey]?.string).map { Array($0.utf8) }
    }

    private func merge(_ patch: RequestObject, into stored: RequestObject) -> RequestObject {
        var writer = JSONWriter()
        DocumentMerge.write(patch, into: stored, to: &writer)
        // What the writer wrote parses; were it ever not so, the patch must not destroy data.
        guard let document = try? JSONDocument.parse(writer.bytes) else { return stored }
        return RequestObject(indexing: document.root, schema)
    }

    /// Stored elements stay as they are, even equal ones; only new ones have to differ.
    private func append(
        _ patches: [RequestObject], to stored: [RequestObject], to writer: inout JSONWriter
    ) {
        var written: Set<[UInt8]> = []
        for (position, object) in (stored + patches).enumerated() {
            var element = JSONWriter()
            object.write(into: &element)
            let isNew = written.insert(element.bytes).inserted
            if isNew || position < stored.count { writer.raw(element.bytes) }
        }
    }
}
