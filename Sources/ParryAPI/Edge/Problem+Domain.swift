import HTTPTypes
import ParryDomain
import ParryWire

// One switch without `default` for each closed set of errors: a new case does not compile until it has
// a code and a sentence.

extension Problem {
    init(business code: ErrorCode, _ message: String) {
        self.init(.unprocessableContent, code, message)
    }

    init(_ error: OrganisationError) {
        switch error {
        case .adminGroupRequired:
            self.init(
                .forbidden, .forbidden,
                "Only keys of an administrator group create organisations. Use an admin key.")
        case .hasMerchants:
            self.init(
                business: .organisationDeletionRestricted,
                "The organisation still has merchants. Delete its merchants first.")
        }
    }

    init(_ error: MerchantError) {
        switch error {
        case .typeChangeRestricted:
            self.init(
                business: .merchantTypeChangeRestricted,
                "The type cannot change once an integration or enrolment names the merchant. "
                    + "Create another merchant.")
        case .deletionRestricted:
            self.init(
                business: .merchantDeletionRestricted,
                "The merchant has an integration, an alert or an enrolment that has not ended. "
                    + "Take it out of these first.")
        }
    }

    init(_ error: MerchantListError) {
        switch error {
        case .duplicates:
            self.init(
                business: .duplicateMerchantIDs,
                "merchant_ids names a merchant twice. Send each id once.")
        case .differentOrganisations:
            self.init(
                business: .merchantsDifferentOrganisations,
                "merchant_ids must all belong to the same organisation. Send one request "
                    + "per organisation.")
        }
    }

    init(_ error: IntegrationError) {
        switch error {
        case .unsupportedType:
            self.init(
                business: .unsupportedIntegrationType,
                "Only integrations of type CUSTOM_ORDERS can be made and changed through the API. "
                    + "Ask the operator for one of a processor.")
        }
    }

    init(_ error: EnrolmentError) {
        switch error {
        case .missingEthocaAlertConfiguration:
            self.init(
                business: .missingEthocaAlertConfig,
                "An ETHOCA_ALERT enrolment needs ethoca_alert with at least one descriptor.")
        case .missingVerifiRDRConfiguration:
            self.init(
                business: .missingVerifiRDRConfig,
                "A VERIFI_RDR enrolment needs verifi_rdr with bin and caid, or with arns.")
        case .invalidMatchType:
            self.init(
                business: .invalidMatchType,
                "match_type must be STARTS_WITH or EXACT_MATCH for every descriptor.")
        case .invalidVerifiRDRConfiguration:
            self.init(
                business: .invalidVerifiRDRConfig,
                "verifi_rdr needs either bin (6 to 8 digits) and caid (1 to 16 letters or digits), "
                    + "or arns (23 digits each), and not both.")
        case .ethocaIdentifierTaken:
            self.init(
                business: .ethocaAlertEnrollmentError,
                "Another enrolment of yours already holds one of these descriptors. "
                    + "Cancel it first or use a more specific descriptor.")
        case .verifiIdentifierTaken:
            self.init(
                business: .verifiRDREnrollmentError,
                "Another enrolment of yours already holds this BIN and CAID or one of these ARNs. "
                    + "Cancel it first.")
        case .notPending(let status):
            self.init(
                business: .enrolmentNotPending,
                "Only a PENDING enrolment can be cancelled; this one is \(status.rawValue).")
        case .isFinal(let status):
            self.init(
                business: .invalidStatusTransition,
                "This enrolment is \(status.rawValue) for good. Create another one.")
        case .cannotBecome(let status, let next):
            self.init(
                business: .invalidStatusTransition,
                "An enrolment that is \(status.rawValue) cannot become \(next.rawValue).")
        }
    }

    init(_ error: AlertError) {
        switch error {
        case .notActionable:
            self.init(
                business: .alertNotActionable,
                "Only an ETHOCA_ALERT alert that is ACTION_REQUIRED can be actioned. "
                    + "Fetch the alert to see what became of it.")
        case .deadlinePassed:
            self.init(
                business: .alertDeadlinePassed,
                "The alert's action_required_deadline has passed; the network no longer takes "
                    + "an outcome.")
        case .unknownAction:
            self.init(
                business: .invalidAction,
                "action must be one of REFUND, CANCEL, REFUND_AND_CANCEL, ACCEPT_DISPUTE.")
        case .actionNotSupported:
            self.init(
                business: .actionNotSupported,
                "This organisation is not set up for CANCEL and REFUND_AND_CANCEL. Cancel in your "
                    + "own system and send REFUND or ACCEPT_DISPUTE, or ask the operator.")
        case .alreadyRefunded:
            self.init(
                business: .alreadyRefunded,
                "The network refunded this transaction already (Verifi RDR). Do not refund it again; "
                    + "if you did, send the action with \"force\": true.")
        }
    }

    init(_ error: SimulationError) {
        switch error {
        case .organisationNotTestMode:
            self.init(
                business: .organisationNotTestMode,
                "Simulations work only for organisations of a TEST partner account.")
        case .enrolmentNotEnabled:
            self.init(
                business: .enrolmentNotEnabled,
                "The enrolment is not ENABLED. Enable it with "
                    + "PATCH /v1/simulate/enrolments/{enrolment_id} first.")
        case .enrolmentOrganisationMismatch:
            self.init(
                business: .enrolmentOrganisationMismatch,
                "The enrolment belongs to another organisation than organisation_id.")
        case .invalidStatusForEnrolmentType:
            self.init(
                business: .invalidStatusForEnrolmentType,
                "VERIFI_RDR alerts are decided by the network: use RESOLVED or INVALID.")
        }
    }

    init(_ rejection: OrderRejection) {
        let description = Self.describe(rejection)
        self.init(business: description.code, description.message)
    }

    /// What a rejected order's `code` and `message` say, alone or in a batch.
    static func describe(_ rejection: OrderRejection) -> (code: ErrorCode, message: String) {
        switch rejection {
        case .invalidOrganisation:
            (.invalidOrganisation, "organisation_id names no organisation that this key sees.")
        case .invalidIntegration:
            (
                .invalidIntegration,
                "integration_id must name an ENABLED integration of the order's organisation."
            )
        case .invalidOrderType:
            (
                .invalidOrderType,
                "COMPLETE orders need a CUSTOM_ORDERS integration, PARTIAL orders another one."
            )
        case .missingField(let field):
            (.missingField, "\(field) is required. Send it with a value.")
        case .tooLarge:
            (
                .orderTooLarge,
                "The order has more than \(Limits.orderDocumentBytesMax) bytes. "
                    + "Shorten its communications and descriptions."
            )
        case .cardNumber(let field):
            (.cardNumberRejected, cardNumberMessage(field))
        case .duplicateOrder:
            (
                .duplicateOrder,
                "An order with this reference_id exists. Fetch it by reference_id and change it "
                    + "with PATCH."
            )
        case .duplicateTransaction(let field):
            (
                .duplicateTransaction,
                "\(field) is used by another transaction of this integration."
            )
        case .invalidReference(let field):
            (.invalidReference, "\(field) names nothing in this order.")
        case .repeatedReference(let field):
            (.invalidReference, "\(field) stands twice in its list. Send each reference once.")
        case .immutableField(let field):
            (.immutableField, "\(field) cannot change. Leave it out or send its stored value.")
        }
    }

    static func cardNumberMessage(_ field: String) -> String {
        "\(field) contains a full card number. Never send one: use the first 6 to 8 and last 4 digits."
    }
}
