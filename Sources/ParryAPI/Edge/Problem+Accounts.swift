import HTTPTypes
import ParryDomain
import ParryWire

extension Problem {
    init(_ error: WebhookError) {
        switch error {
        case .adminGroupRequired:
            self.init(
                .forbidden, .forbidden,
                "Only keys of an administrator group make endpoints of the whole partner. Name an "
                    + "organisation_id, or use an admin key.")
        }
    }

    /// Says which rule the URL breaks.
    init(_ refusal: WebhookURL.Refusal) {
        self.init(field: "url", code: "INVALID_VALUE", refusal.rawValue)
    }

    init(_ error: MembershipError) {
        switch error {
        case .alreadyExists:
            self.init(
                business: .membershipAlreadyExists,
                "The organisation has a member with this e-mail address. Change that membership "
                    + "with PATCH.")
        }
    }
}
