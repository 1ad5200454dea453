package import ParryWire

/// What members of an organisation are told by e-mail (CONTRACT.md 5: the four flags of a membership). Nobody asks for
/// evidence yet, so nothing is mailed for the fourth.
package enum MailNotice: String, Sendable, Hashable, CaseIterable {
    /// An alert waits for a decision.
    case actionRequired
    /// An alert ended, refunded or not.
    case resolved
    /// An alert was found invalid.
    case dismissed

    /// What an event is reason for; nil for most.
    ///
    /// - Parameters:
    ///   - status: The alert's in the event.
    ///   - former: Its status before, where the event says that it changed.
    package init?(_ type: EventType, status: AlertStatus, former: AlertStatus?) {
        let isNews = type == .alertCreated || (type == .alertUpdated && former != nil)
        guard isNews else { return nil }
        switch status {
        case .actionRequired: self = .actionRequired
        case .resolved: self = .resolved
        case .invalid: self = .dismissed
        }
    }
}
