import ParryWire

/// A line of JSON on its way to an order.
struct FeedLine {
    private let record: FeedRecord
    private let target: FeedTarget

    init(_ record: FeedRecord, _ target: FeedTarget) {
        self.record = record
        self.target = target
    }

    /// The order, or why it is none.
    var item: FeedItem {
        if let refusal = FeedRefusal(unreadable: record, header: []) { return .refused(refusal) }
        do throws(JSONError) {
            return item(try JSONDocument.parse(record.content).root)
        } catch {
            return refused(
                [FeedJudge.malformed(error)], referenceID: nil, .text(record.content))
        }
    }

    private func item(_ root: JSONValue) -> FeedItem {
        guard root.kind == .object else {
            let error = FieldError(
                field: "", code: "INVALID_TYPE",
                message: "Each line has to be one JSON object: an order.")
            return refused([error], referenceID: nil, .json(root))
        }
        let foreign = foreignIDs(root)
        do throws(FeedJudge.Verdict) {
            let order = try FeedJudge.judge(completed(root), line: record.line)
            guard !foreign.isEmpty else { return .order(order) }
            return refused(foreign, referenceID: order.referenceID, .json(root))
        } catch {
            return refused(foreign + error.errors, referenceID: error.referenceID, .json(root))
        }
    }

    private func refused(
        _ errors: [FieldError], referenceID: String?, _ original: FeedOriginal
    ) -> FeedItem {
        .refused(
            FeedRefusal(
                line: record.line, referenceID: referenceID, reasons: errors.map(FeedReason.init),
                original: original))
    }

    /// Ids that are given and are not the program's.
    private func foreignIDs(_ root: JSONValue) -> [FieldError] {
        let ids = [
            ("organisation_id", target.organisationID.text, ErrorCode.invalidOrganisation),
            ("integration_id", target.integrationID.text, ErrorCode.invalidIntegration),
        ]
        return ids.compactMap { name, own, code in
            guard let given = root[name]?.string, !given.utf8.elementsEqual(own.utf8) else {
                return nil
            }
            let what = name.dropLast("_id".count)
            return FieldError(
                field: name, code: code.rawValue,
                message: "\(name) names another \(what) than the one that these orders are sent "
                    + "for. Leave it out, or send them for that \(what).")
        }
    }

    private static let names = ["organisation_id", "integration_id", "type"]

    /// The document with what it may leave out.
    private func completed(_ root: JSONValue) -> [UInt8] {
        let isGiven = { (name: String) in root[name].map { !$0.isNull } ?? false }
        if Self.names.allSatisfy(isGiven) { return record.content }
        var writer = JSONWriter(capacity: record.content.count + 192)
        writer.beginObject()
        let defaults = [target.organisationID.text, target.integrationID.text, "COMPLETE"]
        for (name, value) in zip(Self.names, defaults) where !isGiven(name) {
            writer.key(name)
            writer.string(value)
        }
        for (name, value) in root.members where !(value.isNull && Self.names.contains(name)) {
            writer.key(name)
            writer.raw(value.raw)
        }
        writer.endObject()
        return writer.bytes
    }
}
