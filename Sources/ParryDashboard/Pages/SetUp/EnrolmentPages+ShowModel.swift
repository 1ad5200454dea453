import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension EnrolmentPages {
    /// The page of one.
    struct ShowModel: Sendable {
        let id: String
        let title: String
        let path: String
        let product: String
        let status: String
        let tone: String
        let meaning: String
        let customer: String
        let note: String?
        let organisation: NamedLink
        let merchants: [NamedLink]
        let descriptors: [Descriptor]
        let bin: String?
        let caid: String?
        let arns: [String]
        let isRDR: Bool
        let ruleset: RulesetModel?
        let newRulesetPath: String?
        let alertsPath: String
        let moments: [Moment]
        /// Whether it is over for good.
        let isFinal: Bool
        let canCancel: Bool
        let canEnable: Bool
        let canUnenrol: Bool
        let alert: AlertForm?
        let trouble: String?

        init(
            _ visit: SeatVisit, _ enrolment: Enrolment, _ trouble: FormTrouble?,
            _ typed: TypedAlert?
        ) async throws {
            let around = try await EnrolmentPages.service(visit).surroundings(
                of: enrolment.id, by: visit.principal)
            let names = try await SetUpNames(
                visit, organisations: [enrolment.organisationID], merchants: enrolment.merchantIDs)
            let meaning = EnrolmentMeaning(enrolment.status, of: enrolment.type)
            id = enrolment.id.text
            path = visit.path("/enrolments/\(id)")
            product = SetUpWords.product(enrolment.type)
            title = "\(product): \(enrolment.configuration.summary)"
            status = meaning.title
            tone = meaning.tone
            self.meaning = meaning.partner
            customer = meaning.customer
            note = enrolment.note
            organisation = names.organisation(enrolment.organisationID)
            merchants = enrolment.merchantIDs.map(names.merchant)
            descriptors = (enrolment.configuration.descriptors ?? []).map(Descriptor.init)
            bin = enrolment.configuration.acquirer?.bin
            caid = enrolment.configuration.acquirer?.caid
            arns = enrolment.configuration.arns ?? []
            isRDR = enrolment.type == .verifiRDR
            ruleset = around.ruleset.map { RulesetModel(visit, $0, around.publication) }
            newRulesetPath =
                visit.allows(.rules) && !enrolment.status.isFinal
                ? visit.path(
                    "/rulesets/new?organisation=\(enrolment.organisationID.text)&enrolment=\(id)"
                ) : nil
            alertsPath = visit.path("/alerts?view=all&enrolment=\(id)")
            moments = Self.moments(enrolment, around)
            let isTest = visit.seat.mode == .test
            let canSimulate = isTest && visit.allows(.setUp) && !enrolment.status.isFinal
            isFinal = enrolment.status.isFinal
            canCancel = visit.allows(.setUp) && enrolment.status == .pending
            canEnable = canSimulate && enrolment.status != .enabled
            canUnenrol = canSimulate && enrolment.status != .unenrolled
            alert =
                isTest && visit.allows(.act) && enrolment.status == .enabled
                ? AlertForm(enrolment, typed, trouble) : nil
            self.trouble = trouble?.message
        }

        /// What is known of when, the oldest first.
        private static func moments(
            _ enrolment: Enrolment, _ around: EnrolmentService.Surroundings
        ) -> [Moment] {
            let asked = around.requests.map { request in
                Moment(
                    at: TimeText(request.createdAt),
                    what: "\(request.network.title) \(request.kind.told): \(request.state.told)",
                    more: request.attemptCount > 1 ? "\(request.attemptCount) tries" : nil)
            }
            var moments = [Moment(at: TimeText(enrolment.createdAt), what: "Created", more: nil)]
            moments += asked
            if enrolment.updatedAt != enrolment.createdAt {
                let status = EnrolmentMeaning.title(enrolment.status)
                moments.append(
                    Moment(
                        at: TimeText(enrolment.updatedAt), what: "Last changed: now \(status)",
                        more: nil))
            }
            return moments.sorted { $0.at.iso < $1.at.iso }
        }
    }

    /// A billing descriptor with its own status.
    struct Descriptor: Sendable {
        let text: String
        let matchType: String
        let status: String
        let tone: String

        init(_ descriptor: EnrolledDescriptor) {
            text = descriptor.text
            matchType = SetUpWords.matchType(descriptor.matchType)
            let meaning = EnrolmentMeaning(descriptor.status, of: .ethocaAlert)
            status = meaning.title
            tone = meaning.tone
        }
    }

    /// Something that happened.
    struct Moment: Sendable {
        let at: TimeText
        let what: String
        let more: String?
    }

    /// The rules that decide for the enrolment.
    struct RulesetModel: Sendable {
        let path: String
        let id: String
        let isEnabled: Bool
        /// How far they have come to the network; nil where they are not sent there.
        let publication: String?
        let tone: String

        init(_ visit: SeatVisit, _ ruleset: Ruleset, _ part: RulesetPublication.Part?) {
            id = ruleset.id.text
            path = visit.path("/rulesets/\(id)")
            isEnabled = ruleset.details.isEnabled
            switch part?.status {
            case .pending:
                publication = "On its way to the network"
                tone = ""
            case .published:
                publication = "Published at the network"
                tone = "good"
            case .failed:
                publication = "Refused by the network"
                tone = "bad"
            case nil:
                publication = nil
                tone = ""
            }
        }
    }

    /// The form of an alert to simulate.
    struct AlertForm: Sendable {
        let amount: FormField
        let currency: FormField
        let status: FormField
        let isMatched: Bool
        let details: [FormField]
        let isOpen: Bool

        init(_ enrolment: Enrolment, _ typed: TypedAlert?, _ trouble: FormTrouble?) {
            amount = FormField(
                "amount", "Amount", value: typed.map { $0.amount ?? "" } ?? "49.00",
                hint: "In units of the currency, as 49.00.", error: trouble?["amount_in_cents"])
            currency = FormField(
                "currency_code", "Currency", value: typed?.currency ?? "USD",
                hint: "As USD, EUR or JPY.", error: trouble?["currency_code"], isRequired: true)
            // An RDR case is decided by the network and never waits for an action.
            let isRDR = enrolment.type == .verifiRDR
            let statuses = AlertStatus.allCases.filter { !isRDR || $0 != .actionRequired }
            status = FormField(
                "status", "Status", error: trouble?["status"],
                choices: statuses.map {
                    Choice(
                        $0.rawValue, SetUpWords.alertStatus($0),
                        isChosen: $0.rawValue == typed?.status)
                })
            isMatched = typed?.isMatched ?? false
            details = TypedAlert.detailFields.map { field in
                FormField(
                    field.name, field.label, value: typed?.details[field.name], hint: field.hint,
                    error: trouble?[field.name])
            }
            isOpen = !(typed?.details.isEmpty ?? true)
        }
    }
}

extension EnrolmentStatus {
    /// Whether not even the simulation changes it any more.
    fileprivate var isFinal: Bool { self == .failed || self == .cancelled }
}

extension NetworkRequestKind {
    fileprivate var told: String {
        switch self {
        case .enrol: "asked to enrol"
        case .unenrol: "asked to end it"
        case .outcome: "told an outcome"
        case .publish: "sent the rules"
        }
    }
}

extension NetworkRequestState {
    fileprivate var told: String {
        switch self {
        case .waiting: "waiting for its answer"
        case .done: "taken"
        case .parked: "refused, the operator looks into it"
        case .cancelled: "not wanted any more"
        }
    }
}

extension CardNetwork {
    fileprivate var title: String {
        switch self {
        case .ethoca: "Ethoca"
        case .verifi: "Verifi"
        }
    }
}
