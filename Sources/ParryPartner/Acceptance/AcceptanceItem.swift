/// The guide's sandbox acceptance checklist, in its own words and order.
package enum AcceptanceItem: String, Sendable, CaseIterable {
    case keyIsStored = "TEST partner API key is stored in a secrets manager."
    case webhooksArrive =
        "TEST webhook endpoint receives and verifies enrolment.created, enrolment.updated, alert.created, and alert.updated."
    case webhooksAreIdempotent = "Webhook processing is idempotent by event id."
    case errorsAreHandled =
        "Your API client handles 401, 403, 404, 422, 429, and 5xx responses."
    case organisation = "You can create a TEST organisation through POST /v1/organisations/."
    case merchant = "You can create a merchant through POST /v1/merchants/."
    case integration =
        "You can create a CUSTOM_ORDERS integration through POST /v1/integrations/."
    case ethocaEnrolment =
        "You can create an Ethoca Alert enrolment through POST /v2/enrolments/."
    case rdrEnrolment =
        "If using RDR, you can create a Verifi RDR enrolment with BIN + CAID or ARNs through POST /v2/enrolments/."
    case enrolmentIsEnabled =
        "You can enable a TEST enrolment with PATCH /v1/simulate/enrolments/{enrolment_id}."
    case liveOnlyWhenEnabled =
        "Your system marks an enrolment live only after status: ENABLED from enrolment.updated or GET /v2/enrolments/{enrolment_id}."
    case order = "You can submit a COMPLETE order through POST /v1/orders/."
    case orderUpdate =
        "You can add refund or dispute lifecycle updates through PATCH /v1/orders/{order_id}."
    case alert = "You can create a simulated ACTION_REQUIRED alert."
    case refund = "You can resolve an Ethoca alert with REFUND."
    case acceptDispute = "You can resolve an Ethoca alert with ACCEPT_DISPUTE."
    case ruleset =
        "If using custom RDR decisioning, you can create a ruleset through POST /v1/rulesets/ and attach it to the RDR enrolment_id."
    case deadlineIsShown = "Your UI or operations queue shows action_required_deadline."
    case noTestIDsInLive = "Your system never relies on TEST IDs in production configuration."

    /// What is done first comes first; what needs events waits until all of them were raised.
    static let sequence: [AcceptanceItem] = [
        .keyIsStored, .errorsAreHandled, .organisation, .merchant, .integration, .ethocaEnrolment,
        .rdrEnrolment, .enrolmentIsEnabled, .liveOnlyWhenEnabled, .order, .alert, .deadlineIsShown,
        .refund, .acceptDispute, .orderUpdate, .ruleset, .webhooksArrive, .webhooksAreIdempotent,
        .noTestIDsInLive,
    ]
}
