package import ParryWire

/// How far the rules of an RDR ruleset have come to the network, over all its enrolments.
package struct RulesetPublication: Sendable, Hashable {
    package let status: PublicationStatus
    /// The ruleset's version that the network confirmed for every enrolment; nil before the first.
    package let publishedVersion: Int64?

    /// What one enrolment's rules have come to.
    package struct Part: Sendable, Hashable {
        package let status: PublicationStatus
        package let publishedVersion: Int64?

        package init(status: PublicationStatus, publishedVersion: Int64?) {
            self.status = status
            self.publishedVersion = publishedVersion
        }
    }

    /// The whole of its parts; nil for none, as for rulesets of Ethoca enrolments.
    package init?(_ parts: [Part]) {
        guard !parts.isEmpty else { return nil }
        let statuses = Set(parts.map(\.status))
        status =
            statuses.contains(.failed)
            ? .failed : statuses.contains(.pending) ? .pending : .published
        let versions = parts.map(\.publishedVersion)
        publishedVersion =
            versions.contains(nil) ? nil : versions.compactMap(\.self).min()
    }
}
