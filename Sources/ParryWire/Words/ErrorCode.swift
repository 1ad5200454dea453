/// The machine-readable codes of error answers. They are part of the contract: a code, once published,
/// keeps its spelling and meaning (CONTRACT.md 1.2 and the tables of each area).
public enum ErrorCode: String, Sendable, CaseIterable, Codable {
    // Any endpoint.
    case invalidRequest = "INVALID_REQUEST"
    case unauthorised = "UNAUTHORISED"
    case forbidden = "FORBIDDEN"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case payloadTooLarge = "PAYLOAD_TOO_LARGE"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case validationError = "VALIDATION_ERROR"
    case cardNumberRejected = "CARD_NUMBER_REJECTED"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
    case rateLimited = "RATE_LIMITED"
    case internalError = "INTERNAL_ERROR"
    case unavailable = "UNAVAILABLE"
    case outcomeUnknown = "OUTCOME_UNKNOWN"

    // Organisations and merchants.
    case organisationDeletionRestricted = "ORGANISATION_DELETION_RESTRICTED"
    case merchantTypeChangeRestricted = "MERCHANT_TYPE_CHANGE_RESTRICTED"
    case merchantDeletionRestricted = "MERCHANT_DELETION_RESTRICTED"

    // Memberships.
    case membershipAlreadyExists = "MEMBERSHIP_ALREADY_EXISTS"

    // Integrations and enrolments.
    case unsupportedIntegrationType = "UNSUPPORTED_INTEGRATION_TYPE"
    case duplicateMerchantIDs = "DUPLICATE_MERCHANT_IDS"
    case merchantsDifferentOrganisations = "MERCHANTS_DIFFERENT_ORGANISATIONS"
    case missingEthocaAlertConfig = "MISSING_ETHOCA_ALERT_CONFIG"
    case missingVerifiRDRConfig = "MISSING_VERIFI_RDR_CONFIG"
    case invalidMatchType = "INVALID_MATCH_TYPE"
    case invalidVerifiRDRConfig = "INVALID_VERIFI_RDR_CONFIG"
    case ethocaAlertEnrollmentError = "ETHOCA_ALERT_ENROLLMENT_ERROR"
    case verifiRDREnrollmentError = "VERIFI_RDR_ENROLLMENT_ERROR"
    case enrolmentNotPending = "ENROLMENT_NOT_PENDING"

    // Orders.
    case invalidOrganisation = "INVALID_ORGANISATION"
    case invalidIntegration = "INVALID_INTEGRATION"
    case invalidOrderType = "INVALID_ORDER_TYPE"
    case missingField = "MISSING_FIELD"
    case duplicateOrder = "DUPLICATE_ORDER"
    case duplicateTransaction = "DUPLICATE_TRANSACTION"
    case invalidReference = "INVALID_REFERENCE"
    case immutableField = "IMMUTABLE_FIELD"
    case orderTooLarge = "ORDER_TOO_LARGE"

    // Rulesets.
    case enrolmentAlreadyHasRuleset = "ENROLMENT_ALREADY_HAS_RULESET"
    case enrolmentsDifferentTypes = "ENROLMENTS_DIFFERENT_TYPES"
    case enrolmentsDifferentOrganisations = "ENROLMENTS_DIFFERENT_ORGANISATIONS"
    case duplicateEnrolmentIDs = "DUPLICATE_ENROLMENT_IDS"
    case duplicateRuleType = "DUPLICATE_RULE_TYPE"
    case invalidRuleParameters = "INVALID_RULE_PARAMETERS"
    case unsupportedRuleCurrency = "UNSUPPORTED_RULE_CURRENCY"
    case unsupportedRuleType = "UNSUPPORTED_RULE_TYPE"
    case unsupportedOutcome = "UNSUPPORTED_OUTCOME"
    case unsupportedEnrolment = "UNSUPPORTED_ENROLMENT"
    case rulesNotUpdatable = "RULES_NOT_UPDATABLE"

    // Alerts and simulations.
    case alertNotActionable = "ALERT_NOT_ACTIONABLE"
    case alertDeadlinePassed = "ALERT_DEADLINE_PASSED"
    case invalidAction = "INVALID_ACTION"
    case actionNotSupported = "ACTION_NOT_SUPPORTED"
    case organisationNotTestMode = "ORGANISATION_NOT_TEST_MODE"
    case enrolmentNotEnabled = "ENROLMENT_NOT_ENABLED"
    case enrolmentOrganisationMismatch = "ENROLMENT_ORGANISATION_MISMATCH"
    case invalidStatusForEnrolmentType = "INVALID_STATUS_FOR_ENROLMENT_TYPE"
    case invalidStatusTransition = "INVALID_STATUS_TRANSITION"
    case clockNotForward = "CLOCK_NOT_FORWARD"
    case clockTooFar = "CLOCK_TOO_FAR"

    // Refunds
    case alreadyRefunded = "ALREADY_REFUNDED"
    case refundCurrencyDiffers = "REFUND_CURRENCY_DIFFERS"
    case transactionAmountUnknown = "TRANSACTION_AMOUNT_UNKNOWN"
    case refundIntentEnded = "REFUND_INTENT_ENDED"
    case refundReferenceTaken = "REFUND_REFERENCE_TAKEN"

    // Webhooks
    case tooManyWebhookEndpoints = "TOO_MANY_WEBHOOK_ENDPOINTS"
    case deliveryExpired = "DELIVERY_EXPIRED"
    case cursorExpired = "CURSOR_EXPIRED"
}
