import ParryWire

/// What to do about a refusal (docs/api.md has the tables).
enum Advice {
    static func text(for refusal: Refusal) -> String {
        guard let code = refusal.code.known else { return text(status: refusal.status) }
        return sentences[code] ?? text(status: refusal.status)
    }

    /// For an answer that is not the platform's own, or of a newer one.
    private static func text(status: Int) -> String {
        switch status {
        case 401: "Check the API key and the environment that it belongs to."
        case 403: "Give the key the ability that this endpoint needs."
        case 404: "Check the id, and that the key may see it: TEST and LIVE ids never meet."
        case 429: "Send less often; the limit is 100 requests a minute and endpoint."
        case 300..<400: "Check the base URL: redirects are not followed."
        case 500...: "Send the same again later."
        default: "Correct the request."
        }
    }

    /// One for each code, which a test counts.
    static let sentences: [ErrorCode: String] = [
        .invalidRequest: "Correct the body or the query value: it could not be read.",
        .unauthorised:
            "Check the API key and the environment that it belongs to; this endpoint may need "
            + "a key of a partner group.",
        .forbidden:
            "Give the key the ability that this endpoint needs, or use a key of an admin "
            + "group.",
        .notFound: "Check the id, and that the key may see it: TEST and LIVE ids never meet.",
        .methodNotAllowed: "Check that the platform is of the version that this client is for.",
        .payloadTooLarge: "Send fewer orders at once: a body has at most 5 MiB.",
        .unsupportedMediaType: "Let nothing on the way change the content type.",
        .validationError: "Correct the fields that are named; nothing was processed.",
        .cardNumberRejected:
            "Take the full card number out of the text: send its first six to eight and last "
            + "four digits in their fields.",
        .idempotencyKeyReused: "Use a new idempotency key for each piece of work.",
        .rateLimited:
            "Share one limiter between all that use keys of this owner; the platform counts "
            + "by endpoint and minute.",
        .internalError: "Send the same again, and report the request id if it stays so.",
        .unavailable: "Nothing was stored; send the same again later.",
        .outcomeUnknown: "The work may be done; send the same again with the same idempotency key.",
        .organisationDeletionRestricted: "Delete the organisation's merchants first.",
        .merchantTypeChangeRestricted: "Make a new merchant of the other type: this one is in use.",
        .merchantDeletionRestricted:
            "End what uses the merchant first; with alerts it has to stay.",
        .membershipAlreadyExists: "Change the membership that is there.",
        .unsupportedIntegrationType:
            "Make integrations of the type CUSTOM_ORDERS; the operator makes the others.",
        .duplicateMerchantIDs: "Name each merchant once.",
        .merchantsDifferentOrganisations: "Name merchants of one organisation.",
        .missingEthocaAlertConfig: "Send ethoca_alert with at least one descriptor.",
        .missingVerifiRDRConfig: "Send verifi_rdr with BIN and CAID, or with ARNs.",
        .invalidMatchType: "Use STARTS_WITH or EXACT_MATCH.",
        .invalidVerifiRDRConfig: "Send BIN and CAID together, or ARNs of 23 digits, and not both.",
        .ethocaAlertEnrollmentError: "End the other enrolment of this descriptor first.",
        .verifiRDREnrollmentError: "End the other enrolment of this BIN and CAID, or ARN, first.",
        .enrolmentNotPending:
            "Only PENDING enrolments can be cancelled; ask the operator about others.",
        .invalidOrganisation: "Check organisation_id: it has to be the integration's.",
        .invalidIntegration:
            "Check integration_id, that the key may see it, and that it is ENABLED.",
        .invalidOrderType:
            "Send COMPLETE orders to a CUSTOM_ORDERS integration, PARTIAL ones to a "
            + "processor's.",
        .missingField:
            "Send the field that is named; which are required depends on the order's type.",
        .duplicateOrder:
            "Take the order that is stored, by its reference; change it if it says something "
            + "else.",
        .duplicateTransaction: "Give each transaction of an integration a reference of its own.",
        .invalidReference: "Let references name what the order itself has.",
        .immutableField: "Leave the field out: it cannot change.",
        .orderTooLarge: "Send less with the order: a document has at most 128 KiB.",
        .enrolmentAlreadyHasRuleset: "Change the ruleset that the enrolment has.",
        .enrolmentsDifferentTypes: "Name enrolments of one type.",
        .enrolmentsDifferentOrganisations: "Name enrolments of the ruleset's organisation.",
        .duplicateEnrolmentIDs: "Name each enrolment once.",
        .duplicateRuleType: "Change the rule of this type that is there.",
        .invalidRuleParameters: "Send the parameters that the rule's type needs.",
        .unsupportedRuleCurrency: "Send the amount in USD.",
        .unsupportedRuleType: "Use AMOUNT or DESCRIPTOR.",
        .unsupportedOutcome: "Use REFUND or ACCEPT_DISPUTE for Verifi RDR.",
        .unsupportedEnrolment: "Rulesets need an enrolment by BIN and CAID.",
        .rulesNotUpdatable: "Change rules one by one.",
        .alertNotActionable: "Read the alert: it has ended, or it is decided at the network.",
        .alertDeadlinePassed: "It is too late: the network was told that the money stays.",
        .invalidAction: "Use REFUND or ACCEPT_DISPUTE.",
        .actionNotSupported:
            "Use REFUND or ACCEPT_DISPUTE, or ask the operator to allow the action.",
        .organisationNotTestMode: "Simulations need an organisation of a TEST account.",
        .enrolmentNotEnabled: "Enable the enrolment first.",
        .enrolmentOrganisationMismatch: "Name an enrolment of this organisation.",
        .invalidStatusForEnrolmentType:
            "RDR alerts are RESOLVED or INVALID, never ACTION_REQUIRED.",
        .invalidStatusTransition: "Make a new enrolment: this one has ended.",
        .clockNotForward: "Name a time after the one that the test clock shows.",
        .clockTooFar: "Stay within ten years.",
        .alreadyRefunded: "Do not refund again; use force only if both refunds are meant.",
        .refundCurrencyDiffers: "Refund in the transaction's currency.",
        .transactionAmountUnknown:
            "Send the transaction's amount and currency with its order first.",
        .refundIntentEnded: "Read the intent: it was committed or released already.",
        .refundReferenceTaken: "Commit with the reference of this refund, not of another.",
        .tooManyWebhookEndpoints:
            "Delete an endpoint that is not needed, or change its URL or event types.",
        .deliveryExpired: "Read the resource itself: the delivery is not kept any more.",
        .cursorExpired: "Begin again at the oldest event, and read the resources themselves.",
    ]
}
