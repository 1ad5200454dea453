package import ParryWire

/// An enrolment as the desk shows it.
package struct DeskEnrolment: Sendable, Hashable {
    package let id: String
    package let customer: String
    /// What onboarding calls it; nil for one that it did not make.
    package let name: String?
    package let type: String
    package let status: String
    /// Descriptors, BIN and CAID, or ARNs.
    package let identifiers: [String]
    package let note: String?
    package let liveSince: Timestamp?

    init(_ seen: EnrolmentStore.Seen, name: String?, customer: String?) {
        id = seen.id
        self.customer = customer ?? seen.organisationID
        self.name = name
        status = seen.status
        liveSince = seen.liveSince
        let root = try? JSONDocument.parse(seen.document).root
        type = root?["type"]?.string ?? ""
        note = root?["note"]?.string
        identifiers = root.map(Self.identifiers) ?? []
    }

    /// What a customer is shown: the guide's table, word for word in its sense. Only `ENABLED` is live.
    package var meaning: String {
        switch EnrolmentStatus(rawValue: status) {
        case .pending: "submitted, not live"
        case .inProgress: "being configured"
        case .actionRequired: "blocked: see the note"
        case .enabled: "live"
        case .failed: "failed: escalate with note and id"
        case .cancelled, .paused, .unenrolled: "inactive"
        case nil: "not known to this version, not live"
        }
    }

    package var style: DeskStyle {
        switch EnrolmentStatus(rawValue: status) {
        case .enabled: .good
        case .actionRequired: .warning
        case .failed: .danger
        default: .plain
        }
    }

    /// Whether a text stands in what is shown of it.
    package func holds(_ text: String) -> Bool {
        let needle = text.lowercased()
        return ([id, customer, name, type, status, meaning, note] + identifiers).contains {
            $0?.lowercased().contains(needle) == true
        }
    }

    private static func identifiers(_ root: JSONValue) -> [String] {
        var found: [String] = []
        if let descriptors = root["ethoca_alert"]?["descriptors"]?.elements {
            for one in descriptors {
                guard let text = one["descriptor"]?.string else { continue }
                let status = one["status"]?.string
                let isOwn = status != nil && status != root["status"]?.string
                found.append(isOwn ? "\(text) (\(status ?? ""))" : text)
            }
        }
        if let bin = root["verifi_rdr"]?["bin"]?.string {
            found.append("BIN \(bin) CAID \(root["verifi_rdr"]?["caid"]?.string ?? "")")
        }
        if let arns = root["verifi_rdr"]?["arns"]?.elements {
            for arn in arns { found += arn.string.map { ["ARN \($0)"] } ?? [] }
        }
        return found
    }
}
