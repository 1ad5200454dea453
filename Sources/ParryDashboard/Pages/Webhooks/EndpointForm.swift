import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// What is typed into the form of an endpoint.
struct EndpointForm: Sendable {
    var url: String
    var organisation: String?
    var types: [String]
    var faults = EndpointFaults()

    /// Which request of the API it becomes.
    enum Purpose {
        case new
        case change
    }

    /// An empty form, with the types that the guide has.
    init(organisation: String?) {
        url = ""
        self.organisation = organisation
        types = EventType.ofGuide.map(\.rawValue)
    }

    init(_ form: FormFields) {
        url = form.text("url") ?? ""
        organisation = form.text("organisation_id")
        types = form.all("event_types")
    }

    init(_ endpoint: WebhookEndpoint) {
        url = endpoint.details.url
        organisation = endpoint.organisationID?.text
        types = endpoint.details.eventTypes.map(\.rawValue)
    }

    func members(of purpose: Purpose) -> [FormMember] {
        let details: [FormMember] = [("url", .text(url)), ("event_types", .list(types))]
        return purpose == .new ? details + [("organisation_id", .text(organisation))] : details
    }

    var urlField: FormField {
        FormField(
            "url", "URL", type: "url", value: url,
            hint:
                "Begins with https://. Answer 2xx within \(Limits.webhookDeadlineSeconds) seconds.",
            error: faults.url, isRequired: true)
    }

    var typesField: TypesField {
        TypesField(
            error: faults.types,
            choices: EventType.allCases.map { type in
                TypesField.Choice(
                    value: type.rawValue, sentence: type.sentence,
                    isChosen: types.contains(type.rawValue))
            })
    }
}

/// The check-boxes of event types.
struct TypesField: Sendable {
    let error: String?
    let choices: [Choice]

    /// One of them.
    struct Choice: Sendable {
        let value: String
        let sentence: String
        let isChosen: Bool
    }
}

/// What is wrong with the form of an endpoint.
struct EndpointFaults: Sendable {
    var url: String?
    var types: String?
    var organisation: String?
    var other: String?

    init() {}

    /// - Throws: What is none of the form's.
    init(of error: any Error) throws {
        switch error {
        case let errors as FormErrors:
            url = errors["url"]
            types =
                errors["event_types"] == nil
                ? nil : "Choose at least one event type, of those that are listed."
            organisation = errors["organisation_id"]
            let known = ["url", "event_types", "organisation_id"]
            let isOther = errors.fields.contains { error in
                !known.contains { error.field.hasPrefix($0) }
            }
            if isOther { other = errors.sentences.joined(separator: " ") }
            if types == nil, errors.fields.contains(where: { $0.field.hasPrefix("event_types") }) {
                types = "Choose of those that are listed."
            }
        case let refusal as WebhookURL.Refusal:
            url = refusal.rawValue.prefix(1).uppercased() + refusal.rawValue.dropFirst() + "."
        case WebhookError.adminGroupRequired:
            organisation =
                "Choose an organisation. An endpoint of the whole partner is made by its administrators."
        case let refusal as WebhookError where refusal == .tooManyEndpoints:
            other = refusal.sentence
        case let missing as NotFound where missing.resource == "organisation":
            organisation = "There is no such organisation in this account."
        default: throw error
        }
    }
}

/// The page with a new endpoint's form.
struct NewEndpointModel: Sendable {
    /// Organisations that a choice offers; of more the id is typed.
    private static let organisationsOfferedMax = 200

    let path: String
    let listPath: String
    let error: String?
    let url: FormField
    let types: TypesField
    /// A choice of few organisations.
    var organisation: FormField?
    /// The id of one of many.
    var organisationID: FormField?

    init(_ form: EndpointForm, _ visit: SeatVisit) async throws {
        path = visit.path("/webhooks")
        listPath = path
        error = form.faults.other
        url = form.urlField
        types = form.typesField
        guard visit.seat.owner.isPartnerLevel else { return }
        let listing = try await visit.base.site.services.organisations.list(
            page: Page(limit: Self.organisationsOfferedMax, offset: 0), by: visit.principal)
        if listing.count > Self.organisationsOfferedMax {
            organisationID = Self.typed(form, visit)
        } else {
            organisation = Self.chosen(form, listing.items, visit)
        }
    }

    private static func typed(_ form: EndpointForm, _ visit: SeatVisit) -> FormField {
        let isAdministrator = visit.isPartnerAdministrator
        return FormField(
            "organisation_id", "Organisation's id", value: form.organisation,
            hint: isAdministrator
                ? "org_…; leave it empty for the events of all organisations of the partner."
                : "org_…, as the page of the organisation shows it.",
            error: form.faults.organisation, isRequired: !isAdministrator)
    }

    private static func chosen(
        _ form: EndpointForm, _ organisations: [Organisation], _ visit: SeatVisit
    ) -> FormField {
        let first =
            visit.isPartnerAdministrator
            ? Choice("", "All organisations of the partner") : Choice("", "Choose one")
        let others = organisations.map {
            Choice($0.id.text, $0.name, isChosen: $0.id.text == form.organisation)
        }
        return FormField(
            "organisation_id", "Whose events", hint: "This cannot be changed later.",
            error: form.faults.organisation, isRequired: true, choices: [first] + others)
    }
}

extension SeatVisit {
    /// Whether what belongs to the whole partner is theirs.
    fileprivate var isPartnerAdministrator: Bool {
        if case .adminGroup = seat.owner { true } else { false }
    }
}
