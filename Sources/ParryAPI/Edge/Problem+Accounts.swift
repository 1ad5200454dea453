import HTTPTypes
import ParryDomain
import ParryWire

extension Problem {
    init(_ error: WebhookError) {
        switch error {
        case .adminGroupRequired: self.init(.forbidden, .forbidden, error.sentence)
        case .tooManyEndpoints: self.init(business: .tooManyWebhookEndpoints, error.sentence)
        case .deliveryExpired: self.init(business: .deliveryExpired, error.sentence)
        case .rangeEndsBeforeItBegins:
            self.init(field: "created_at_gte", code: "OUT_OF_RANGE", error.sentence)
        case .unknownCursor: self.init(field: "after", code: "INVALID_VALUE", error.sentence)
        case .cursorExpired: self.init(business: .cursorExpired, error.sentence)
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
