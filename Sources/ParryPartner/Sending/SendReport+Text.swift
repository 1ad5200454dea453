import ParryWire

extension SendReport {
    private var members: [(name: String, label: String, value: Int64)] {
        [
            ("accepted", "accepted", accepted), ("changed", "changed", changed),
            ("known", "sent before", known),
            ("duplicates", "known to the platform, reconciled", duplicates),
            ("repeated", "twice in the input", repeated),
            ("invalid", "refused here", invalid), ("refused", "refused by the platform", refused),
            ("lacks_arn", "accepted without an ARN", lacksARN),
            (
                "lacks_authorisation_code", "accepted without an authorisation code",
                lacksAuthorisationCode
            ), ("lacks_bin", "accepted without a BIN", lacksBIN),
        ]
    }

    /// One JSON object.
    package var json: String {
        var json = JSONWriter()
        json.beginObject()
        for member in members {
            json.key(member.name)
            json.integer(member.value)
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// For people: what there is any of.
    package func table(rejects: String) -> String {
        var lines = members.filter { $0.value > 0 || $0.name == "accepted" }.map { member in
            let number = String(member.value)
            return String(repeating: " ", count: max(0, 12 - number.count)) + number + "  "
                + member.label
        }
        if !isComplete { lines.append("Refused records, with their reasons: \(rejects)") }
        return lines.joined(separator: "\n")
    }
}
